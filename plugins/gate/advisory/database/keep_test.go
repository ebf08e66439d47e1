package database_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
)

// What is damaged is built again, though the source has the same as before.
func TestFetchRepairs(t *testing.T) {
	from := newOrigin(t, exportOf(t, "GHSA-1"))
	i := newInstaller(t, from.URL)
	f, err := database.Fetch(t.Context(), i.Options)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	for requests, damage := range []func() error{
		func() error { return os.WriteFile(f.Path, []byte("x"), 0o600) },
		func() error { return os.Remove(f.Path) },
		func() error { return os.WriteFile(filepath.Join(i.Folder, "npm.json"), []byte("{"), 0o600) },
		func() error {
			return os.WriteFile(filepath.Join(i.Folder, "npm.json"), []byte(`{"source":"`+from.URL+`","name":"../x"}`), 0o600)
		},
	} {
		require.NoError(t, damage())
		ids, stale := i.known(t)
		require.NoError(t, stale)
		require.Equal(t, []string{"GHSA-1"}, ids)
		require.Equal(t, requests+2, from.requests())
		require.Empty(t, from.asked[requests+1])
	}
	require.Contains(t, i.log.String(), "damaged")
}

func TestFetchOfThisMachine(t *testing.T) {
	at := filepath.Join(t.TempDir(), "all.zip")
	require.NoError(t, os.WriteFile(at, exportOf(t, "GHSA-1"), 0o600))
	i := newInstaller(t, at)
	ids, _ := i.known(t)
	require.Equal(t, []string{"GHSA-1"}, ids)
	require.NoError(t, os.WriteFile(at, exportOf(t, "GHSA-1", "GHSA-2"), 0o600))
	ids, stale := i.known(t)
	require.NoError(t, stale)
	require.Equal(t, []string{"GHSA-1", "GHSA-2"}, ids)
	require.NoError(t, os.Remove(at))
	ids, stale = i.known(t)
	require.Len(t, ids, 2)
	require.ErrorContains(t, stale, "no such file")

	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "in"), 0o700))
	put := func(id string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "in", id+".json"), record(id, "p", "1.0.0").Data, 0o600))
	}
	put("GHSA-1")
	i = newInstaller(t, folder)
	ids, _ = i.known(t)
	require.Equal(t, []string{"GHSA-1"}, ids)
	before, err := os.Stat(filepath.Join(i.Folder, "npm.json"))
	require.NoError(t, err)
	ids, _ = i.known(t)
	require.Len(t, ids, 1)
	require.False(t, before.IsDir())
	put("GHSA-2")
	ids, _ = i.known(t)
	require.Len(t, ids, 2)
}

// Some at once, and one more that was there before, all have a whole one.
func TestFetchByManyAtOnce(t *testing.T) {
	from := newOrigin(t, exportOf(t, "GHSA-1"))
	i := newInstaller(t, from.URL)
	i.Fresh = -1
	reading, err := database.Fetch(t.Context(), i.Options)
	require.NoError(t, err)
	var group sync.WaitGroup
	failed := make(chan error, 24)
	for n := range 24 {
		group.Go(func() {
			if n%4 == 0 {
				from.put(exportOf(t, "GHSA-1", fmt.Sprintf("GHSA-%d", n+2)))
			}
			o := i.Options
			o.Wait = func(context.Context, time.Duration) error { return nil }
			f, err := database.Fetch(context.Background(), o)
			if err == nil {
				_, err = f.Find(context.Background(), []advisory.Component{{Name: "p", Version: "1.0.0"}})
				err = errors.Join(err, f.Stale, f.Close())
			}
			failed <- err
		})
	}
	group.Wait()
	close(failed)
	for err := range failed {
		require.NoError(t, err)
	}
	require.Len(t, find(t, reading, advisory.Component{Name: "p", Version: "1.0.0"}).Vulnerabilities, 1)
	require.NoError(t, reading.Close())
	_, err = reading.Find(t.Context(), []advisory.Component{{Name: "p", Version: "1.0.0"}})
	require.Error(t, err)
}

// remote is a source whose answers never end well.
type remote struct{ err error }

func (r remote) Get(context.Context, database.Tag) (io.ReadCloser, database.Tag, error) {
	return nil, database.Tag{}, r.err
}

func TestFetchOfABucket(t *testing.T) {
	i := newInstaller(t, "s3://bucket/all.zip")
	denied := errors.New("denied")
	i.S3 = func(ref string) (database.Remote, error) {
		require.Equal(t, i.Source, ref)
		return remote{denied}, nil
	}
	_, err := database.Fetch(t.Context(), i.Options)
	require.ErrorIs(t, err, denied)
	require.Empty(t, i.waited, "only what may pass is tried again")
	i.S3 = func(string) (database.Remote, error) { return nil, denied }
	_, err = database.Fetch(t.Context(), i.Options)
	require.ErrorIs(t, err, denied)
}
