package generation_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// scene is a volume with a clock that the test moves.
type scene struct {
	dir   string
	ahead time.Duration
	store *store.Store
	*generation.Collection
}

func open(t testing.TB, dir string, step func(string)) *scene {
	t.Helper()
	s := openFor(t, dir, step)
	t.Cleanup(func() { require.NoError(t, s.store.Close()) })
	return s
}

// openFor is open for tests that close it themselves.
func openFor(t require.TestingT, dir string, step func(string)) *scene {
	s := &scene{dir: dir}
	opened, err := store.Open(dir, volume.Options{Step: step, Now: func() time.Time { return time.Now().Add(s.ahead) }})
	require.NoError(t, err)
	s.store, s.Collection = opened, generation.Open(opened)
	return s
}

// spec is the smallest plugin of a name and version.
func spec(t testing.TB, name, version string) (store.Spec, []byte) {
	t.Helper()
	packed := tarballtest.Pack(t, tarballtest.Plugin(name, version))
	return store.Spec{Ref: plugins.Ref{Name: name, Version: version}, Integrity: plugins.IntegrityOf(sha512.Sum512(packed))}, packed
}

func (s *scene) stage(t testing.TB, name, version string) generation.Plugin {
	t.Helper()
	spec, packed := spec(t, name, version)
	entry, err := s.store.Stage(t.Context(), spec, bytes.NewReader(packed), tarball.DefaultLimits())
	require.NoError(t, err)
	return generation.Plugin{Entry: entry}
}

func (s *scene) assemble(t testing.TB, list ...generation.Plugin) generation.Generation {
	t.Helper()
	g, err := s.Assemble(t.Context(), list, nil)
	require.NoError(t, err)
	return g
}

func probe() []generation.Extra {
	return []generation.Extra{{Ref: plugins.Ref{Name: "@gatehouse/probe", Version: "1.0.0"}, Files: fstest.MapFS{
		"package.json": {Data: []byte(`{"name":"@gatehouse/probe"}`)}, "dist/index.js": {Data: []byte("1")},
	}}}
}

func TestAssemble(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	a, b := s.stage(t, "@backstage/plugin-a", "1.0.0"), s.stage(t, "b", "2.0.0")
	a.Config = []byte("a: 1\n")
	g, err := s.Assemble(t.Context(), []generation.Plugin{b, a}, probe())
	require.NoError(t, err)
	require.Regexp(t, `^1-[0-9a-f]{32}$`, string(g.ID))
	require.False(t, g.Reused)
	require.Equal(t, []string{"@backstage/plugin-a", "b"}, []string{g.Plugins[0].Name, g.Plugins[1].Name})
	entries, err := os.ReadDir(filepath.Join(s.dir, g.ID.Root(generation.Portal)))
	require.NoError(t, err)
	names := []string{}
	for _, entry := range entries {
		require.True(t, entry.IsDir(), "Backstage wants direct subfolders and no links")
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{"@backstage+plugin-a", "@gatehouse+probe", "b"}, names)
	config, err := os.ReadFile(filepath.Join(s.dir, g.ID.AppConfig(generation.Portal)))
	require.NoError(t, err)
	require.Equal(t, "a: 1\n", string(config))
	require.Equal(t, fmt.Sprintf("%x", sha256.Sum256(a.Config)), g.Plugins[0].Config)
	require.Empty(t, g.Plugins[1].Config)
	staged, err := os.Stat(filepath.Join(s.dir, a.Entry.Package(), "package.json"))
	require.NoError(t, err)
	used, err := os.Stat(filepath.Join(s.dir, g.ID.Root(generation.Portal), "@backstage+plugin-a/package.json"))
	require.NoError(t, err)
	require.True(t, os.SameFile(staged, used))

	found, err := s.Verify(t.Context(), g.ID)
	require.NoError(t, err)
	require.Empty(t, found)
	read, err := s.Get(g.ID)
	require.NoError(t, err)
	require.Equal(t, g, read)

	again, err := s.Assemble(t.Context(), []generation.Plugin{a, b}, probe())
	require.NoError(t, err)
	require.Equal(t, g.ID, again.ID)
	require.True(t, again.Reused)

	other := open(t, t.TempDir(), nil)
	oa, ob := other.stage(t, "@backstage/plugin-a", "1.0.0"), other.stage(t, "b", "2.0.0")
	oa.Config = a.Config
	elsewhere, err := other.Assemble(t.Context(), []generation.Plugin{oa, ob}, probe())
	require.NoError(t, err)
	require.Equal(t, g, elsewhere, "the same on every volume")
}

