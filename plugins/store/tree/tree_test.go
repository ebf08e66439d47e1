package tree_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins/store/tree"
)

func files() *rapid.Generator[tree.Tree] {
	return rapid.Custom(func(t *rapid.T) tree.Tree {
		file := rapid.Custom(func(t *rapid.T) tree.File {
			return tree.File{
				Path: rapid.StringMatching(`[a-c]{1,2}(/[a-c]{1,2}){0,2}`).Draw(t, "path"), Size: rapid.Int64Range(0, 9).Draw(t, "size"),
				SHA256: rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "sha256"), Mode: rapid.SampledFrom([]os.FileMode{tree.Plain, tree.Executable}).Draw(t, "mode"),
			}
		})
		list, err := tree.New(rapid.SliceOfDistinct(file, func(f tree.File) string { return f.Path }).Draw(t, "files")...)
		require.NoError(t, err)
		return list
	})
}

// Two trees have the same digest exactly when nothing differs.
func TestCompareAndDigest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := files().Draw(t, "a"), files().Draw(t, "b")
		require.Empty(t, tree.Compare(a, a))
		require.Equal(t, a.Digest() == b.Digest(), len(tree.Compare(a, b)) == 0)
		if len(a) > 0 {
			changed, err := tree.New(a...)
			require.NoError(t, err)
			at := rapid.IntRange(0, len(a)-1).Draw(t, "at")
			changed[at].SHA256 = changed[at].SHA256[1:] + "x"
			found := tree.Compare(a, changed)
			require.Len(t, found, 1)
			require.Equal(t, a[at].Path, found[0].Path)
			require.Equal(t, tree.Changed, found[0].Kind)
			require.NotEqual(t, a.Digest(), changed.Digest())
		}
	})
}

func TestNewRefuses(t *testing.T) {
	for _, list := range [][]tree.File{
		{{Path: "../x", Mode: tree.Plain}},
		{{Path: "/x", Mode: tree.Plain}},
		{{Path: ".", Mode: tree.Plain}},
		{{Path: "", Mode: tree.Plain}},
		{{Path: "a//b", Mode: tree.Plain}},
		{{Path: "a", Mode: tree.Plain}, {Path: "a", Mode: tree.Plain}},
		{{Path: "a"}},
		{{Path: "a", Mode: os.ModeSymlink | 0o644}},
	} {
		_, err := tree.New(list...)
		require.Error(t, err, list)
	}
}

func TestScan(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "in/a/empty"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "in/a/file"), []byte("abc"), 0o600))
	require.NoError(t, os.Symlink("file", filepath.Join(dir, "in/a/link")))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "in/fifo"), 0o644)) // opening it would wait for ever
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	found, err := tree.Scan(t.Context(), root, "in")
	require.NoError(t, err)
	require.Len(t, found, 4)
	require.Equal(t, tree.File{Path: "a/file", Size: 3, SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Mode: 0o600}, found[1])
	require.Equal(t, []string{"a folder", "a file", "a symbolic link", "a device, a FIFO or a socket"}, func() (kinds []string) {
		for _, d := range tree.Compare(nil, found) {
			kinds = append(kinds, d.Detail[len("nobody put it there: "):])
		}
		return kinds
	}())

	_, err = tree.Scan(t.Context(), root, "none")
	require.ErrorIs(t, err, os.ErrNotExist)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = tree.Scan(ended, root, "in")
	require.ErrorIs(t, err, context.Canceled)
}

func TestSentence(t *testing.T) {
	many := make([]tree.Difference, 7)
	require.Contains(t, tree.Sentence(many), "and 2 more")
	require.NotContains(t, tree.Sentence(many[:5]), "more")
}
