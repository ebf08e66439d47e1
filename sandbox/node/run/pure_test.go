package run

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestExpand(t *testing.T) {
	variables := map[string]string{"A": "a", "EMPTY": "", "REF": "$(A)"}
	for text, want := range map[string]string{
		"": "", "plain": "plain", "$(A)": "a", "x$(A)y$(A)": "xaya", "g/$(EMPTY)": "g/", "$$(A)": "$(A)", "$$$(A)": "$a",
		"$(NONE)": "$(NONE)", "$(A": "$(A", "$": "$", "$A": "$A", "$(REF)": "$(A)", "$()": "$()",
	} {
		got, missing := expand(text, variables)
		require.Equal(t, want, got, text)
		require.Equal(t, strings.Contains(text, "NONE") || text == "$()", len(missing) > 0, text)
	}
}

func TestPaths(t *testing.T) {
	p := newPaths(map[string]string{"/v": "/here/v", "/v/sub/": "/here/sub", "/app": "/backstage"})
	for value, want := range map[string]string{
		"/v": "/here/v", "/v/x": "/here/v/x", "/vx": "/vx", "/v/sub": "/here/sub", "/v/sub/y": "/here/sub/y", "/v/submarine": "/here/v/submarine",
		"/app/a:/v/b:/c": "/backstage/a:/here/v/b:/c", `"/v/q"`: `"/here/v/q"`, `"/w"`: `"/w"`, "v": "v", "http://x/v": "http://x/v", "": "", "--x=/v": "--x=/v",
	} {
		require.Equal(t, want, p.value(value), value)
	}
	require.Equal(t, "--x=/here/v/y", p.argument("--x=/v/y"))
	require.Equal(t, "x=/v/y", p.argument("x=/v/y"))
}

func TestProgramsTake(t *testing.T) {
	pod := func(image, needs string) *corev1.Pod {
		return &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{Needs: needs}},
			Spec:       corev1.PodSpec{Containers: []corev1.Container{{Image: "x/other"}, {Image: image}}},
		}
	}
	installed := Known{Installer: []string{"i"}, Backstage: "/b"}.Programs()
	without := Known{Installer: []string{"i"}}.Programs()
	for image, known := range map[string]bool{
		"plugin-installer": true, "r:5000/a/plugin-installer:v1": true, "a/plugin-installer@sha256:0": true,
		"a/plugin-installer/other": false, "a/not-plugin-installer": false, "plugin-installers": false,
	} {
		require.Equal(t, known, installed.Take(pod(image, "")), image)
		require.Equal(t, known, without.Take(pod(image, "")), image)
		require.Equal(t, known, installed.Take(pod(image, NeedsBackstage)), image)
		require.False(t, without.Take(pod(image, NeedsBackstage)), image)
	}
	require.True(t, installed.Take(pod("a/plugin-loader", "")))
	require.False(t, without.Take(pod("a/backstage-backend", "")))
	require.Equal(t, map[string]string{"APP_CONFIG_backend_listen": `"127.64.0.1:7008"`, "PLUGIN_PROBE_LISTEN": "127.64.0.1:7011"},
		installed[Loader].Variables("127.64.0.1"))
}

func TestLogKeepsWhatIsAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, err := newLog(path)
	require.NoError(t, err)
	fmt.Fprint(log, "one\ntw")
	fmt.Fprint(log, "o\n", strings.Repeat("x", lineLimit+1), "\nend")
	require.NoError(t, log.Close())
	read := func(o corev1.PodLogOptions) string {
		var b bytes.Buffer
		if err := copyLog(t.Context(), &b, path, o, nil); err != nil {
			require.ErrorIs(t, err, errFull)
		}
		return b.String()
	}
	long := strings.Repeat("x", lineLimit) + "\nx\n"
	require.True(t, "one\ntwo\n"+long+"end\n" == read(corev1.PodLogOptions{}), "all of it, long lines broken") //nolint:testifylint // too long to show
	n := func(n int64) *int64 { return &n }
	require.Equal(t, "x\nend\n", read(corev1.PodLogOptions{TailLines: n(2)}))
	require.Empty(t, read(corev1.PodLogOptions{TailLines: n(0)}))
	require.Equal(t, "one\nt", read(corev1.PodLogOptions{LimitBytes: n(5)}))
	later := metav1.NewTime(time.Now().Add(time.Minute))
	require.Empty(t, read(corev1.PodLogOptions{SinceTime: &later}))
	require.NotEmpty(t, read(corev1.PodLogOptions{SinceSeconds: n(60)}))
	require.Len(t, read(corev1.PodLogOptions{TailLines: n(99)}), len(long)+12, "there are fewer")
	require.Len(t, lastLines(path), 2048)

	again, err := newLog(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, again.Close()) })
	_, err = os.Stat(previous(path))
	require.NoError(t, err, "the one before is kept")
	line := bytes.Repeat([]byte("y"), 1023)
	for range 11 << 10 {
		_, err := again.Write(append(line, '\n'))
		require.NoError(t, err)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(logLimit+lineLimit), "it is bounded")
}

