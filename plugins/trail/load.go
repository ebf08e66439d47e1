package trail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
)

// readers is how many records are read at once.
const readers = 16

// Load reads a whole log in its order. A record that is damaged is a problem and
// is left out of the records, as is what is no record; an error is what kept the
// log from being read, and nothing is known then.
func Load(ctx context.Context, log Log) ([]Record, []Problem, error) {
	records, problems, _, err := load(ctx, log)
	return records, problems, err
}

// load tells too which sequences another version of this program may have written.
func load(ctx context.Context, log Log) (good []Record, problems []Problem, newer map[int64]bool, err error) {
	listing, err := log.List(ctx)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the audit trail in %s: %w", log, err)
	}
	records, damage := make([]Record, len(listing.Places)), make([]error, len(listing.Places))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i, place := range listing.Places {
		group.Go(func() error {
			content, err := log.Read(ctx, place)
			if err != nil {
				return fmt.Errorf("read %s of the audit trail in %s: %w", place.Name(), log, err)
			}
			records[i], damage[i] = Decode(content)
			if damage[i] == nil && records[i].Sequence != place.Sequence {
				damage[i] = misplaced(records[i].Sequence)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, nil, err
	}
	problems, newer = listing.Strange, map[int64]bool{}
	for i, place := range listing.Places {
		var other misplaced
		var version *versionError
		newer[place.Sequence] = errors.As(damage[i], &version)
		switch {
		case errors.As(damage[i], &other):
			problems = append(problems, Problem{Misplaced, place.Sequence, fmt.Sprintf("%s holds record %d", place.Name(), other)})
		case damage[i] != nil:
			problems = append(problems, Problem{Unreadable, place.Sequence, fmt.Sprintf("%s: %v", place.Name(), damage[i])})
			continue
		}
		good = append(good, records[i])
	}
	return good, problems, newer, nil
}

// Inspect is [Load] and [Verify]. What is in a record's place and is none, and was
// passed over, is Foreign: the record behind it follows the one before it, or there is
// none behind it and a known head says that the log got as far as the one before it. What
// another version of this program may have written at the end is not: nobody can tell.
func Inspect(ctx context.Context, log Log, known ...Head) ([]Record, []Problem, error) {
	records, problems, newer, err := load(ctx, log)
	if err != nil {
		return nil, nil, err
	}
	verified := Verify(records, known...)
	for i, p := range problems {
		if p.Kind == Unreadable && passed(records, p.Sequence, known, newer[p.Sequence]) {
			problems[i].Kind = Foreign
			// One thing is told once.
			verified = slices.DeleteFunc(verified, func(v Problem) bool { return v.Kind == Foreign && v.Sequence == p.Sequence })
		}
	}
	return records, append(problems, verified...), nil
}

// passed tells whether no record of the chain was at a place.
func passed(records []Record, sequence int64, known []Head, newer bool) bool {
	at, _ := slices.BinarySearchFunc(records, sequence, func(r Record, s int64) int { return cmp.Compare(r.Sequence, s) })
	if at == 0 {
		return false
	}
	before := records[at-1]
	if at < len(records) {
		return records[at].Previous == before.Hash
	}
	return !newer && slices.ContainsFunc(known, func(h Head) bool { return h != Head{} && h.Sequence <= before.Sequence })
}

type misplaced int64

func (m misplaced) Error() string { return fmt.Sprintf("it holds record %d", int64(m)) }
