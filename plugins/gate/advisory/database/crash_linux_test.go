package database_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/gate/advisory/database"
)

// A process that is killed while it fetches leaves what was before, or the whole.
func TestKilledWhileItFetches(t *testing.T) {
	if testing.Short() {
		t.Skip("long: kills processes")
	}
	if folder := os.Getenv("FETCH_FOLDER"); folder != "" {
		f, err := database.Fetch(t.Context(), database.Options{Source: os.Getenv("FETCH_SOURCE"), Folder: folder, Scratch: os.Getenv("FETCH_SCRATCH"), Fresh: -1})
		require.NoError(t, err)
		require.NoError(t, f.Stale)
		require.NoError(t, f.Close())
		return
	}
	old := exportOf(t, "GHSA-1")
	from := newOrigin(t, old)
	i := newInstaller(t, from.URL)
	_, err := i.known(t)
	require.NoError(t, err)
	content, err := os.ReadFile(fullExport(t, 20_000))
	require.NoError(t, err)
	from.put(content)
	killed := 0
	for after := 10 * time.Millisecond; ; after += after / 2 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWhileItFetches$")
		child.Env = append(os.Environ(), "FETCH_FOLDER="+i.Folder, "FETCH_SOURCE="+i.Source, "FETCH_SCRATCH="+i.Scratch)
		require.NoError(t, child.Start())
		kill := time.AfterFunc(after, func() { _ = child.Process.Kill() })
		err := child.Wait()
		kill.Stop()
		if err == nil {
			break
		}
		killed++
		from.fail(status(403)) // nothing new can come, so what is there is used
		i.now = i.now.Add(10 * time.Hour)
		f, err := database.Fetch(t.Context(), i.Options)
		require.NoError(t, err)
		if len(find(t, f, advisory.Component{Name: "p", Version: "1.0.0"}).Vulnerabilities) == 0 {
			require.Equal(t, 20_000, f.Summary().Records)
		}
		require.NoError(t, f.Close())
		from.fail()
	}
	require.Positive(t, killed)
	scratch, err := os.ReadDir(i.Scratch)
	require.NoError(t, err)
	require.Empty(t, scratch, "temporary files have no names")

	// What was half written is removed by a later fetch.
	i.now = i.now.Add(100 * time.Hour)
	from.put(old)
	_, err = i.known(t)
	require.NoError(t, err)
	parts, err := filepath.Glob(filepath.Join(i.Folder, "*.part"))
	require.NoError(t, err)
	require.Empty(t, parts, strings.Join(parts, " "))
}