func TestFollowEndsWithTheContainerOrTheCaller(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	log, err := newLog(path)
	require.NoError(t, err)
	ended := make(chan struct{})
	var b bytes.Buffer
	done := make(chan error)
	go func() { done <- copyLog(context.Background(), &b, path, corev1.PodLogOptions{Follow: true}, ended) }()
	fmt.Fprint(log, "said\nlast")
	require.NoError(t, log.Close())
	close(ended)
	require.NoError(t, <-done)
	require.Equal(t, "said\nlast\n", b.String())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, copyLog(ctx, &b, path, corev1.PodLogOptions{Follow: true}, nil))
}

func TestParseOptions(t *testing.T) {
	query, err := url.ParseQuery("follow=true&previous=false&tailLines=3&sinceTime=2026-01-02T03:04:05Z")
	require.NoError(t, err)
	o, err := parseOptions(query)
	require.NoError(t, err)
	require.True(t, o.Follow)
	require.EqualValues(t, 3, *o.TailLines)
	require.Equal(t, 2026, o.SinceTime.Year())
	for _, wrong := range []string{"follow=x", "tailLines=-1", "limitBytes=x", "sinceTime=x"} {
		query, err := url.ParseQuery(wrong)
		require.NoError(t, err)
		_, err = parseOptions(query)
		require.Error(t, err, wrong)
	}
}

func TestFields(t *testing.T) {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: "p", Namespace: "s", UID: "u", Labels: map[string]string{"b": "2", "a": `"`}, Annotations: map[string]string{"x/y": "z"},
	}}
	for path, want := range map[string]string{
		"metadata.name": "p", "metadata.uid": "u", "metadata.annotations['x/y']": "z", "metadata.labels['none']": "",
		"metadata.labels": "a=\"\\\"\"\nb=\"2\"", "status.hostIP": "192.0.2.1", "status.podIP": Address("u").String(),
	} {
		got, err := field(pod, path, "192.0.2.1")
		require.NoError(t, err)
		require.Equal(t, want, got, path)
	}
	_, err := field(pod, "spec.other", "")
	require.Error(t, err)
	local, ok := Loopback(Address("u"))
	require.True(t, ok)
	require.True(t, local.IsLoopback())
	_, ok = Loopback(local)
	require.False(t, ok)
}

func TestServiceNames(t *testing.T) {
	for host, want := range map[string]bool{
		"a.b.svc": true, "a.b.svc.cluster.local": true, "a.b.svc.cluster.local.": true, "a.b": false, "registry.example.test": false, "a.svc": false, "x.a.b.svc": false,
	} {
		_, _, ok := service(host)
		require.Equal(t, want, ok, host)
		require.Equal(t, want, inside(host), host)
	}
	require.True(t, inside("100.64.1.2"))
	require.False(t, inside("10.0.0.1"))
}

// A process trusts whom the machine does, whatever its pod says, and nobody where the
// machine says nothing.
func TestProcessesTrustWhomTheMachineTrusts(t *testing.T) {
	t.Setenv("SSL_CERT_FILE", "/machine.pem")
	t.Setenv("SSL_CERT_DIR", "")
	require.NoError(t, os.Unsetenv("SSL_CERT_DIR"))
	h := &Host{Options: Options{Dir: t.TempDir(), Programs: Programs{Installer: {Argv: []string{"true"}}}}}
	p := newPod(h, &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Name: "c", Image: Installer, Env: []corev1.EnvVar{{Name: "SSL_CERT_FILE", Value: "/pod.pem"}}},
	}}}, "192.0.2.1")
	started, err := p.invocation(p.object, p.main[0])
	require.NoError(t, err)
	require.Contains(t, started.env, "SSL_CERT_FILE=/machine.pem")
	require.NotContains(t, strings.Join(started.env, "\n"), "SSL_CERT_DIR")
}
