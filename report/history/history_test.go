package history_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/history"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
)

func ids(refs []readiness.Ref) []string {
	out := []string{}
	for _, ref := range refs {
		out = append(out, ref.ID)
	}
	return out
}

// kept is a history with runs of staging, an hour apart, oldest first.
func kept(t *testing.T, n int) (string, *history.Folder) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a", "history")
	store, err := history.Open(dir)
	require.NoError(t, err)
	for i := range n {
		require.NoError(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start.Add(time.Duration(i)*time.Hour))))
	}
	return dir, store
}

func TestARunIsKeptAndFound(t *testing.T) {
	dir, store := kept(t, 3)
	run := resultstest.Run("production-eu", resultstest.Start)
	require.NoError(t, store.Put(t.Context(), run))
	require.NoError(t, store.Put(t.Context(), run), "once more")

	refs, err := store.List(t.Context(), "staging", time.Time{})
	require.NoError(t, err)
	require.Equal(t, []string{"staging-20261122T121500Z", "staging-20261122T111500Z", "staging-20261122T101500Z"}, ids(refs))
	refs, err = store.List(t.Context(), "staging", resultstest.Start.Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, refs, 2, "the start of a run is kept to the second")
	refs, err = store.List(t.Context(), "", time.Time{})
	require.NoError(t, err)
	require.Len(t, refs, 4)

	got, err := store.Get(t.Context(), "production-eu-20261122T101500Z")
	require.NoError(t, err)
	require.Equal(t, string(resultstest.JSON(t, run)), string(resultstest.JSON(t, got)))

	file, err := os.Stat(filepath.Join(dir, "staging", "staging-20261122T101500Z.json.gz"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), file.Mode().Perm())
	for _, folder := range []string{dir, filepath.Join(dir, "staging")} {
		info, err := os.Stat(folder)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", ".*"))
	require.NoError(t, err)
	require.Empty(t, left, "nothing is left beside")
}

func TestNothingIsKeptYet(t *testing.T) {
	dir, store := kept(t, 0)
	refs, err := store.List(t.Context(), "staging", time.Time{})
	require.NoError(t, err)
	require.Empty(t, refs)
	_, err = store.Get(t.Context(), "staging-20261122T101500Z")
	require.ErrorIs(t, err, history.ErrNotFound)
	require.NoDirExists(t, dir, "to look makes nothing")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	_, err = store.Get(t.Context(), "staging-20261122T101500Z")
	require.ErrorIs(t, err, history.ErrNotFound)
	refs, err = store.List(t.Context(), "staging", time.Time{})
	require.NoError(t, err)
	require.Empty(t, refs)
}

func TestOpenRefusesWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for ref, want := range map[string]string{"": "no name", "gs://bucket": `"gs://bucket" is no folder`, file: "is no folder", file + "/below": "not a directory"} {
		_, err := history.Open(ref)
		require.ErrorContains(t, err, want)
	}
}

func TestWhatIsKeptIsNeverReplaced(t *testing.T) {
	dir, store := kept(t, 1)
	path := filepath.Join(dir, "staging", "staging-20261122T101500Z.json.gz")
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	other := resultstest.Run("staging", resultstest.Start)
	other.Items[0].Found = "something else"
	err = store.Put(t.Context(), other)
	require.ErrorIs(t, err, history.ErrExists)
	require.ErrorContains(t, err, "staging-20261122T101500Z")

	// Nor is what is damaged.
	require.NoError(t, os.WriteFile(path, before[:40], 0o600))
	require.ErrorIs(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start)), history.ErrExists)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, before[:40], after)

	// Compressed by another version, it is the same run.
	_, content, err := history.Encode(other)
	require.NoError(t, err)
	var again bytes.Buffer
	w, err := gzip.NewWriterLevel(&again, gzip.NoCompression)
	require.NoError(t, err)
	plain, err := gzip.NewReader(bytes.NewReader(content))
	require.NoError(t, err)
	_, err = io.Copy(w, plain)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, os.WriteFile(path, again.Bytes(), 0o600))
	require.NoError(t, store.Put(t.Context(), other))
}

// What is not UTF-8 is replaced when it is written, and is still the same run.
func TestARunThatIsNotUTF8IsKeptOnce(t *testing.T) {
	_, store := kept(t, 0)
	run := resultstest.Run("staging", resultstest.Start)
	run.Items[0].Found = "bad \xff byte"
	require.NoError(t, store.Put(t.Context(), run))
	require.NoError(t, store.Put(t.Context(), run))
	got, err := store.Get(t.Context(), run.ID)
	require.NoError(t, err)
	require.Equal(t, "bad \ufffd byte", got.Items[0].Found)
}

// What could not be read back is not kept.
func TestARunThatContradictsItselfIsNotKept(t *testing.T) {
	dir, store := kept(t, 0)
	run := resultstest.Run("staging", resultstest.Start)
	run.Summary.Fail = 0
	require.ErrorContains(t, store.Put(t.Context(), run), "summary.FAIL")
	run = resultstest.Run("staging", resultstest.Start)
	run.ID = "../../../tmp/x-20261122T101500Z"
	require.ErrorContains(t, store.Put(t.Context(), run), "is no run's ID")
	require.NoDirExists(t, dir)
}

func TestKeysAndIDsAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		environment := rapid.StringMatching(`[A-Za-z0-9_][A-Za-z0-9._-]{0,20}`).Draw(t, "environment")
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "at"), 0).UTC()
		ref, err := history.ParseID(environment + "-" + at.Format("20060102T150405Z"))
		require.NoError(t, err)
		require.Equal(t, environment, ref.Environment)
		require.Equal(t, at, ref.Started)
		back, ok := history.ParseKey(history.Key(ref))
		require.True(t, ok)
		require.Equal(t, ref, back)
	})
}

func TestTheSameRunMakesTheSameBytes(t *testing.T) {
	_, a, err := history.Encode(resultstest.Run("staging", resultstest.Start))
	require.NoError(t, err)
	_, b, err := history.Encode(resultstest.Run("staging", resultstest.Start))
	require.NoError(t, err)
	require.Equal(t, a, b)
}

func TestPruneKeepsTheNewest(t *testing.T) {
	dir, store := kept(t, 4)
	require.NoError(t, store.Put(t.Context(), resultstest.Run("production", resultstest.Start)))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "staging", "notes.txt"), nil, 0o600))
	for _, wrong := range []struct {
		environment string
		keep        int
	}{{"", 1}, {"staging", 0}, {"staging", -1}, {"../staging", 1}} {
		_, err := store.Prune(t.Context(), wrong.environment, wrong.keep)
		require.Error(t, err)
	}
	removed, err := store.Prune(t.Context(), "staging", 9)
	require.NoError(t, err)
	require.Empty(t, removed)
	removed, err = store.Prune(t.Context(), "staging", 2)
	require.NoError(t, err)
	require.Equal(t, []string{"staging-20261122T111500Z", "staging-20261122T101500Z"}, ids(removed))
	refs, err := store.List(t.Context(), "", time.Time{})
	require.NoError(t, err)
	require.Len(t, refs, 3)
	require.FileExists(t, filepath.Join(dir, "staging", "notes.txt"))
}
