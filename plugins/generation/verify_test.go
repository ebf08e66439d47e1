package generation_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/store/tree"
)

func TestVerify(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(at string) error
		want tree.Difference
	}{
		"changed": {func(at string) error { return os.WriteFile(at+"/plugins/a/package.json", []byte("{}"), 0o644) }, tree.Difference{Path: "plugins/a/package.json", Kind: tree.Changed}},
		"missing": {func(at string) error { return os.RemoveAll(at + "/plugins/a/dist") }, tree.Difference{Path: "plugins/a/dist/index.cjs.js", Kind: tree.Missing}},
		"extra":   {func(at string) error { return os.WriteFile(at+"/plugins/b", nil, 0o644) }, tree.Difference{Path: "plugins/b", Kind: tree.Extra}},
		"folder":  {func(at string) error { return os.Mkdir(at+"/plugins/b", 0o755) }, tree.Difference{Path: "plugins/b", Kind: tree.Extra}},
		"config":  {func(at string) error { return os.WriteFile(at+"/app-config.yaml", []byte("a: 2"), 0o644) }, tree.Difference{Path: "app-config.yaml", Kind: tree.Changed}},
		"no list": {func(at string) error { return os.Remove(at + "/generation.json") }, tree.Difference{Path: "generation.json", Kind: tree.Changed}},
		"forged": {func(at string) error {
			text, err := os.ReadFile(at + "/generation.json")
			if err != nil {
				return err
			}
			return os.WriteFile(at+"/generation.json", bytes.ReplaceAll(text, []byte("1.0.0"), []byte("6.6.6")), 0o644)
		}, tree.Difference{Path: "generation.json", Kind: tree.Changed}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), nil)
			a := s.stage(t, "a", "1.0.0")
			a.Config = []byte("a: 1")
			good := s.assemble(t)
			_, err := s.SetCurrent(t.Context(), good.ID, generation.Runs{})
			require.NoError(t, err)
			bad := s.assemble(t, a)
			require.NoError(t, c.harm(filepath.Join(s.dir, "generations", string(bad.ID))))
			found, err := s.Verify(t.Context(), bad.ID)
			require.NoError(t, err)
			require.Len(t, found, 1)
			found[0].Detail = ""
			require.Equal(t, c.want, found[0])

			_, err = s.SetCurrent(t.Context(), bad.ID, generation.Runs{})
			var damaged *generation.DamagedError
			require.ErrorAs(t, err, &damaged)
			current, err := s.Current()
			require.NoError(t, err)
			require.Equal(t, good.ID, current)

			// It can be had again: the damaged one may be running, and is left alone.
			staged := s.stage(t, "a", "1.0.0")
			staged.Config = a.Config
			anew := s.assemble(t, staged)
			require.Equal(t, bad.Hash, anew.Hash)
			require.Equal(t, 3, anew.ID.Number())
			require.False(t, anew.Reused)
			_, err = s.SetCurrent(t.Context(), anew.ID, generation.Runs{})
			require.NoError(t, err)
		})
	}
}
