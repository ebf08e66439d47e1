package pipeline_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/pipeline"
	"gatehouse/plugins/pipeline/pipelinetest"
)

func TestBuild(t *testing.T) {
	one, two := pipelinetest.Plugin("one"), pipelinetest.Plugin("@acme/two")
	build := func(all []pipeline.Plugin, rest ...string) pipeline.Build {
		b, err := pipeline.NewBuild(all, rest[0], rest[1], rest[2], rest[3])
		require.NoError(t, err)
		return b
	}
	b := build([]pipeline.Plugin{one, two}, "image", "production", "t1", "a")
	require.Equal(t, b, build([]pipeline.Plugin{two, one}, "image", "production", "t1", "a"), "in any order")
	require.Len(t, b.Token(), 32)
	require.Equal(t, "t1", b.Tag())
	tokens := map[string]bool{b.Token(): true}
	for _, other := range []pipeline.Build{
		build([]pipeline.Plugin{one}, "image", "production", "t1", "a"), build([]pipeline.Plugin{one, two}, "imag", "eproduction", "t1", "a"),
		build([]pipeline.Plugin{one, two}, "image", "staging", "t1", "a"), build([]pipeline.Plugin{one, two}, "image", "production", "t2", "a"),
		build([]pipeline.Plugin{one, two}, "image", "production", "t1", "b"),
	} {
		require.False(t, tokens[other.Token()])
		tokens[other.Token()] = true
	}
	require.NotContains(t, b.Payload(), "plugin_name", "there are two")

	b = build([]pipeline.Plugin{one}, "image", "production", "t1", "a")
	require.Equal(t, map[string]string{
		"plugins": `[{"name":"one","version":"1.2.3","integrity":"` + one.Integrity.String() + `"}]`, "base_image": "image",
		"environment": "production", "tag": "t1", "correlation": b.Token(), "plugin_name": "one", "plugin_version": "1.2.3",
	}, b.Payload())
	var names []string
	for _, v := range b.Variables() {
		names = append(names, v.Name)
	}
	require.Equal(t, []string{
		"PLUGIN_BUILD_PLUGINS", "PLUGIN_BUILD_BASE_IMAGE", "PLUGIN_BUILD_ENVIRONMENT", "PLUGIN_BUILD_TAG",
		pipeline.CorrelationVariable, "PLUGIN_NAME", "PLUGIN_VERSION",
	}, names)
}

func TestWrongBuilds(t *testing.T) {
	good := pipelinetest.Plugin("one")
	bad, unknown := good, good
	bad.Version = "^1"
	unknown.Integrity = plugins.Integrity{}
	for part, c := range map[string]struct {
		all             []pipeline.Plugin
		image, env, tag string
	}{
		"it needs plugins": {nil, "i", "e", "t"}, "a base image": {[]pipeline.Plugin{good}, "", "e", "t"}, "an environment": {[]pipeline.Plugin{good}, "i", "", "t"},
		"is no tag": {[]pipeline.Plugin{good}, "i", "e", "a:b"}, "no exact version": {[]pipeline.Plugin{bad}, "i", "e", "t"},
		"has no integrity": {[]pipeline.Plugin{unknown}, "i", "e", "t"}, "is there twice": {[]pipeline.Plugin{good, good}, "i", "e", "t"},
	} {
		_, err := pipeline.NewBuild(c.all, c.image, c.env, c.tag, "")
		require.ErrorContains(t, err, part)
	}
}

type images struct {
	digest string
	err    error
}

func (i images) Digest(context.Context, string, string) (string, error) { return i.digest, i.err }

func TestImage(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0a", 32)
	got, err := pipeline.Image(t.Context(), images{digest: digest}, "r", "t")
	require.NoError(t, err)
	require.Equal(t, digest, got)
	_, err = pipeline.Image(t.Context(), images{err: pipeline.ErrNotFound}, "r", "t")
	require.ErrorIs(t, err, pipeline.ErrNotFound)
	require.ErrorContains(t, err, "r:t")
	for _, wrong := range []string{"", "sha256:0a", "latest", digest + "0"} {
		_, err = pipeline.Image(t.Context(), images{digest: wrong}, "r", "t")
		require.ErrorIs(t, err, pipeline.ErrInvalid)
	}
}
