package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/store"
	"gatehouse/plugins/store/tree"
)

func TestDamaged(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, at string) error
		kind tree.Kind
		path string
	}{
		"changed": {func(_ *testing.T, at string) error {
			return os.WriteFile(at+"/package/dist/index.cjs.js", []byte("exports.default = [];\n"), 0o644)
		}, tree.Changed, "package/dist/index.cjs.js"},
		"missing":    {func(_ *testing.T, at string) error { return os.Remove(at + "/package/package.json") }, tree.Missing, "package/package.json"},
		"extra":      {func(_ *testing.T, at string) error { return os.WriteFile(at+"/package/more.js", nil, 0o644) }, tree.Extra, "package/more.js"},
		"beside":     {func(_ *testing.T, at string) error { return os.WriteFile(at+"/more", nil, 0o644) }, tree.Extra, "more"},
		"folder":     {func(_ *testing.T, at string) error { return os.Mkdir(at+"/package/more", 0o755) }, tree.Extra, "package/more"},
		"executable": {func(_ *testing.T, at string) error { return os.Chmod(at+"/package/package.json", 0o755) }, tree.Changed, "package/package.json"},
		"a link": {func(t *testing.T, at string) error {
			require.NoError(t, os.Rename(at+"/package/package.json", at+"/../../moved"))
			return os.Symlink("../../../moved", at+"/package/package.json")
		}, tree.Changed, "package/package.json"},
		"no list":  {func(_ *testing.T, at string) error { return os.Remove(at + "/entry.json") }, tree.Changed, "entry.json"},
		"cut list": {func(_ *testing.T, at string) error { return os.Truncate(at+"/entry.json", 20) }, tree.Changed, "entry.json"},
		"a list that leads out": {func(_ *testing.T, at string) error {
			return os.WriteFile(at+"/entry.json", []byte(`{"files":[{"path":"../../x","mode":420}]}`), 0o644)
		}, tree.Changed, "entry.json"},
		"a forged list": {func(t *testing.T, at string) error {
			text, err := os.ReadFile(at + "/entry.json")
			require.NoError(t, err)
			return os.WriteFile(at+"/entry.json", bytes.Replace(text, []byte(`"1.0.0"`), []byte(`"1.0.1"`), 1), 0o644)
		}, tree.Changed, "entry.json"},
		"another content hash": {func(t *testing.T, at string) error {
			text, err := os.ReadFile(at + "/entry.json")
			require.NoError(t, err)
			before, after, found := bytes.Cut(text, []byte(`"content": "`))
			require.True(t, found)
			after[0] ^= 1
			return os.WriteFile(at+"/entry.json", bytes.Join([][]byte{before, after}, []byte(`"content": "`)), 0o644)
		}, tree.Changed, "entry.json"},
		"a file for the folder": {func(t *testing.T, at string) error {
			require.NoError(t, os.RemoveAll(at))
			return os.WriteFile(at, nil, 0o644)
		}, tree.Changed, "."},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, nil)
			spec, packed := plugin(t, "x", "1.0.0")
			entry, err := stage(t, s, spec, packed)
			require.NoError(t, err)
			require.NoError(t, c.harm(t, filepath.Join(dir, "store", entry.Folder())))
			_, err = s.Find(t.Context(), spec)
			var damaged *store.DamagedError
			require.ErrorAs(t, err, &damaged)
			require.Len(t, damaged.Differences, 1)
			require.Equal(t, c.kind, damaged.Differences[0].Kind)
			require.Equal(t, c.path, damaged.Differences[0].Path)
			require.False(t, store.Refused(err))

			repaired, err := stage(t, s, spec, packed)
			require.NoError(t, err)
			require.Equal(t, store.Repaired, repaired.Outcome)
			require.Equal(t, damaged.Differences, repaired.Damage.Differences)
			_, err = os.Lstat(filepath.Join(dir, repaired.Damage.Kept))
			require.NoError(t, err, "it is kept to be looked at")
			_, err = s.Find(t.Context(), spec)
			require.NoError(t, err)
		})
	}
}

// A damaged plugin stays when the tarball that should repair it is refused.
func TestNotRepaired(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, nil)
	spec, packed := plugin(t, "x", "1.0.0")
	entry, err := stage(t, s, spec, packed)
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(dir, entry.Package(), "package.json")))
	_, err = stage(t, s, spec, packed[:50])
	require.True(t, store.Refused(err), err)
	_, err = s.Find(t.Context(), spec)
	var damaged *store.DamagedError
	require.ErrorAs(t, err, &damaged)
}
