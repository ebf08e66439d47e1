package install_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/install"
	"gatehouse/plugins/npm/npmtest"
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
	require.Equal(t, install.Proved, s.shown.last().Phase)
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

func TestAPluginThatDoesNotLoadIsRolledBack(t *testing.T) {
	s := newScene(t)
	good, bad := s.publish("good", "1.0.0"), s.publish("bad", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.portal.broken = []string{"bad"}
	err := s.up(set(bad, good))
	require.ErrorContains(t, err, "bad@1.0.0 did not load: Error: no. The portal is back on generation 1-")
	require.Equal(t, install.ExitRefused, install.ExitCode(err))
	require.Equal(t, 1, s.portal.loaded.Number())
	last := s.shown.last()
	require.Equal(t, install.RolledBack, last.Phase)
	require.Contains(t, last.Failure, "bad@1.0.0 did not load")
	require.Equal(t, 2, last.Failed.Number())
	require.Equal(t, []install.Plugin{good}, s.shown.set.Plugins, "what is proved stays")
	require.Equal(t, []string{
		"verify good@1.0.0 succeeded", "prove 1 succeeded", "install good@1.0.0 succeeded",
		"verify bad@1.0.0 succeeded", "verify good@1.0.0 succeeded", "prove 2 failed", "rollback 1 succeeded",
	}, s.history())

	require.ErrorContains(t, s.up(set(bad, good)), "back on generation 1-")
	switched := len(s.portal.switched)
	err = s.up(set(bad, good))
	require.ErrorContains(t, err, "has failed 2 times in a row and is not tried again: it is not proved: bad@1.0.0 did not load")
	require.Len(t, s.portal.switched, switched, "the portal is left alone")

	s.portal.broken = nil
	again := set(bad, good)
	again.Workload = "backstage:2"
	require.NoError(t, s.up(again), "in another portal it may")
	require.Equal(t, 2, s.portal.loaded.Number())
}

func TestTwoFailuresInARowStop(t *testing.T) {
	s := newScene(t)
	good, bad := s.publish("good", "1.0.0"), s.publish("bad", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.portal.broken = []string{"bad", "good"}
	err := s.up(set(bad, good))
	require.ErrorContains(t, err, "Going back to generation 1-")
	require.ErrorContains(t, err, "failed too")
	require.Equal(t, install.Stopped, s.shown.last().Phase)
	require.Len(t, s.portal.switched, 3, "to the new one, and back, and no further")
	require.Contains(t, s.history(), "rollback 1 failed")
}

func TestTheFirstPluginThatFailsLeavesNone(t *testing.T) {
	s := newScene(t)
	bad := s.publish("bad", "1.0.0")
	s.portal.broken = []string{"bad"}
	require.ErrorContains(t, s.up(set(bad)), "The portal is back on generation 2-")
	g, err := generation.Open(s.Store).Get(s.portal.loaded)
	require.NoError(t, err)
	require.Empty(t, g.Plugins)
}

// An outcome that is not known rolls nothing back; the next try goes on.
func TestWhatIsNotKnownIsTriedAgain(t *testing.T) {
	s := newScene(t)
	good, next := s.publish("good", "1.0.0"), s.publish("next", "1.0.0")
	require.NoError(t, s.up(set(good)))
	s.portal.err = errors.New("the API server does not answer")
	err := s.up(set(good, next))
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))
	require.Equal(t, 2, s.portal.loaded.Number())
	s.portal.err = nil
	require.NoError(t, s.Activate(t.Context(), set(good, next)))
	require.Equal(t, "install next@1.0.0 succeeded", s.history()[len(s.history())-1])

	s.Patience = time.Nanosecond
	s.portal.err = context.DeadlineExceeded
	require.ErrorContains(t, s.up(set(next)), "it did not start within 1ns")
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

// A plugin that is built in comes with an image, by its digest, and goes with it.
func TestRebuild(t *testing.T) {
	s := newScene(t)
	inside := s.publish("inside", "1.0.0")
	inside.Strategy = plugins.Rebuild
	with := func(p install.Plugin) install.SetRequest {
		r := set(p)
		r.Build = &install.BuildRequest{Plugins: []install.Plugin{p}, Base: "1.0.0", Environment: "test", Container: "backstage"}
		return r
	}
	r := with(inside)
	s.Images = built{}
	err := s.up(r)
	require.ErrorContains(t, err, "find the image that the plugins were built into: no image has the tag plugins-")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))

	s.Images = built{"1.0.0": "repository@sha256:base", r.Build.Tag(): "repository@sha256:bad"}
	s.portal.bad = "repository@sha256:bad"
	require.ErrorContains(t, s.up(r), "the image does not start")
	require.Equal(t, "repository@sha256:base", s.portal.image)

	newer := s.publish("inside", "1.1.0")
	newer.Strategy = plugins.Rebuild
	r = with(newer)
	s.Images = built{"1.0.0": "repository@sha256:base", r.Build.Tag(): "repository@sha256:good"}
	require.NoError(t, s.up(r))
	require.Equal(t, "repository@sha256:good", s.portal.image)
	require.Equal(t, "install inside@1.1.0 succeeded", s.history()[len(s.history())-1])
	listed, err := s.Store.List()
	require.NoError(t, err)
	require.Empty(t, listed, "it is judged and not unpacked")

	last := s.publish("inside", "1.2.0")
	last.Strategy = plugins.Rebuild
	r = with(last)
	s.Images = built{"1.0.0": "repository@sha256:base", r.Build.Tag(): "repository@sha256:bad"}
	require.ErrorContains(t, s.up(r), "The portal is back on")
	require.Equal(t, "repository@sha256:good", s.portal.image, "the last good image, not the base")

	text, err := install.Encode(*r.Build)
	require.NoError(t, err)
	again, err := install.ParseBuild(text)
	require.NoError(t, err)
	require.Equal(t, *r.Build, again)
	for _, wrong := range []string{"", `{"plugins":[],"base":"1","environment":"e","container":"c"}`, `{"plugins":[{"name":"a","version":"1.0.0","strategy":"rebuild"}]}`} {
		_, err := install.ParseBuild(wrong)
		require.Error(t, err)
	}
}

