package trail_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/trail"
)

func folder(t *testing.T) (*trail.Folder, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "trail")
	log, err := trail.OpenFolder(path)
	require.NoError(t, err)
	return log, path
}

func name(sequence int64) string { return trail.Place{Sequence: sequence}.Name() }

func TestAppendToAFolder(t *testing.T) {
	log, path := folder(t)
	head, err := trail.HeadOf(t.Context(), log)
	require.NoError(t, err)
	require.Zero(t, head)
	for i := range 12 {
		r, err := trail.Append(t.Context(), log, event(i), head)
		require.NoError(t, err)
		head = r.Head()
	}
	found, err := trail.HeadOf(t.Context(), log)
	require.NoError(t, err)
	require.Equal(t, head, found)
	records, problems, err := trail.Load(t.Context(), log)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Len(t, records, 12)
	require.Empty(t, trail.Verify(records, head))
	info, err := os.Stat(filepath.Join(path, name(12)))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	require.ErrorIs(t, log.Create(t.Context(), 12, []byte("x")), trail.ErrExists)
}

// Many writers at once make one chain, with every record once.
func TestWritersAtOnceNeverFork(t *testing.T) {
	log, _ := folder(t)
	var all sync.WaitGroup
	errs := make([]error, 4)
	for w := range errs {
		all.Go(func() {
			for i := range 5 {
				r := event(i)
				r.Reason = fmt.Sprintf("writer %d, event %d", w, i)
				if _, err := trail.Append(context.Background(), log, r); err != nil {
					errs[w] = err
				}
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	records, problems, err := trail.Load(t.Context(), log)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Empty(t, trail.Verify(records))
	reasons := map[string]int{}
	for _, r := range records {
		reasons[r.Reason]++
	}
	require.Len(t, records, 20)
	require.Len(t, reasons, 20)
}

// lost is a log whose answer to the first write is lost, as a network's may be.
type lost struct {
	trail.Log
	once sync.Once
}

func (l *lost) Create(ctx context.Context, sequence int64, content []byte) (err error) {
	err = l.Log.Create(ctx, sequence, content)
	l.once.Do(func() { err = l.Log.Create(ctx, sequence, content) })
	return err
}

func TestAWriteWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	log, _ := folder(t)
	_, err := trail.Append(t.Context(), &lost{Log: log}, event(0))
	require.NoError(t, err)
	records, _, err := trail.Load(t.Context(), log)
	require.NoError(t, err)
	require.Len(t, records, 1)
}

func TestADamagedFolderIsSaid(t *testing.T) {
	log, path := folder(t)
	var head trail.Head
	for i := range 7 {
		r, err := trail.Append(t.Context(), log, event(i))
		require.NoError(t, err)
		head = r.Head()
	}
	at := func(sequence int64) string { return filepath.Join(path, name(sequence)) }
	content, err := os.ReadFile(at(4))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(at(2), []byte("<html>"), 0o600))
	require.NoError(t, os.WriteFile(at(3), content, 0o600))
	require.NoError(t, os.WriteFile(at(5), content[:100], 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(path, "notes.txt"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(path, ".abc.tmp"), []byte("{"), 0o600)) // a writer died
	require.NoError(t, os.Remove(at(6)))
	require.NoError(t, syscall.Mkfifo(at(6), 0o600)) // to read it would wait for ever

	records, problems, err := trail.Load(t.Context(), log)
	require.NoError(t, err)
	require.Len(t, records, 4) // 1, 4 twice, 7
	require.Equal(t, []trail.Kind{trail.Foreign, trail.Foreign, trail.Unreadable, trail.Misplaced, trail.Unreadable}, kinds(problems))
	text := fmt.Sprint(problems)
	for _, part := range []string{`"notes.txt" is no record`, name(6) + `" is no record`, name(2) + ": it is cut off", name(3) + " holds record 4", name(5) + ": it is cut off"} {
		require.Contains(t, text, part)
	}
	require.Equal(t, []trail.Kind{trail.Removed, trail.Duplicated, trail.Removed}, kinds(trail.Verify(records, head)))

	_, err = log.Read(t.Context(), trail.Place{Sequence: 6})
	require.ErrorContains(t, err, "is no file")

	// Behind a last record that is damaged nothing is written.
	for _, last := range []string{"", string(content), string(content[:50])} {
		require.NoError(t, os.WriteFile(at(7), []byte(last), 0o600))
		_, err = trail.Append(t.Context(), log, event(8))
		require.ErrorContains(t, err, name(7)+", the last record: ")
		require.ErrorContains(t, err, "history --verify")
	}
	require.NoFileExists(t, at(8))
	require.NoError(t, os.Remove(at(7)))
	require.NoError(t, os.Remove(at(6)))
	require.NoError(t, os.Remove(at(5)))
	_, err = trail.Append(t.Context(), log, event(8), head)
	require.ErrorContains(t, err, "records were removed")
	require.NoFileExists(t, at(5))
}

func TestAChangedLastRecordIsNotFollowed(t *testing.T) {
	log, path := folder(t)
	r, err := trail.Append(t.Context(), log, event(0))
	require.NoError(t, err)
	r.Outcome = trail.Failed
	content, err := trail.Encode(r)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(path, name(1)), content, 0o600))
	_, err = trail.Append(t.Context(), log, event(1))
	require.ErrorContains(t, err, "it was changed")

	// Nor is one that was written anew, for those who know the head.
	require.NoError(t, os.Remove(filepath.Join(path, name(1))))
	_, err = trail.Append(t.Context(), log, event(2))
	require.NoError(t, err)
	_, err = trail.Append(t.Context(), log, event(3), trail.Head{}, r.Head())
	require.ErrorContains(t, err, "records were removed")
}

// What is taken, but is no record, ends the attempts.
func TestATakenPlaceEndsTheAttempts(t *testing.T) {
	log, path := folder(t)
	require.NoError(t, os.MkdirAll(filepath.Join(path, name(1)), 0o700))
	_, err := trail.Append(t.Context(), log, event(0))
	require.ErrorContains(t, err, "record 1 is taken, but no record is there")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = trail.Append(ctx, log, event(0))
	require.ErrorIs(t, err, context.Canceled)
}

func TestOpenFolderRefusesWhatIsNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, path := range []string{"", "s3://bucket", file, file + "/below"} {
		_, err := trail.OpenFolder(path)
		require.ErrorContains(t, err, "open the audit trail: ", path)
	}
}