// Everything that matters makes another generation.
func TestHash(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	a, newer, b := s.stage(t, "a", "1.0.0"), s.stage(t, "a", "1.0.1"), s.stage(t, "b", "1.0.0")
	configured, empty := a, a
	configured.Config, empty.Config = []byte("x: 1"), []byte{}
	changed := probe()
	changed[0].Files.(fstest.MapFS)["dist/index.js"].Data = []byte("2")
	seen := map[string]bool{}
	for _, c := range []struct {
		list   []generation.Plugin
		extras []generation.Extra
	}{
		{},
		{extras: probe()},
		{extras: changed},
		{list: []generation.Plugin{a}},
		{list: []generation.Plugin{newer}},
		{list: []generation.Plugin{configured}},
		{list: []generation.Plugin{empty}},
		{list: []generation.Plugin{a, b}},
		{list: []generation.Plugin{a}, extras: probe()},
	} {
		g, err := s.Assemble(t.Context(), c.list, c.extras)
		require.NoError(t, err)
		require.False(t, seen[g.Hash])
		seen[g.Hash] = true
		require.Equal(t, len(seen), g.ID.Number())
		found, err := s.Verify(t.Context(), g.ID)
		require.NoError(t, err)
		require.Empty(t, found)
	}
	all, err := s.IDs()
	require.NoError(t, err)
	require.Len(t, all, len(seen))
}

func TestAssembleRefuses(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	a, newer := s.stage(t, "a", "1.0.0"), s.stage(t, "a", "1.0.1")
	_, err := s.Assemble(t.Context(), []generation.Plugin{a, newer}, nil)
	require.ErrorContains(t, err, "a@1.0.0 and a@1.0.1 are both in it")
	taken := probe()
	taken[0].Name = "a"
	_, err = s.Assemble(t.Context(), []generation.Plugin{a}, taken)
	require.ErrorContains(t, err, "both in it")

	require.NoError(t, os.WriteFile(filepath.Join(s.dir, newer.Entry.Package(), "package.json"), []byte("{}"), 0o644))
	_, err = s.Assemble(t.Context(), []generation.Plugin{newer}, nil)
	var damaged *generation.DamagedError
	require.ErrorAs(t, err, &damaged)
	require.Equal(t, "plugins/a/package.json", damaged.Differences[0].Path)

	require.NoError(t, s.store.Remove(a.Entry.Folder()))
	_, err = s.Assemble(t.Context(), []generation.Plugin{a}, nil)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "stage its plugin again")
	all, err := s.IDs()
	require.NoError(t, err)
	require.Empty(t, all)
	left, err := s.store.Volume().Folders("tmp")
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAbsent(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	none := generation.ID("1-" + strings.Repeat("0", 32))
	_, err := s.Verify(t.Context(), none)
	require.ErrorIs(t, err, generation.ErrAbsent)
	_, err = s.Get(none)
	require.ErrorIs(t, err, generation.ErrAbsent)
	_, err = s.SetCurrent(t.Context(), none, generation.Runs{})
	require.ErrorIs(t, err, generation.ErrAbsent)
	_, err = s.SetCurrent(t.Context(), "../../etc", generation.Runs{})
	require.Error(t, err)
	_, err = s.Mark(t.Context(), none, generation.Proved, "")
	require.ErrorContains(t, err, "never current")
	for _, text := range []string{"", "1", "0-" + strings.Repeat("0", 32), "1-" + strings.Repeat("g", 32), "../1-" + strings.Repeat("0", 32)} {
		_, err := generation.ParseID(text)
		require.Error(t, err)
		require.Zero(t, generation.ID(text).Number())
	}
	current, err := s.Current()
	require.NoError(t, err)
	require.Empty(t, current)
	all, err := s.IDs()
	require.NoError(t, err)
	require.Empty(t, all)
}
