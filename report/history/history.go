// Package history keeps runs: one file a run, under its environment, written
// once and never changed. Here are how a run is kept and a folder that keeps
// them; report/history/s3 keeps them in a bucket.
//
// What the runs of the past mean for one is report/compare's work.
package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"gatehouse/report/readiness"
	"gatehouse/report/results"
)

// Store keeps runs. It may be used by several goroutines and several processes
// at once.
type Store interface {
	// Put keeps a run. To keep the same run again changes nothing; another run
	// under an ID that is there is [ErrExists].
	Put(ctx context.Context, run readiness.Run) error
	// List names the runs of an environment, of every one for "", that began at
	// since or later (all for the zero time), newest first. The refs come from
	// the IDs: Started is whole seconds.
	List(ctx context.Context, environment string, since time.Time) ([]readiness.Ref, error)
	// Get reads a run. One that is not there is [ErrNotFound].
	Get(ctx context.Context, id string) (readiness.Run, error)
}

var (
	// ErrExists means that another run is kept under the ID.
	ErrExists = errors.New("another run is kept under this ID; it stays as it is")
	// ErrNotFound means that no run is kept under the ID.
	ErrNotFound = errors.New("no such run is kept")
)

// suffix ends the name of every file of a run.
const suffix = ".json.gz"

// ids are ENVIRONMENT-START. An environment begins with no dot and holds no
// slash: it is the name of a folder.
var ids = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9._-]{0,99})-([0-9]{8}T[0-9]{6}Z)$`)

// ParseID is what a run's ID says; anything else, such as a path, is an error.
func ParseID(id string) (readiness.Ref, error) {
	parts := ids.FindStringSubmatch(id)
	if parts == nil {
		return readiness.Ref{}, fmt.Errorf("%q is no run's ID: want one such as staging-20261122T101500Z", id)
	}
	started, err := time.Parse(readiness.IDTime, parts[2])
	if err != nil {
		return readiness.Ref{}, fmt.Errorf("%q is no run's ID: %w", id, err)
	}
	return readiness.Ref{ID: id, Environment: parts[1], Started: started}, nil
}

// CheckEnvironment tells whether a text can name an environment, or is "" for
// every one.
func CheckEnvironment(name string) error {
	if name == "" || ids.MatchString(name+"-20060102T150405Z") {
		return nil
	}
	return fmt.Errorf("%q is no name of an environment", name)
}

// Key is where a run is kept: ENVIRONMENT/ID.json.gz.
func Key(ref readiness.Ref) string { return ref.Environment + "/" + ref.ID + suffix }

// ParseKey is the run that a key names; ok is false for what is not ours.
func ParseKey(key string) (ref readiness.Ref, ok bool) {
	folder, name, _ := strings.Cut(key, "/")
	id, ours := strings.CutSuffix(name, suffix)
	ref, err := ParseID(id)
	return ref, ours && err == nil && ref.Environment == folder
}

// Encode is a run as it is kept, and its key. The same run makes the same bytes.
func Encode(run readiness.Run) (key string, content []byte, err error) {
	ref, err := ParseID(run.ID)
	if err != nil {
		return "", nil, err
	}
	text, err := json.Marshal(run)
	if err != nil {
		return "", nil, fmt.Errorf("encode run %s: %w", run.ID, err)
	}
	// What could not be read back must not be kept.
	if _, err := results.Read(run.ID, bytes.NewReader(text)); err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b) // without a name or a time in its header
	if _, err := w.Write(text); err != nil {
		return "", nil, fmt.Errorf("compress run %s: %w", run.ID, err)
	}
	if err := w.Close(); err != nil {
		return "", nil, fmt.Errorf("compress run %s: %w", run.ID, err)
	}
	return Key(ref), b.Bytes(), nil
}

// Decode reads a run as it is kept. It must be the one that the ID names.
func Decode(id string, r io.Reader) (readiness.Run, error) {
	text, err := gzip.NewReader(r)
	if err != nil {
		return readiness.Run{}, fmt.Errorf("decompress run %s: %w", id, damaged(err))
	}
	run, err := results.Read(id, reader{text})
	if err != nil {
		return readiness.Run{}, err
	}
	if run.ID != id {
		return readiness.Run{}, fmt.Errorf("what is kept as run %s is run %s", id, run.ID)
	}
	return run, nil
}

// Same tells whether kept content is a run, whoever compressed it. Both are taken
// as they are read back: what is not UTF-8 in a run is replaced when it is
// written.
func Same(kept io.Reader, run readiness.Run) bool {
	earlier, err := Decode(run.ID, kept)
	if err != nil {
		return false
	}
	_, content, err := Encode(run)
	if err != nil {
		return false
	}
	now, err := Decode(run.ID, bytes.NewReader(content))
	if err != nil {
		return false
	}
	a, errA := json.Marshal(earlier)
	b, errB := json.Marshal(now)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// reader words what gzip finds.
type reader struct{ io.Reader }

func (r reader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged(err)
	}
	return n, err
}

func damaged(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the file is cut off")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return fmt.Errorf("the file is damaged: %w", err)
	}
	return err
}

// NewestFirst sorts refs as [Store] lists them.
func NewestFirst(refs []readiness.Ref) {
	slices.SortFunc(refs, func(a, b readiness.Ref) int {
		if c := b.Started.Compare(a.Started); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}
