package install_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm/npmtest"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
)

func TestInstallUpgradeUninstall(t *testing.T) {
	s := newScene(t)
	one, two, other := s.publish("one", "1.0.0"), s.publish("one", "1.1.0"), s.publish("other", "1.0.0")
	require.NoError(t, s.up(set(one)))
	require.NoError(t, s.up(set(two, other)))
	require.NoError(t, s.up(set(other)))
	require.NoError(t, s.up(set()))
	require.Equal(t, []string{
		"verify one@1.0.0 succeeded", "prove 1 succeeded", "install one@1.0.0 succeeded",
		"verify one@1.1.0 succeeded", "verify other@1.0.0 succeeded", "prove 2 succeeded", "upgrade one@1.1.0 succeeded", "install other@1.0.0 succeeded",
		"verify other@1.0.0 succeeded", "prove 3 succeeded", "uninstall one@1.1.0 succeeded",
		"prove 4 succeeded", "uninstall other@1.0.0 succeeded",
	}, s.history())
	require.Equal(t, status.Proved, s.shown.last().Phase)
	require.Len(t, s.portal.switched, 4)

	require.NoError(t, s.up(set(one)), "what was there before")
	require.Equal(t, 1, s.portal.loaded.Number(), "is the very same folder")
}

func TestTheSecondTimeTheRegistryIsAskedForNothing(t *testing.T) {
	s := newScene(t)
	p := s.publish("one", "1.0.0")
	require.NoError(t, s.up(set(p)))
	before := len(s.registry.Requests())
	require.NoError(t, os.RemoveAll(filepath.Join(s.dir, "store")))
	require.NoError(t, s.stage(p, ""))
	require.Len(t, s.registry.Requests(), before)

	s.Sources.Answers.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	require.NoError(t, s.stage(p, ""))
	require.Greater(t, len(s.registry.Requests()), before, "an old answer does not count")

	s.Sources.Answers.Now = time.Now
	path := filepath.Join(s.dir, "answers", "one@1.0.0.json")
	for _, damage := range []string{"{", `{"ref":{"name":"two","version":"1.0.0"}}`} {
		require.NoError(t, os.WriteFile(path, []byte(damage), 0o600))
		before = len(s.registry.Requests())
		require.NoError(t, s.stage(p, ""))
		require.Greater(t, len(s.registry.Requests()), before)
	}
}

func TestTheGateRefuses(t *testing.T) {
	s := newScene(t)
	forged := s.publish("forged", "1.0.0", npmtest.WrongSignature(s.key))
	wrong := s.publish("wrong", "1.0.0")
	wrong.Integrity = forged.Integrity
	vulnerable := s.publish("vulnerable", "1.0.0")
	absent := install.Plugin{Ref: plugins.Ref{Name: "absent", Version: "1.0.0"}, Integrity: wrong.Integrity, Strategy: plugins.Dynamic}
	for _, c := range []struct {
		plugin install.Plugin
		reason string
	}{
		{forged, "signature: "}, {wrong, "integrity: "}, {vulnerable, "vulnerable@1.0.0 has GHSA-1 (high)"}, {absent, "exists: "},
	} {
		err := s.stage(c.plugin, "")
		var refused *install.RefusedError
		require.ErrorAs(t, err, &refused)
		require.ErrorContains(t, err, c.reason)
		require.Equal(t, install.ExitRefused, install.ExitCode(err))
		listed, err := s.Store.List()
		require.NoError(t, err)
		require.Empty(t, listed, "nothing is unpacked")
	}
	require.Equal(t, []string{"refuse forged@1.0.0 refused", "refuse wrong@1.0.0 refused", "refuse vulnerable@1.0.0 refused", "refuse absent@1.0.0 refused"}, s.history())

	unsigned := s.publish("unsigned", "1.0.0", npmtest.Unsigned)
	require.ErrorContains(t, s.stage(unsigned, ""), "signature: ")
	require.NoError(t, s.stage(unsigned, `plugins: {unsigned: {accept: [{step: signature, id: unsigned, reason: "our mirror does not sign", expires: 2999-01-01}]}}`))
	records, _, err := trail.Load(t.Context(), s.Trail)
	require.NoError(t, err)
	require.Contains(t, records[len(records)-1].Exceptions[0].Reason, "our mirror does not sign")
	require.Equal(t, "signature", records[len(records)-1].Exceptions[0].Step)
}

// What cannot be known now is no refusal: a Job tries again.
func TestAnAbsentRegistryIsNoRefusal(t *testing.T) {
	s := newScene(t)
	p := s.publish("one", "1.0.0")
	s.registry.Fault(npmtest.DocumentPath("one"), npmtest.Failing(1000, http.StatusBadGateway))
	err := s.stage(p, "")
	require.Error(t, err)
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.Empty(t, s.history())

	require.Equal(t, install.ExitInvalid, install.ExitCode(s.stage(p, "licences: 7")))
	p.Integrity = plugins.Integrity{}
	require.Equal(t, install.ExitInvalid, install.ExitCode(s.stage(p, "")))
	_, err = s.Assemble(t.Context(), set(install.Plugin{Ref: p.Ref, Integrity: s.publish("two", "1.0.0").Integrity, Strategy: plugins.Dynamic}))
	require.ErrorContains(t, err, "one@1.0.0 is not staged")
	require.Equal(t, install.ExitInvalid, install.ExitCode(err))
}

func TestInstallOneByHand(t *testing.T) {
	s := newScene(t)
	good, more := s.publish("good", "1.0.0"), s.publish("more", "1.0.0")
	require.NoError(t, s.up(set(good)))
	r := install.MaintainRequest{Set: set(good), Host: s.host}
	require.NoError(t, s.InstallOne(t.Context(), r, more.Ref))
	require.Equal(t, []install.Plugin{good, more}, s.shown.set.Plugins)
	newer := s.publish("good", "1.1.0")
	require.NoError(t, s.InstallOne(t.Context(), r, newer.Ref))
	require.Equal(t, []install.Plugin{newer, more}, s.shown.set.Plugins, "what was installed by hand before stays")

	err := s.InstallOne(t.Context(), r, plugins.Ref{Name: "absent", Version: "1.0.0"})
	require.Equal(t, install.ExitRefused, install.ExitCode(err))
	err = s.InstallOne(t.Context(), r, plugins.Ref{Name: "good", Version: "latest"})
	require.Equal(t, install.ExitInvalid, install.ExitCode(err))
}

func TestMaintain(t *testing.T) {
	s := newScene(t)
	good := s.publish("good", "1.0.0")
	require.NoError(t, s.up(set(good)))
	r := install.MaintainRequest{Set: set(good)}
	require.NoError(t, s.Maintain(t.Context(), r))
	file := filepath.Join(s.dir, s.portal.loaded.Root(generation.Portal), "good", "package.json")
	require.NoError(t, os.Chmod(file, 0o600))
	require.NoError(t, os.WriteFile(file, []byte("evil"), 0o600))
	err := s.Maintain(t.Context(), r)
	require.Equal(t, install.ExitRefused, install.ExitCode(err))
	require.ErrorContains(t, err, "package.json")
	require.Equal(t, "fail 1 failed", s.history()[len(s.history())-1])
}
