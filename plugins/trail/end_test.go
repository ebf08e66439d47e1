package trail_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/trail"
)

// grown is a log with records, and the head of the last.
func grown(t *testing.T, n int) (*memory, trail.Head) {
	t.Helper()
	log := &memory{kept: map[int64][]byte{}}
	var head trail.Head
	for i := range n {
		r, err := trail.Append(t.Context(), log, event(i), head)
		require.NoError(t, err)
		head = r.Head()
	}
	return log, head
}

// Whoever may write to the log may put something else into the next place. It stops
// nobody who knows how far the log got, and is told for ever.
func TestGarbageBehindTheKnownHeadIsPassedOver(t *testing.T) {
	copied, _ := grown(t, 1)
	for name, garbage := range map[string][]byte{
		"nothing": {}, "text": []byte("<html>\n"), "a copy of another record": copied.kept[1], "half a record": copied.kept[1][:99],
	} {
		t.Run(name, func(t *testing.T) {
			log, head := grown(t, 2)
			log.kept[3], log.kept[4], log.kept[math.MaxInt64] = garbage, garbage, garbage
			_, err := trail.HeadOf(t.Context(), log)
			require.ErrorContains(t, err, "the last record: ")
			if name != "a copy of another record" {
				_, problems, err := trail.Inspect(t.Context(), log, head)
				require.NoError(t, err)
				require.Equal(t, []trail.Kind{trail.Foreign, trail.Foreign, trail.Foreign}, kinds(problems), "known to be behind the end")
				_, problems, err = trail.Inspect(t.Context(), log)
				require.NoError(t, err)
				require.False(t, trail.Whole(problems), "without a known head nobody knows what it was")
			}
			r, err := trail.Append(t.Context(), log, event(3), head)
			require.NoError(t, err)
			require.Equal(t, int64(5), r.Sequence)
			require.Equal(t, head.Hash, r.Previous)
			next, err := trail.Append(t.Context(), log, event(4), head)
			require.NoError(t, err)
			require.Equal(t, int64(6), next.Sequence)
			require.Equal(t, r.Hash, next.Previous)

			records, problems, err := trail.Inspect(t.Context(), log, next.Head())
			require.NoError(t, err)
			require.NotEmpty(t, problems)
			if name != "a copy of another record" {
				require.Len(t, records, 4)
				require.Equal(t, []trail.Kind{trail.Foreign, trail.Foreign, trail.Foreign}, kinds(problems))
				require.True(t, trail.Whole(problems))
			}
		})
	}
}

// Nothing is passed over where a record may have been destroyed.
func TestADestroyedRecordIsNotPassedOver(t *testing.T) {
	log, head := grown(t, 3)
	log.kept[3] = []byte("<html>\n")
	_, err := trail.Append(t.Context(), log, event(3), head)
	require.ErrorContains(t, err, "records were removed")
	require.ErrorContains(t, err, "the last record: ")
	_, err = trail.Append(t.Context(), log, event(3), trail.Head{})
	require.ErrorContains(t, err, "the last record: ", "no head is known")
	_, problems, err := trail.Inspect(t.Context(), log, head)
	require.NoError(t, err)
	require.Equal(t, []trail.Kind{trail.Unreadable, trail.Truncated}, kinds(problems))

	// In the middle it is never foreign: the record behind it follows another.
	log, head = grown(t, 3)
	log.kept[2] = []byte("<html>\n")
	_, problems, err = trail.Inspect(t.Context(), log, head)
	require.NoError(t, err)
	require.Equal(t, []trail.Kind{trail.Unreadable, trail.Removed}, kinds(problems))
	require.False(t, trail.Whole(problems))
}

// What another version may have written is no garbage.
func TestAnotherVersionsRecordIsNotPassedOver(t *testing.T) {
	log, head := grown(t, 1)
	log.kept[2] = []byte(`{"format":"gatehouse.trail/2"}` + "\n")
	_, err := trail.Append(t.Context(), log, event(2), head)
	require.ErrorContains(t, err, "another version of gatehouse wrote it")
	_, problems, err := trail.Inspect(t.Context(), log, head)
	require.NoError(t, err)
	require.Equal(t, []trail.Kind{trail.Unreadable}, kinds(problems))
}

// A passed-over place whose garbage is gone is told too.
func TestAGapThatNothingIsMissingFor(t *testing.T) {
	log, head := grown(t, 1)
	log.kept[2] = nil
	_, err := trail.Append(t.Context(), log, event(2), head)
	require.NoError(t, err)
	delete(log.kept, 2)
	_, problems, err := trail.Inspect(t.Context(), log, head)
	require.NoError(t, err)
	require.Equal(t, []trail.Kind{trail.Foreign}, kinds(problems))
	require.Contains(t, problems[0].String(), "record 3 follows record 1")
}

// unread is a log whose records cannot be read now.
type unread struct{ trail.Log }

var errNetwork = errors.New("the network is gone")

func (unread) Read(context.Context, trail.Place) ([]byte, error) { return nil, errNetwork }

// What cannot be read now is no garbage.
func TestWhatCannotBeReadIsNotPassedOver(t *testing.T) {
	log, head := grown(t, 2)
	_, err := trail.Append(t.Context(), unread{log}, event(2), head)
	require.ErrorIs(t, err, errNetwork)
	_, _, err = trail.Inspect(t.Context(), unread{log}, head)
	require.ErrorIs(t, err, errNetwork)
}
