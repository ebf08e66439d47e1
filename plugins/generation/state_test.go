package generation_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/generation"
)

func TestHistory(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	one, two := s.assemble(t), s.assemble(t, s.stage(t, "a", "1.0.0"))
	set := func(id generation.ID) generation.State {
		state, err := s.SetCurrent(t.Context(), id, generation.Runs{})
		require.NoError(t, err)
		require.Equal(t, id, state.Current())
		return state
	}
	mark := func(id generation.ID, mark generation.Mark, reason string) generation.State {
		state, err := s.Mark(t.Context(), id, mark, reason)
		require.NoError(t, err)
		return state
	}
	require.Empty(t, set(one.ID).LastGood())
	require.Equal(t, one.ID, mark(one.ID, generation.Proved, "loaded").LastGood())
	set(two.ID)
	require.Equal(t, one.ID, mark(two.ID, generation.Failed, "a threw").LastGood())
	state := set(one.ID) // the way back
	require.Len(t, state.History, 3)
	require.Empty(t, state.History[2].Mark, "it has to be proved again")
	require.Equal(t, one.ID, state.LastGood())
	require.Equal(t, "a threw", state.History[1].Reason)
	require.Equal(t, state, set(one.ID), "no new turn")
	mark(one.ID, generation.Proved, "loaded again")
	again := mark(one.ID, generation.Proved, "loaded again")
	require.Equal(t, 6, again.Revision)
	_, err := s.Mark(t.Context(), one.ID, "good", "")
	require.ErrorContains(t, err, "unknown mark")

	text, err := os.ReadFile(filepath.Join(s.dir, "current"))
	require.NoError(t, err)
	var read generation.State
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, again, read)
}

// No change is lost when many change at once, without any lease.
func TestChangesAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, nil)
	first := s.assemble(t)
	_, err := s.SetCurrent(t.Context(), first.ID, generation.Runs{})
	require.NoError(t, err)
	var writers sync.WaitGroup
	for i := range 6 {
		other := open(t, dir, nil)
		writers.Go(func() {
			if _, err := other.Mark(t.Context(), first.ID, generation.Failed, strconv.Itoa(i)); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	state, err := s.State()
	require.NoError(t, err)
	require.Equal(t, 7, state.Revision)
}

// The state is found when the file current is older, and after old states are gone.
func TestStateGoesOn(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	one, two := s.assemble(t), s.assemble(t, s.stage(t, "a", "1.0.0"))
	current := filepath.Join(s.dir, "current")
	_, err := s.SetCurrent(t.Context(), one.ID, generation.Runs{})
	require.NoError(t, err)
	old, err := os.ReadFile(current)
	require.NoError(t, err)
	for _, id := range []generation.ID{two.ID, one.ID, two.ID} {
		_, err = s.SetCurrent(t.Context(), id, generation.Runs{})
		require.NoError(t, err)
	}
	require.NoError(t, os.WriteFile(current, old, 0o644))
	s.ahead = 48 * time.Hour
	_, err = s.GC(t.Context(), generation.Retention{Keep: 5, Grace: time.Hour})
	require.NoError(t, err)
	state, err := s.State()
	require.NoError(t, err)
	require.Equal(t, 4, state.Revision)
	require.Equal(t, two.ID, state.Current())

	_, err = s.Mark(t.Context(), two.ID, generation.Proved, "")
	require.NoError(t, err)
	s.ahead *= 2
	_, err = s.GC(t.Context(), generation.Retention{Keep: 5, Grace: time.Hour})
	require.NoError(t, err)
	files, err := os.ReadDir(filepath.Join(s.dir, "states"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	state, err = s.State()
	require.NoError(t, err)
	require.Equal(t, 5, state.Revision)
}

func TestHistoryIsBounded(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	one, two := s.assemble(t), s.assemble(t, s.stage(t, "a", "1.0.0"))
	history := []generation.Turn{{Generation: one.ID, Mark: generation.Proved}}
	for range 499 {
		history = append(history, generation.Turn{Generation: two.ID, Mark: generation.Failed})
	}
	text, err := json.Marshal(generation.State{Revision: 500, History: history})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "current"), text, 0o644))
	state, err := s.SetCurrent(t.Context(), one.ID, generation.Runs{})
	require.NoError(t, err)
	require.Len(t, state.History, 500)
	require.Equal(t, one.ID, state.LastGood())
	require.Equal(t, one.ID, state.Current())
}

func TestForeignState(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "{", "empty": "", "another": "{}", "no history": `{"revision":3}`,
		"a generation elsewhere": `{"revision":1,"history":[{"generation":"../x"}]}`,
		"a mark of tomorrow":     `{"revision":1,"history":[{"generation":"1-00000000000000000000000000000000","mark":"maybe"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir(), nil)
			require.NoError(t, os.WriteFile(filepath.Join(s.dir, "current"), []byte(text), 0o644))
			_, err := s.Current()
			require.ErrorContains(t, err, "current")
			g := s.assemble(t)
			_, err = s.SetCurrent(t.Context(), g.ID, generation.Runs{})
			require.ErrorContains(t, err, "current", "nobody writes over what cannot be read")
		})
	}
}
