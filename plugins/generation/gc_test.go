package generation_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/generation"
)

func TestGC(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	var made []generation.ID
	for _, version := range []string{"1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0", "6.0.0", "7.0.0"} {
		made = append(made, s.assemble(t, s.stage(t, "a", version)).ID)
	}
	for _, id := range []generation.ID{made[1], made[2]} {
		_, err := s.SetCurrent(t.Context(), id, generation.Runs{})
		require.NoError(t, err)
		if id == made[1] {
			_, err = s.Mark(t.Context(), id, generation.Proved, "")
			require.NoError(t, err)
		}
	}
	keep := generation.Retention{Keep: 2, Running: []generation.ID{made[3]}, Grace: time.Hour}
	garbage, err := s.GC(t.Context(), keep)
	require.NoError(t, err)
	require.Equal(t, generation.Garbage{}, garbage, "all are young")

	s.ahead = 2 * time.Hour
	young := s.assemble(t, s.stage(t, "a", "1.0.0")) // it was there, and is asked for now
	require.Equal(t, made[0], young.ID)
	s.stage(t, "b", "1.0.0") // in no generation yet
	garbage, err = s.GC(t.Context(), keep)
	require.NoError(t, err)
	require.Equal(t, []generation.ID{made[4]}, garbage.Generations)
	require.Len(t, garbage.Entries, 1)
	require.Contains(t, garbage.Entries[0], "a@5.0.0-")
	left, err := s.IDs()
	require.NoError(t, err)
	require.Equal(t, slices.Delete(slices.Clone(made), 4, 5), left)
	for _, id := range left {
		found, err := s.Verify(t.Context(), id)
		require.NoError(t, err)
		require.Empty(t, found)
	}
	current, err := s.Current()
	require.NoError(t, err)
	require.Equal(t, made[2], current)

	for _, bad := range []generation.Retention{{}, {Keep: 1}, {Keep: 1, Grace: time.Second}, {Keep: 1, Grace: time.Hour, Running: []generation.ID{"x"}}} {
		_, err := s.GC(t.Context(), bad)
		require.Error(t, err)
	}
}

// When it cannot be told what is in use, nothing goes.
func TestGCCannotTell(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	first := s.assemble(t, s.stage(t, "a", "1.0.0"))
	s.assemble(t, s.stage(t, "a", "2.0.0"))
	_, err := s.SetCurrent(t.Context(), first.ID, generation.Runs{})
	require.NoError(t, err)
	s.ahead = 48 * time.Hour
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "current"), []byte("{"), 0o644))
	garbage, err := s.GC(t.Context(), generation.Retention{Keep: 1, Grace: time.Hour})
	require.ErrorContains(t, err, "put the newest file of states/ in its place")
	require.Equal(t, generation.Garbage{}, garbage)

	require.NoError(t, os.Remove(filepath.Join(s.dir, "current"))) // it is found again from states/
	require.NoError(t, os.Truncate(filepath.Join(s.dir, "generations", string(first.ID), "generation.json"), 5))
	garbage, err = s.GC(t.Context(), generation.Retention{Keep: 1, Grace: time.Hour})
	require.NoError(t, err)
	require.Empty(t, garbage.Entries, "the damaged one may have any of them")
}
