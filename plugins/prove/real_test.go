package prove_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/prove/provetest"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
)

func TestExactlyTheSetIsProved(t *testing.T) {
	t.Parallel()
	s := assemble(t,
		member{Package: provetest.Package("@acme/plugin-a", "1.2.0", provetest.NeedsConfig("acme.greeting")), config: "acme:\n  greeting: hello\n"},
		member{Package: provetest.Package("b", "2.0.0-rc.1")},
	)
	r := start(t, s)
	l := r.loaded(started)
	require.Empty(t, prove.Compare(s.want, string(s.generation), l))
	require.NoError(t, r.healthy())
	require.Equal(t, "1.55.0", l.Backstage)
	require.NotEmpty(t, l.Node)

	var answer map[string]string
	require.NoError(t, json.Unmarshal(r.get(t, r.http, "/api/plugin-a/version"), &answer))
	require.Equal(t, map[string]string{"name": "@acme/plugin-a", "version": "1.2.0", "config": "hello"}, answer)

	found, err := prove.Packages(t.Context(), nil, r.probe, []string{"@backstage/backend-defaults", "@acme/plugin-a", "b"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"@backstage/backend-defaults": "0.18.0"}, found, "what is in its image, not on the volume")

	// The same Backstage proves nothing else.
	other := []plugins.Ref{{Name: "@acme/plugin-a", Version: "1.2.1"}, {Name: "c", Version: "1.0.0"}}
	var kinds []prove.Kind
	for _, p := range prove.Compare(other, "9-"+s.generation.Short(), l) {
		kinds = append(kinds, p.Kind)
	}
	require.Equal(t, []prove.Kind{prove.OtherGeneration, prove.Missing, prove.OtherVersion, prove.Unexpected}, kinds)

	require.Zero(t, r.terminate(), "SIGTERM ends it well")
}

func TestAThrowAtRequireIsSeenThoughBackstageIsHealthy(t *testing.T) {
	t.Parallel()
	s := assemble(t,
		member{Package: provetest.Package("bad", "1.0.0", provetest.ThrowsAtRequire("no such thing"))},
		member{Package: provetest.Package("good", "1.0.0")},
	)
	r := start(t, s)
	l := r.loaded(started)
	require.NoError(t, r.healthy())
	require.Equal(t, []prove.Problem{{prove.Failed, "bad", "Backstage could not load bad@1.0.0: Error: no such thing"}},
		prove.Compare(s.want, string(s.generation), l))
	require.Zero(t, r.metric(t, "gatehouse_plugin_loaded", "bad", ""))
	require.InDelta(t, 1, r.metric(t, "gatehouse_plugin_loaded", "good", ""), 0)
}

// What a plugin does at its start ends this Backstage: nobody answers, and the log
// has the reason.
func TestAFailedStartEndsBackstage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		members []member
		reason  string
	}{
		"throw in init": {[]member{{Package: provetest.Package("bad", "1.0.0", provetest.ThrowsInInit("no such thing"))}}, "no such thing"},
		"one ID": {[]member{
			{Package: provetest.Package("a", "1.0.0", provetest.WithID("same"))},
			{Package: provetest.Package("b", "1.0.0", provetest.WithID("same"))},
		}, "Plugin 'same' is already registered"},
		"no config": {[]member{{Package: provetest.Package("a", "1.0.0", provetest.NeedsConfig("acme.greeting"))}}, "acme.greeting"},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, assemble(t, test.members...))
			require.Equal(t, 1, r.exit())
			require.Contains(t, r.said(), test.reason)
			_, err := prove.Ask(t.Context(), nil, r.probe)
			require.Error(t, err)
			require.NotErrorIs(t, err, prove.ErrAnswer, "it is not known what is loaded")
			err = r.healthy()
			require.Error(t, err)
			require.NotErrorIs(t, err, prove.ErrNotReady)
		})
	}
}

// The program of Backstage's template goes on when the start has failed: it is never
// ready, and the probe has the reason.
func TestAFailedStartThatBackstageSurvives(t *testing.T) {
	t.Parallel()
	at := folder(t)
	template, err := filepath.Abs(filepath.Join("testdata", "template.js"))
	require.NoError(t, err)
	s := assemble(t, member{Package: provetest.Package("bad", "1.0.0", provetest.ThrowsInInit("no such thing"))})
	r := run(t, at, template, s, keyStore(t))
	l := r.loaded(func(l prove.Loaded) bool { return l.Failure != "" })
	problems := prove.Compare(s.want, string(s.generation), l)
	require.Len(t, problems, 1)
	require.Equal(t, prove.StartFailed, problems[0].Kind)
	require.Contains(t, problems[0].Text, "no such thing")
	require.ErrorIs(t, r.healthy(), prove.ErrNotReady)
}

func TestAStartThatTakesLong(t *testing.T) {
	t.Parallel()
	now := filepath.Join(t.TempDir(), "now")
	s := assemble(t, member{Package: provetest.Package("slow", "1.0.0", provetest.StartsWhen(now))})
	r := start(t, s)
	l := r.loaded(func(prove.Loaded) bool { return true })
	problems := prove.Compare(s.want, string(s.generation), l)
	require.Len(t, problems, 1)
	require.Equal(t, prove.NotStarted, problems[0].Kind)
	require.ErrorIs(t, r.healthy(), prove.ErrNotReady)

	require.NoError(t, os.WriteFile(now, nil, 0o600))
	require.Empty(t, prove.Compare(s.want, string(s.generation), r.loaded(started)))
	r.until(func() bool { return r.healthy() == nil })
}

