package generation_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/generation"
)

func TestFragmentsBecomeOneFile(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	a, b := s.stage(t, "a", "1.0.0"), s.stage(t, "b", "1.0.0")
	read := func(g generation.Generation, room generation.Room) string {
		content, err := os.ReadFile(filepath.Join(s.dir, g.ID.AppConfig(room)))
		require.NoError(t, err)
		return string(content)
	}
	a.Config, b.Config = []byte("catalog: {rules: [{allow: [API]}], b: 1}\n"), []byte("catalog: {rules: [{allow: [API]}]}\nkey: ${TOKEN}\n")
	g := s.assemble(t, b, a)
	require.YAMLEq(t, "catalog: {rules: [{allow: [API]}], b: 1}\nkey: ${TOKEN}\n", read(g, generation.Portal))
	require.Equal(t, "{}\n", read(g, generation.Sidecar))

	b.Room = generation.Sidecar
	extras := probe()
	extras[0].Config = []byte("discovery: {endpoints: []}")
	g, err := s.Assemble(t.Context(), []generation.Plugin{a, b}, extras)
	require.NoError(t, err)
	require.YAMLEq(t, "catalog: {rules: [{allow: [API]}], b: 1}\ndiscovery: {endpoints: []}", read(g, generation.Portal))
	require.YAMLEq(t, string(b.Config), read(g, generation.Sidecar))
	require.FileExists(t, filepath.Join(s.dir, g.ID.Root(generation.Sidecar), "b", "package.json"))
	require.NoDirExists(t, filepath.Join(s.dir, g.ID.Root(generation.Portal), "b"))
	found, err := s.Verify(t.Context(), g.ID)
	require.NoError(t, err)
	require.Empty(t, found)

	for fragment, want := range map[string]string{
		"catalog: {b: 2}":       "a and b want different values for catalog.b of app-config: give both the same, or take one out",
		"catalog: [1]":          "a and b want different values for catalog of app-config",
		"[1]":                   "read the app-config of b: ",
		"a: 1\n---\nb: 2":       "read the app-config of b: want one document",
		"key: 'no end of text ": "read the app-config of b: ",
		"backend: {auth: {dangerouslyDisableDefaultAuthPolicy: true}}": "the app-config of b: backend is the portal's own",
		"discovery: {endpoints: []}":                                   "the app-config of b: discovery says who answers",
		"a: {$file: /etc/passwd}":                                      "the app-config of b: a.$file has Backstage read",
	} {
		b.Room, b.Config = generation.Portal, []byte(fragment)
		_, err := s.Assemble(t.Context(), []generation.Plugin{b, a}, nil)
		require.ErrorContains(t, err, want, fragment)
		var invalid *generation.InvalidError
		require.ErrorAs(t, err, &invalid, "to try again changes nothing")
	}
}

// A pod that knows of no generation yet finds the extras, and nothing of a
// generation counts them as its own.
func TestBootstrap(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	require.NoError(t, s.Bootstrap(t.Context(), probe()))
	at := func(name string) string { return filepath.Join(s.dir, "generations", name) }
	for _, name := range []string{"plugins/@gatehouse+probe/dist/index.js", "sidecar/@gatehouse+probe/package.json", "app-config.yaml", "app-config.sidecar.yaml"} {
		require.FileExists(t, at(name))
	}
	before, err := os.Stat(at("plugins"))
	require.NoError(t, err)
	require.NoError(t, s.Bootstrap(t.Context(), probe()))
	after, err := os.Stat(at("plugins"))
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after), "what is right stays")

	require.NoError(t, os.WriteFile(at("plugins/@gatehouse+probe/dist/index.js"), []byte("evil"), 0o600))
	require.NoError(t, os.WriteFile(at("app-config.yaml"), []byte("evil: true"), 0o600))
	require.NoError(t, s.Bootstrap(t.Context(), probe()))
	content, err := os.ReadFile(at("plugins/@gatehouse+probe/dist/index.js"))
	require.NoError(t, err)
	require.Equal(t, "1", string(content))
	content, err = os.ReadFile(at("app-config.yaml"))
	require.NoError(t, err)
	require.Equal(t, "{}\n", string(content))

	g := s.assemble(t)
	ids, err := s.IDs()
	require.NoError(t, err)
	require.Equal(t, []generation.ID{g.ID}, ids)
	require.Equal(t, 1, g.ID.Number())
}

// A folder that somebody made, with the highest number, must not make a generation
// whose name nobody can read.
func TestNoNumberIsLeft(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	require.NoError(t, os.MkdirAll(filepath.Join(s.dir, "generations", "999999999-00000000000000000000000000000000"), 0o700))
	_, err := s.Assemble(t.Context(), nil, probe())
	require.ErrorContains(t, err, "there is no number behind 999999999: remove the folder of that number from generations/")
	var invalid *generation.InvalidError
	require.ErrorAs(t, err, &invalid)
}
