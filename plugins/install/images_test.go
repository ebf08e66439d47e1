package install_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
)

// inside is a set of one plugin that is built in.
func (s *scene) inside(version string) install.SetRequest {
	s.t.Helper()
	p := s.publish("inside", version)
	p.Strategy = plugins.Rebuild
	r := set(p)
	r.Build = &install.BuildRequest{Plugins: r.Plugins, Base: "1.0.0", Environment: "test", Container: "backstage"}
	return r
}

// A plugin that is built in comes with an image, by its digest, and goes with it.
func TestRebuild(t *testing.T) {
	s := newScene(t)
	r := s.inside("1.0.0")
	s.Images = built{}
	err := s.up(r)
	require.ErrorContains(t, err, "find the image that the plugins were built into: no image has the tag plugins-")
	require.Equal(t, install.ExitUnavailable, install.ExitCode(err))

	s.Images = built{"1.0.0": "repository@sha256:base", r.Build.Tag(): "repository@sha256:bad"}
	s.portal.bad = "repository@sha256:bad"
	require.ErrorContains(t, s.up(r), "the image does not start")
	require.Equal(t, "repository@sha256:base", s.portal.image)

	r = s.inside("1.1.0")
	s.Images = built{"1.0.0": "repository@sha256:base", r.Build.Tag(): "repository@sha256:good"}
	require.NoError(t, s.up(r))
	require.Equal(t, "repository@sha256:good", s.portal.image)
	require.Equal(t, "install inside@1.1.0 succeeded", s.history()[len(s.history())-1])
	listed, err := s.Store.List()
	require.NoError(t, err)
	require.Empty(t, listed, "it is judged and not unpacked")

	r = s.inside("1.2.0")
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
		r := s.inside(version)
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
