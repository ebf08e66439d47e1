package store_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/store"
	"gatehouse/plugins/store/volume"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/tarball/tarballtest"
)

// child is set in the processes that stage a plugin and are killed on the way. Its
// value is the step, counted from 1, before which they end; 0 is none.
const child = "STORE_TEST_KILL"

func TestChild(t *testing.T) {
	if os.Getenv(child) == "" {
		t.Skip("only for the tests that start it")
	}
	die, err := strconv.Atoi(os.Getenv(child))
	require.NoError(t, err)
	count := 0
	var mutex sync.Mutex
	s := open(t, os.Getenv("STORE_TEST_DIR"), func(string) {
		mutex.Lock()
		defer mutex.Unlock()
		if count++; count == die {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal comes
		}
	})
	spec, packed := plugin(t, "x", "1.0.0")
	_, err = stage(t, s, spec, packed)
	require.NoError(t, err)
}

func run(t *testing.T, dir string, die int) error {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	command.Env = append(os.Environ(), child+"="+strconv.Itoa(die), "STORE_TEST_DIR="+dir)
	out, err := command.CombinedOutput()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		require.NoError(t, err, string(out))
	}
	return err
}

// A process is killed before every change of the disk, on an empty volume and on one
// where the plugin is damaged.
func TestKilledAtEveryStep(t *testing.T) {
	if testing.Short() {
		t.Skip("starts some fifty processes: not in -short")
	}
	for name, prepare := range map[string]func(t *testing.T, dir string){
		"empty": func(*testing.T, string) {},
		"damaged": func(t *testing.T, dir string) {
			spec, packed := plugin(t, "x", "1.0.0")
			entry, err := stage(t, open(t, dir, nil), spec, packed)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(filepath.Join(dir, entry.Package(), "package.json"), 3))
		},
	} {
		t.Run(name, func(t *testing.T) {
			steps := 1
			for ; ; steps++ {
				dir := t.TempDir()
				prepare(t, dir)
				killed := run(t, dir, steps) != nil
				s := open(t, dir, nil)
				spec, packed := plugin(t, "x", "1.0.0")
				listed, err := s.List()
				require.NoError(t, err)
				if _, err := s.Find(t.Context(), spec); len(listed) > 0 && name == "empty" {
					require.NoError(t, err, "step %d: what can be seen is whole", steps)
				}
				_, err = stage(t, s, spec, packed)
				require.NoError(t, err, "step %d", steps)
				_, err = s.Find(t.Context(), spec)
				require.NoError(t, err, "step %d", steps)
				listed, err = s.List()
				require.NoError(t, err)
				require.Len(t, listed, 1)
				_, err = s.Volume().Sweep(t.Context(), s.Volume().Now().AddDate(0, 0, 1))
				require.NoError(t, err)
				left, err := s.Volume().Folders("tmp")
				require.NoError(t, err)
				require.Empty(t, left)
				if !killed {
					break
				}
			}
			require.Greater(t, steps, 10)
			t.Logf("killed at %d steps", steps-1)
		})
	}
}

// mount mounts a small file system in memory.
func mount(t *testing.T, options string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skip("needs the right to mount a file system in memory: " + err.Error())
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

func TestFull(t *testing.T) {
	for name, options := range map[string]string{"space": "size=64k", "inodes": "size=8m,nr_inodes=9"} {
		t.Run(name, func(t *testing.T) {
			s := open(t, mount(t, options), nil)
			files := tarballtest.Plugin("x", "1.0.0")
			files["big"], files["a/b/c/d"], files["e/f"] = strings.Repeat("0123456789", 20_000), "", ""
			packed := tarballtest.Pack(t, files)
			_, err := stage(t, s, spec("x", "1.0.0", packed), packed)
			require.ErrorIs(t, err, volume.ErrFull)
			require.False(t, store.Refused(err))
			nothing(t, s)
		})
	}
}

func TestReadOnly(t *testing.T) {
	dir := mount(t, "size=1m")
	s := open(t, dir, nil)
	staged, packed := plugin(t, "x", "1.0.0")
	_, err := stage(t, s, staged, packed)
	require.NoError(t, err)
	require.NoError(t, syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	_, err = s.Find(t.Context(), staged)
	require.NoError(t, err, "reading needs no writing")
	other, packed := plugin(t, "y", "1.0.0")
	_, err = stage(t, s, other, packed)
	require.ErrorIs(t, err, volume.ErrReadOnly)
	require.False(t, store.Refused(err))
}

func TestDenied(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, nil)
	staged, packed := plugin(t, "x", "1.0.0")
	failed := make(chan error)
	go func() {
		if os.Geteuid() == 0 { // root may do everything: this thread acts as nobody
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			if err := syscall.Setfsuid(65534); err != nil {
				t.Error(err)
			}
		} else if err := os.Chmod(dir, 0o555); err != nil {
			t.Error(err)
		}
		_, err := s.Stage(t.Context(), staged, bytes.NewReader(packed), tarball.DefaultLimits())
		failed <- err
	}()
	err := <-failed
	require.ErrorIs(t, err, volume.ErrDenied)
	require.False(t, store.Refused(err))
	_, err = os.Stat(filepath.Join(dir, "store"))
	require.Error(t, err)
}

func TestNoVolume(t *testing.T) {
	_, err := store.Open(filepath.Join(t.TempDir(), "none"), volume.Options{})
	require.ErrorContains(t, err, "open the volume")
}
