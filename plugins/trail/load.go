package trail

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// readers is how many records are read at once.
const readers = 16

// Load reads a whole log in its order. A record that is damaged is a problem and
// is left out of the records, as is what is no record; an error is what kept the
// log from being read, and nothing is known then.
func Load(ctx context.Context, log Log) ([]Record, []Problem, error) {
	listing, err := log.List(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read the audit trail in %s: %w", log, err)
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
		return nil, nil, err
	}
	problems := listing.Strange
	var good []Record
	for i, place := range listing.Places {
		var other misplaced
		switch {
		case errors.As(damage[i], &other):
			problems = append(problems, Problem{Misplaced, place.Sequence, fmt.Sprintf("%s holds record %d", place.Name(), other)})
		case damage[i] != nil:
			problems = append(problems, Problem{Unreadable, place.Sequence, fmt.Sprintf("%s: %v", place.Name(), damage[i])})
			continue
		}
		good = append(good, records[i])
	}
	return good, problems, nil
}

type misplaced int64

func (m misplaced) Error() string { return fmt.Sprintf("it holds record %d", int64(m)) }
