package trail_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/trail"
)

// A full disk leaves the chain as it was.
func TestAFullDiskLeavesAGoodChain(t *testing.T) {
	path := t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("this machine does not let a file system be mounted: ", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(path, syscall.MNT_DETACH) })
	log, err := trail.OpenFolder(path)
	require.NoError(t, err)
	written := 0
	for err == nil {
		if _, err = trail.Append(t.Context(), log, event(written)); err == nil {
			written++
		}
		require.Less(t, written, 100)
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	records, problems, err := trail.Load(t.Context(), log)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Len(t, records, written)
	require.Empty(t, trail.Verify(records))
	names, err := filepath.Glob(filepath.Join(path, ".*.tmp"))
	require.NoError(t, err)
	require.Empty(t, names)
}

// A writer that is killed leaves a good chain, with all that it said was written.
func TestAKilledWriterLeavesAGoodChain(t *testing.T) {
	if path := os.Getenv("TRAIL_TO_WRITE"); path != "" {
		log, err := trail.OpenFolder(path)
		require.NoError(t, err)
		for i := 0; ; i++ {
			r, err := trail.Append(context.Background(), log, event(i))
			require.NoError(t, err)
			fmt.Println("written", r.Head())
		}
	}
	log, path := folder(t)
	var head trail.Head
	for range 3 {
		writer := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAKilledWriterLeavesAGoodChain$")
		writer.Env = append(os.Environ(), "TRAIL_TO_WRITE="+path)
		out, err := writer.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, writer.Start())
		lines := bufio.NewScanner(out)
		for n := 0; n < 5 && lines.Scan(); n++ {
			text, said := strings.CutPrefix(lines.Text(), "written ")
			require.True(t, said, lines.Text())
			head, err = trail.ParseHead(text)
			require.NoError(t, err)
		}
		require.NoError(t, writer.Process.Kill())
		_ = writer.Wait()
		records, problems, err := trail.Load(t.Context(), log)
		require.NoError(t, err)
		require.Empty(t, problems)
		require.Empty(t, trail.Verify(records, head))
		require.GreaterOrEqual(t, len(records), 5)
	}
}
