package history_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/history"
	"gatehouse/report/results/resultstest"
)

func TestIDsWithTricksAreRefused(t *testing.T) {
	_, store := kept(t, 1)
	for _, id := range []string{
		"", ".", "..", "staging", "../staging-20261122T101500Z", "a/b-20261122T101500Z", "staging-20261122T101500Z.json.gz", "/etc/passwd",
		".hidden-20261122T101500Z", "staging-20261199T101500Z", "staging-20261122T101500Z\x00", "staging-20261122T101500Z\n", `a\b-20261122T101500Z`,
	} {
		_, err := store.Get(t.Context(), id)
		require.ErrorContains(t, err, "is no run's ID", "%q", id)
	}
	for _, environment := range []string{"..", ".", "a/b", "/", strings.Repeat("a", 200)} {
		_, err := store.List(t.Context(), environment, time.Time{})
		require.ErrorContains(t, err, "is no name of an environment")
	}
}

// Strangers in the folder are neither listed nor in the way.
func TestStrangersAreLeftAlone(t *testing.T) {
	dir, store := kept(t, 2)
	for _, name := range []string{"README", "staging/notes.txt", "staging/.tmp123", "staging/production-20261122T101500Z.json.gz", "staging/staging-20261122T101500Z.json"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600))
	}
	require.NoError(t, os.Symlink("/etc", filepath.Join(dir, "away")))
	refs, err := store.List(t.Context(), "", time.Time{})
	require.NoError(t, err)
	require.Len(t, refs, 2)
}

// A link out of the folder is not followed.
func TestNothingOutsideIsReached(t *testing.T) {
	dir, store := kept(t, 1)
	outside, other := kept(t, 0)
	require.NoError(t, other.Put(t.Context(), resultstest.Run("staging", resultstest.Start.Add(24*time.Hour))))
	name := "staging-20261123T101500Z.json.gz"
	require.NoError(t, os.Symlink(filepath.Join(outside, "staging", name), filepath.Join(dir, "staging", name)))
	_, err := store.Get(t.Context(), "staging-20261123T101500Z")
	require.ErrorContains(t, err, "escapes")
	require.NoError(t, os.Symlink(filepath.Join(outside, "staging"), filepath.Join(dir, "production")))
	require.Error(t, store.Put(t.Context(), resultstest.Run("production", resultstest.Start)))
	files, err := os.ReadDir(filepath.Join(outside, "staging"))
	require.NoError(t, err)
	require.Len(t, files, 1)
}

func TestWhatIsDamagedIsNamedAndLeftOut(t *testing.T) {
	dir, store := kept(t, 5)
	at := func(hour string) string {
		return filepath.Join(dir, "staging", "staging-20261122T"+hour+"1500Z.json.gz")
	}
	whole, err := os.ReadFile(at("10"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(at("14"), whole[:len(whole)/2], 0o600))
	bad := bytes.Clone(whole)
	bad[len(bad)-6] ^= 1 // the checksum
	require.NoError(t, os.WriteFile(at("13"), bad, 0o600))
	require.NoError(t, os.WriteFile(at("12"), whole, 0o600)) // another run's content

	runs, problems := history.Recent(t.Context(), store, "staging", 2)
	require.Len(t, runs, 2)
	require.Equal(t, "staging-20261122T111500Z", runs[0].ID)
	require.Equal(t, "staging-20261122T101500Z", runs[1].ID)
	require.Len(t, problems, 3)
	require.ErrorContains(t, problems[0], "staging-20261122T141500Z")
	require.ErrorContains(t, problems[0], "the file is cut off")
	require.ErrorContains(t, problems[1], "staging-20261122T131500Z")
	require.ErrorContains(t, problems[1], "the file is damaged")
	require.ErrorContains(t, problems[2], "kept as run staging-20261122T121500Z is run staging-20261122T101500Z")

	for _, content := range [][]byte{nil, {0x1f}, []byte("{}"), whole[:12]} {
		require.NoError(t, os.WriteFile(at("14"), content, 0o600))
		_, err = store.Get(t.Context(), "staging-20261122T141500Z")
		require.ErrorContains(t, err, "the file is ")
	}
	require.NoError(t, os.Remove(at("14")))
	require.NoError(t, os.Mkdir(at("14"), 0o700))
	_, err = store.Get(t.Context(), "staging-20261122T141500Z")
	require.ErrorContains(t, err, "it is no file")
}

// A small file that grows without end takes no more memory than a run may.
func TestABombIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long: expands 200 MiB")
	}
	dir, store := kept(t, 1)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range 200 {
		_, err := w.Write(bytes.Repeat([]byte(" "), 1<<20))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "staging", "staging-20261122T101500Z.json.gz"), b.Bytes(), 0o600))
	_, err := store.Get(t.Context(), "staging-20261122T101500Z")
	require.ErrorContains(t, err, "more than 128 MiB")
}

func TestRecentSaysWhenThereIsNoList(t *testing.T) {
	_, store := kept(t, 1)
	runs, problems := history.Recent(t.Context(), store, "..", 3)
	require.Empty(t, runs)
	require.Len(t, problems, 1)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, problems = history.Recent(ended, store, "staging", 3)
	require.ErrorIs(t, problems[0], context.Canceled)
}

// Of many writers of one ID exactly one content stays, and everyone who wrote
// another learns it.
func TestWritersAtOnce(t *testing.T) {
	_, store := kept(t, 0)
	errs := make([]error, 16)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			run := resultstest.Run("staging", resultstest.Start)
			run.Items[0].Found = []string{"this", "that"}[i%2]
			errs[i] = store.Put(context.Background(), run)
		})
	}
	all.Wait()
	run, err := store.Get(t.Context(), "staging-20261122T101500Z")
	require.NoError(t, err)
	for i, err := range errs {
		if run.Items[0].Found == []string{"this", "that"}[i%2] {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, history.ErrExists)
		}
	}
}

func TestAFileInTheFoldersPlaceIsSaid(t *testing.T) {
	dir, store := kept(t, 0)
	require.NoError(t, os.MkdirAll(dir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "staging"), nil, 0o600))
	require.ErrorContains(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start)), "keep run staging-20261122T101500Z in "+dir)
	_, err := store.List(t.Context(), "staging", time.Time{})
	require.ErrorContains(t, err, "list the history in "+dir)
}