// The pods have the image by its tag before anybody here is asked; what runs well is
// remembered by its digest, which is what the portal goes back to.
func TestImagesGoBackAndForth(t *testing.T) {
	s := newScene(t)
	images := built{"1.0.0": "repository@sha256:base"}
	s.Images = images
	with := func(version, digest string) install.SetRequest {
		p := s.publish("inside", version)
		p.Strategy = plugins.Rebuild
		r := set(p)
		r.Build = &install.BuildRequest{Plugins: []install.Plugin{p}, Base: "1.0.0", Environment: "test", Container: "backstage"}
		images[r.Build.Tag()] = digest
		s.portal.image = "repository:" + r.Build.Tag()
		return r
	}
	first := with("1.0.0", "repository@sha256:good")
	deployed := s.portal.image
	require.NoError(t, s.up(first))
	require.Equal(t, deployed, s.portal.image, "no second rollout of the same")

	second := with("1.1.0", "repository@sha256:bad")
	s.portal.bad = "repository@sha256:bad"
	require.ErrorContains(t, s.up(second), "The portal is back on")
	require.Equal(t, "repository@sha256:good", s.portal.image, "by the digest that was proved")
	require.ErrorContains(t, s.Activate(t.Context(), second), "The portal is back on")
	require.Equal(t, "repository@sha256:good", s.portal.image)
	require.ErrorContains(t, s.Activate(t.Context(), second), "has failed 2 times in a row")
	require.Equal(t, "repository@sha256:good", s.portal.image, "the portal is left alone")

	// Somebody changes a variable, and with it the pods have the bad image again.
	s.portal.image = "repository:" + second.Build.Tag()
	second.Workload = "backstage:1, and a variable"
	require.ErrorContains(t, s.Activate(t.Context(), second), "The portal is back on", "another portal is tried, and so goes back")
	require.Equal(t, "repository@sha256:good", s.portal.image)

	s.portal.bad = ""
	second.Workload = "backstage:1, and what was missing"
	require.NoError(t, s.Activate(t.Context(), second))
	require.Equal(t, "repository@sha256:bad", s.portal.image, "it has something else: it is switched by the digest")

	// Without the plugin, the plain image is there; when that fails, the built one comes back.
	s.portal.image = "repository:1.0.0"
	s.portal.broken = []string{"other"}
	err := s.up(set(s.publish("other", "1.0.0")))
	require.ErrorContains(t, err, "The portal is back on")
	require.Equal(t, "repository@sha256:bad", s.portal.image)
}

func TestRequests(t *testing.T) {
	s := newScene(t)
	p := s.publish("one", "1.0.0")
	p.AppConfig = "a: <b>\n"
	stage := install.StageRequest{Plugin: p, Policy: "limits: {files: 7}", Host: gate.Host{Packages: map[string]string{"a": "1.0.0"}}}
	text, err := install.Encode(stage)
	require.NoError(t, err)
	require.Contains(t, text, "<b>")
	again, err := install.ParseStage(text)
	require.NoError(t, err)
	require.Equal(t, stage, again)
	both, err := install.Encode(set(p))
	require.NoError(t, err)
	parsed, err := install.ParseSet(both)
	require.NoError(t, err)
	require.Equal(t, set(p), parsed)
	twice, err := install.Encode(set(p, p))
	require.NoError(t, err)
	_, err = install.ParseSet(twice)
	require.ErrorContains(t, err, "plugin one is there twice")
	for _, wrong := range []string{"", "{}", text + "{}", `{"plugins":[],"keep":0}`, `{"plugins":[{"name":"a","version":"1.x","strategy":"dynamic"}],"keep":1}`, `{"plugins":[{"name":"a","version":"1.0.0","strategy":"magic"}],"keep":1}`, `{"keep":1,"unknown":1}`} {
		_, err := install.ParseSet(wrong)
		require.Error(t, err, wrong)
	}
	require.NotEqual(t, install.Hash("a", "bc"), install.Hash("ab", "c"))
	require.Regexp(t, "^[0-9a-f]{10}$", install.Hash("a"))
}
