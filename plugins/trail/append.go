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
// lost records, and nothing is appended to it; nor is it when its last record is
// damaged. See [Verify].
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
		head, err := headOf(ctx, log)
		if err != nil {
			return Record{}, err
		}
		if lost := behind(head, known); lost != nil {
			return Record{}, lost
		}
		if head != last {
			stuck, last = 0, head
		}
		content, err := record.follow(head)
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

// follow puts the record behind a head.
func (r *Record) follow(head Head) (content []byte, err error) {
	r.Sequence, r.Previous, r.Hash = head.Sequence+1, head.Hash, Hash{}
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

// HeadOf is the log's last record's, the zero Head for an empty log. It reads that
// record alone, and fails when its hash is wrong.
func HeadOf(ctx context.Context, log Log) (Head, error) {
	head, err := headOf(ctx, log)
	if err != nil {
		return Head{}, fmt.Errorf("find the head of the audit trail in %s: %w", log, err)
	}
	return head, nil
}

func headOf(ctx context.Context, log Log) (Head, error) {
	listing, err := log.List(ctx)
	if err != nil || len(listing.Places) == 0 {
		return Head{}, err
	}
	place := listing.Places[len(listing.Places)-1]
	record, err := read(ctx, log, place)
	if err != nil {
		return Head{}, err
	}
	hash, err := record.digest()
	if err == nil && hash != record.Hash {
		err = errors.New("it was changed")
	}
	if err == nil && record.Sequence != place.Sequence {
		err = fmt.Errorf("it is record %d", record.Sequence)
	}
	if err != nil {
		return Head{}, damaged(place, err)
	}
	return record.Head(), nil
}

func damaged(place Place, err error) error {
	return fmt.Errorf("%s, the last record: %w; see `gatehouse plugin history --verify`", place.Name(), err)
}

func read(ctx context.Context, log Log, place Place) (Record, error) {
	content, err := log.Read(ctx, place)
	if err != nil {
		return Record{}, err
	}
	record, err := Decode(content)
	if err != nil {
		return Record{}, damaged(place, err)
	}
	return record, nil
}

// behind says which of the known heads the log no longer has.
func behind(head Head, known []Head) error {
	for _, k := range known {
		if k.Sequence > head.Sequence || k.Sequence == head.Sequence && k.Hash != head.Hash {
			return fmt.Errorf("it ends with %s, but had record %s: records were removed; see `gatehouse plugin history --verify`", head, k)
		}
	}
	return nil
}
