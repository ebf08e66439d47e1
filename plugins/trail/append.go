package trail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
)

// attempts is how often in a row the same sequence may turn out to be taken while
// the listing does not show it.
const attempts = 5

// Append writes the record behind the log's last and returns it as it was written:
// without secrets ([Redact]), with its sequence and hashes. Of several writers at
// once one comes first and the others follow it; the chain never forks. The very
// same record written twice at once is one record.
//
// known are heads that were kept elsewhere. A log that ends before one of them has
// lost records, and nothing is appended to it. Something else in a record's place
// behind the last record is passed over when one of these heads says that the log got
// that far: it can have been none of the chain's that anybody knows of, and [Inspect]
// tells of it for ever. Without such a head nothing is appended to it, since a record
// may have been destroyed. See [Verify].
func Append(ctx context.Context, log Log, record Record, known ...Head) (Record, error) {
	written, err := appendTo(ctx, log, record.redacted(), known)
	if err != nil {
		return Record{}, fmt.Errorf("append to the audit trail in %s: %w", log, err)
	}
	return written, nil
}

func appendTo(ctx context.Context, log Log, record Record, known []Head) (Record, error) {
	record.Format, record.Time = Format, instant(record.Time)
	if err := record.Check(); err != nil {
		return Record{}, err
	}
	last := Head{Sequence: -1}
	for stuck := 0; stuck < attempts; stuck++ {
		if err := ctx.Err(); err != nil {
			return Record{}, err
		}
		end, err := endOf(ctx, log)
		if err == nil {
			err = end.known(known)
		}
		if err != nil {
			return Record{}, err
		}
		if end.head != last {
			stuck, last = 0, end.head
		}
		content, err := record.follow(end)
		if err != nil {
			return Record{}, err
		}
		err = log.Create(ctx, record.Sequence, content)
		if errors.Is(err, ErrExists) && same(ctx, log, record.Sequence, content) {
			err = nil // the answer to our own write was lost
		}
		if !errors.Is(err, ErrExists) {
			return record, err
		}
	}
	return Record{}, fmt.Errorf("record %d is taken, but no record is there: see `gatehouse plugin history --verify`", record.Sequence)
}

// follow puts the record behind the end of a log.
func (r *Record) follow(e end) (content []byte, err error) {
	r.Sequence, r.Previous, r.Hash = e.next, e.head.Hash, Hash{}
	if r.Hash, err = r.digest(); err != nil {
		return nil, err
	}
	return Encode(*r)
}

func same(ctx context.Context, log Log, sequence int64, content []byte) bool {
	listing, err := log.List(ctx)
	if err != nil {
		return false
	}
	for _, place := range listing.Places {
		if place.Sequence == sequence {
			kept, err := log.Read(ctx, place)
			return err == nil && bytes.Equal(kept, content)
		}
	}
	return false
}