func TestAPluginThatMayFailIsUnprovable(t *testing.T) {
	t.Parallel()
	s := assemble(t,
		member{Package: provetest.Package("bad", "1.0.0", provetest.ThrowsInInit("no such thing"))},
		member{Package: provetest.Package("good", "1.0.0")},
	)
	r := start(t, s, `APP_CONFIG_backend_startup_plugins_bad_onPluginBootFailure=continue`)
	l := r.loaded(started)
	require.NoError(t, r.healthy(), "so little does readiness prove")
	problems := prove.Compare(s.want, string(s.generation), l)
	require.Len(t, problems, 1)
	require.Equal(t, prove.Unprovable, problems[0].Kind)
	require.Equal(t, "bad", problems[0].Plugin)
}

// A pod that knows of no generation yet has the probe alone.
func TestBeforeTheFirstGeneration(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	opened, err := store.Open(at, volume.Options{})
	require.NoError(t, err)
	require.NoError(t, generation.Open(opened).Bootstrap(t.Context(), []generation.Extra{prove.Probe()}))
	require.NoError(t, opened.Close())
	r := start(t, set{root: filepath.Join(at, "generations", "plugins"), config: filepath.Join(at, "generations", "app-config.yaml")})
	require.Empty(t, prove.Compare(nil, "", r.loaded(started)))
}

func TestTheProbeHarmsNobody(t *testing.T) {
	t.Parallel()
	s := assemble(t, member{Package: provetest.Package("good", "1.0.0")})

	t.Run("its port is another's", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		other := &http.Server{Handler: http.NotFoundHandler()} //nolint:gosec // on the loopback
		go func() { _ = other.Serve(listener) }()
		t.Cleanup(func() { _ = other.Close() })
		address := listener.Addr().String()

		r := start(t, s, "PLUGIN_PROBE_LISTEN="+address)
		r.until(func() bool { return r.healthy() == nil })
		_, err = prove.Ask(t.Context(), nil, address)
		require.ErrorIs(t, err, prove.ErrAnswer)
		require.Contains(t, r.said(), "tries again until it can")

		require.NoError(t, other.Close())
		r.probe = address
		require.Empty(t, prove.Compare(s.want, string(s.generation), r.loaded(started)))
	})
	t.Run("its address is none", func(t *testing.T) {
		r := start(t, s, "PLUGIN_PROBE_LISTEN=nowhere")
		r.until(func() bool { return r.healthy() == nil })
		require.Contains(t, r.said(), "PLUGIN_PROBE_LISTEN is no address: nowhere")
	})
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := assemble(t, member{Package: provetest.Package("@acme/plugin-a", "1.0.0")})
	r := start(t, s)
	r.loaded(started)
	const name = "@acme/plugin-a"
	for _, path := range []string{"/api/plugin-a/version", "/api/plugin-a/broken?x=1", "/api/plugin-a/reject", "/api/plugin-b/version"} {
		r.get(t, r.http, path)
	}
	// The count is there once the answer has ended, which the client need not wait for.
	r.until(func() bool { return r.metric(t, "gatehouse_plugin_requests_total", name, "") == 3 })
	require.InDelta(t, 1, r.metric(t, "gatehouse_plugin_errors_total", name, "answer"), 0)
	require.InDelta(t, 1, r.metric(t, "gatehouse_plugin_errors_total", name, "uncaught"), 0)
	require.Positive(t, r.metric(t, "gatehouse_plugin_request_seconds_total", name, ""))
	require.Positive(t, r.metric(t, "gatehouse_plugin_start_seconds", "", ""))
	require.Positive(t, r.metric(t, "process_resident_memory_bytes", "", ""))
	require.Positive(t, r.metric(t, "process_cpu_seconds_total", "", ""))
	require.InDelta(t, 1, r.metric(t, "gatehouse_plugin_info", name, ""), 0)
	require.InDelta(t, 1, r.metric(t, "gatehouse_plugin_generation_info", "", ""), 0)

	size := int64(0)
	require.NoError(t, filepath.WalkDir(filepath.Join(s.root, store.Slug(name)), func(_ string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		size += info.Size()
		return err
	}))
	require.InDelta(t, size, r.metric(t, "gatehouse_plugin_files_bytes", name, ""), 0)
}

// get is the body of an answer, whatever its status is.
func (r *running) get(t testing.TB, address, path string) []byte {
	t.Helper()
	response, err := http.Get("http://" + address + path)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return text
}

// metric is the value for a plugin and kind, "" where the metric has no such label;
// -1 when there is none.
func (r *running) metric(t testing.TB, name, plugin, kind string) float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(r.get(t, r.probe, "/metrics")))
	require.NoError(t, err)
	for _, m := range families[name].GetMetric() {
		labels := map[string]string{}
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		if labels["plugin"] == plugin && labels["kind"] == kind {
			return m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return -1
}
