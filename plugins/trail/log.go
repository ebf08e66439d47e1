package trail

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Log keeps records, and neither changes nor removes one. It knows nothing of what
// is in them.
type Log interface {
	// List is what is there, looking at names alone.
	List(ctx context.Context) (Listing, error)
	// Read is the content of one place, at most MaxSize bytes of it and one.
	Read(ctx context.Context, place Place) ([]byte, error)
	// Create writes a record that is not there yet, whole or not at all. It fails
	// with ErrExists when there is one of that sequence, whatever is in it.
	Create(ctx context.Context, sequence int64, content []byte) error
	// String names the log for people.
	String() string
}

// ErrExists means that there is a record of that sequence already.
var ErrExists = errors.New("there is a record of that sequence already")

// Listing is what a log has.
type Listing struct {
	// Places are the records by sequence, upwards.
	Places []Place
	// Strange is what is there and should not be.
	Strange []Problem
}

// Place is where one record is.
type Place struct {
	// Sequence is that of its name.
	Sequence int64
	// Version is the store's own, "" where it has none.
	Version string
}

// digits are enough for int64, so that names sort as numbers do.
const digits = 19

// Name is a record's file or object: 0000000000000000042.json.
func (p Place) Name() string { return fmt.Sprintf("%0*d.json", digits, p.Sequence) }

// ParseName reads what Name writes.
func ParseName(name string) (sequence int64, ours bool) {
	number, ours := strings.CutSuffix(name, ".json")
	if !ours || len(number) != digits {
		return 0, false
	}
	sequence, err := strconv.ParseInt(number, 10, 64)
	return sequence, err == nil && sequence > 0 && Place{Sequence: sequence}.Name() == name
}
