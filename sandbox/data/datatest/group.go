package datatest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// janitor removes a folder when its standard input ends: the servers in it may
// take a moment.
const janitor = `read -r _; for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" 2>/dev/null; [ -e "$1" ] || break; sleep 1; done`

// kind makes servers of a folder, such as [data.PostgresServers].
type kind func(data.StoreOptions) ([]data.Server, error)

// options are a folder of its own, which goes with the test, and free ports.
func options(t testing.TB, sentinel bool) data.StoreOptions {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs data servers; run make test")
	}
	// Not t.TempDir: a killed test binary would leave it.
	dir, err := os.MkdirTemp("", "gatehouse-stores-")
	require.NoError(t, err)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	cmd := exec.Command("sh", "-c", janitor, "sh", dir)
	cmd.Stdin = read
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = write.Close()
		_ = cmd.Wait()
	})
	return data.StoreOptions{Dir: dir, Ports: freePorts(t), Sentinel: sentinel}
}

// freePorts are those that the stores need.
func freePorts(t testing.TB) map[string]int {
	t.Helper()
	ports := map[string]int{}
	for _, name := range data.StorePorts() {
		port, err := process.FreePort()
		require.NoError(t, err)
		ports[name] = port
	}
	return ports
}

// startAll starts servers of one folder, each when those that it comes after are
// ready, and ends them with the test. Where they are not installed, the test is
// skipped.
func startAll(t testing.TB, o data.StoreOptions, kinds ...kind) []*Server {
	t.Helper()
	var servers []*Server
	ready := map[string]chan struct{}{}
	for _, kind := range kinds {
		made, err := kind(o)
		if errors.Is(err, data.ErrNotInstalled) {
			t.Skip(err)
		}
		require.NoError(t, err)
		for _, server := range made {
			servers = append(servers, &Server{Server: server})
			ready[server.Name] = make(chan struct{})
		}
	}
	t.Cleanup(func() { endAll(servers) })
	group, ctx := errgroup.WithContext(t.Context())
	for _, server := range servers {
		group.Go(func() error {
			for _, before := range server.After {
				channel, ours := ready[before]
				if !ours {
					continue
				}
				select {
				case <-channel:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			if err := server.start(ctx); err != nil {
				return err
			}
			close(ready[server.Name])
			return nil
		})
	}
	require.NoError(t, group.Wait())
	return servers
}

// endAll ends all at once: what they hold is thrown away.
func endAll(servers []*Server) {
	var ending sync.WaitGroup
	for _, server := range servers {
		ending.Go(func() {
			server.resume()
			server.end(syscall.SIGQUIT)
		})
	}
	ending.Wait()
}

// named finds a server.
func named(t testing.TB, servers []*Server, name string) *Server {
	t.Helper()
	for _, server := range servers {
		if server.Name == name {
			return server
		}
	}
	require.FailNow(t, "no such server", name)
	return nil
}

// children are the processes that a process has made and that still run.
func children(pid int) []int {
	var found []int
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil { // it has ended
			continue
		}
		// pid (name) state parent …; the name may hold blanks and brackets.
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if len(fields) < 2 || fields[1] != strconv.Itoa(pid) {
			continue
		}
		if child, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			found = append(found, child)
		}
	}
	return found
}

// secret reads a password file.
func secret(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.TrimSpace(string(text))
}
