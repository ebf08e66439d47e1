package generation_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/store"
	"gatehouse/plugins/tarball"
)

// sound checks what must hold after a crash at any moment: the state can be read, and
// every generation that can be seen is whole, the current and the last good one among
// them.
func sound(ctx context.Context, t require.TestingT, s *scene, why string) {
	all, err := s.IDs()
	require.NoError(t, err, why)
	for _, id := range all {
		found, err := s.Verify(ctx, id)
		require.NoError(t, err, why)
		require.Empty(t, found, why)
	}
	state, err := s.State()
	require.NoError(t, err, why)
	for _, id := range []generation.ID{state.Current(), state.LastGood()} {
		if id != "" {
			require.Contains(t, all, id, why)
		}
	}
}

const kill = "GENERATION_TEST_KILL"

// install is an installation from its begin to its end, and the collection of garbage
// after it.
func install(t *testing.T, s *scene) {
	g := s.assemble(t, s.stage(t, "a", "2.0.0"))
	_, err := s.SetCurrent(t.Context(), g.ID, generation.Runs{})
	require.NoError(t, err)
	_, err = s.Mark(t.Context(), g.ID, generation.Proved, "loaded")
	require.NoError(t, err)
	s.ahead = 24 * time.Hour
	_, err = s.GC(t.Context(), generation.Retention{Keep: 1, Grace: time.Hour})
	require.NoError(t, err)
}

func TestChild(t *testing.T) {
	if os.Getenv(kill) == "" {
		t.Skip("only for the test that starts it")
	}
	die, err := strconv.Atoi(os.Getenv(kill))
	require.NoError(t, err)
	count := 0
	var mutex sync.Mutex
	install(t, open(t, os.Getenv("GENERATION_TEST_DIR"), func(string) {
		mutex.Lock()
		defer mutex.Unlock()
		if count++; count == die {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal comes
		}
	}))
}

// An installation is killed before every change of the disk: the old generation works
// until the new one is current, and doing it again succeeds.
func TestKilledAtEveryStep(t *testing.T) {
	if testing.Short() {
		t.Skip("starts some hundred processes: not in -short")
	}
	switched := false
	for step := 1; ; step++ {
		s := open(t, t.TempDir(), nil)
		old := s.assemble(t, s.stage(t, "a", "1.0.0"))
		_, err := s.SetCurrent(t.Context(), old.ID, generation.Runs{})
		require.NoError(t, err)
		_, err = s.Mark(t.Context(), old.ID, generation.Proved, "loaded")
		require.NoError(t, err)

		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
		command.Env = append(os.Environ(), kill+"="+strconv.Itoa(step), "GENERATION_TEST_DIR="+s.dir)
		out, err := command.CombinedOutput()
		if err != nil {
			require.ErrorContains(t, err, "killed", string(out))
		}
		sound(t.Context(), t, s, "step "+strconv.Itoa(step))
		current, e := s.Current()
		require.NoError(t, e)
		if !switched {
			switched = current != old.ID
		} else {
			require.NotEqual(t, old.ID, current, "once it is switched, it stays so")
		}
		install(t, s)
		sound(t.Context(), t, s, "after step "+strconv.Itoa(step))
		if err == nil {
			require.Greater(t, step, 50)
			t.Logf("killed at %d steps", step-1)
			return
		}
	}
}

// crash is what a step of a process that has died panics with. Its deferred calls fail
// too, so that nothing is cleaned up.
type crash struct{}

// until runs something as a process that dies before its step of this number.
func until(t *rapid.T, dir string, ahead time.Duration, step int, do func(s *scene)) {
	s := openFor(t, dir, func(string) {
		if step--; step < 0 {
			panic(crash{})
		}
	})
	s.ahead = ahead
	defer func() { _ = s.store.Close() }()
	defer func() {
		if r := recover(); r != nil && r != (crash{}) {
			panic(r)
		}
	}()
	do(s)
}

// Whatever is done and wherever it dies, the current generation is whole.
func TestAnySequence(t *testing.T) {
	if testing.Short() {
		t.Skip("flushes much to the disk: not in -short")
	}
	type packed struct {
		spec store.Spec
		tgz  []byte
	}
	var all []packed
	for _, ref := range []string{"a@1.0.0", "a@2.0.0", "b@1.0.0", "c@1.0.0"} {
		name, version, _ := strings.Cut(ref, "@")
		spec, tgz := spec(t, name, version)
		all = append(all, packed{spec, tgz})
	}
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp("", "gatehouse-generation-")
		require.NoError(rt, err)
		defer func() { _ = os.RemoveAll(dir) }()
		ctx := t.Context()
		ahead := time.Duration(0)
		look := openFor(rt, dir, nil)
		defer func() { _ = look.store.Close() }()
		for range rapid.IntRange(1, 6).Draw(rt, "operations") {
			step := rapid.OneOf(rapid.Just(1<<30), rapid.IntRange(0, 60)).Draw(rt, "dies at")
			ids, err := look.IDs()
			require.NoError(rt, err)
			switch op := rapid.SampledFrom([]string{"install", "install", "back", "mark", "gc"}).Draw(rt, "operation"); {
			case op == "install":
				chosen := rapid.SliceOfNDistinct(rapid.IntRange(0, 3), 0, 3, func(i int) string { return all[i].spec.Ref.Name }).Draw(rt, "plugins")
				until(rt, dir, ahead, step, func(s *scene) {
					var list []generation.Plugin
					for _, i := range chosen {
						entry, err := s.store.Stage(ctx, all[i].spec, bytes.NewReader(all[i].tgz), tarball.DefaultLimits())
						require.NoError(rt, err)
						list = append(list, generation.Plugin{Entry: entry})
					}
					g, err := s.Assemble(ctx, list, nil)
					require.NoError(rt, err)
					_, err = s.SetCurrent(ctx, g.ID, generation.Runs{})
					require.NoError(rt, err)
				})
			case op == "gc":
				ahead += 3 * time.Hour
				running := ids[:min(len(ids), 1)]
				until(rt, dir, ahead, step, func(s *scene) {
					_, err := s.GC(ctx, generation.Retention{Keep: 1, Running: running, Grace: time.Hour})
					require.NoError(rt, err)
				})
				left, err := look.IDs()
				require.NoError(rt, err)
				require.Equal(rt, running, left[:len(running)], "what runs stays")
			case len(ids) == 0:
			case op == "back":
				id := rapid.SampledFrom(ids).Draw(rt, "to")
				until(rt, dir, ahead, step, func(s *scene) {
					_, err := s.SetCurrent(ctx, id, generation.Runs{})
					require.NoError(rt, err)
				})
			default:
				state, err := look.State()
				require.NoError(rt, err)
				if state.Current() == "" {
					continue
				}
				mark := rapid.SampledFrom([]generation.Mark{generation.Proved, generation.Failed}).Draw(rt, "mark")
				until(rt, dir, ahead, step, func(s *scene) {
					_, err := s.Mark(ctx, state.Current(), mark, "because")
					require.NoError(rt, err)
				})
			}
			sound(ctx, rt, look, "")
		}
	})
}
