package trail

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// end is where a log ends.
type end struct {
	// head is the last record's that is one, zero for none.
	head Head
	// next is the first sequence behind it whose place is free.
	next int64
	// damage is what is wrong with the last thing that there is, nil when that is the
	// head's record.
	damage error
}

// HeadOf is the log's last record's, the zero Head for an empty log. It reads that
// record alone, and fails when it is none, or its hash is wrong.
func HeadOf(ctx context.Context, log Log) (Head, error) {
	end, err := endOf(ctx, log)
	if err == nil {
		err = end.damage
	}
	if err != nil {
		return Head{}, fmt.Errorf("find the head of the audit trail in %s: %w", log, err)
	}
	return end.head, nil
}

// endOf reads the last record, and as many before it as are none.
func endOf(ctx context.Context, log Log) (end, error) {
	listing, err := log.List(ctx)
	if err != nil {
		return end{}, err
	}
	var e end
	for _, place := range slices.Backward(listing.Places) {
		record, damage, err := read(ctx, log, place)
		if err != nil {
			return end{}, err
		}
		if damage == nil {
			e.head = record.Head()
			break
		}
		if e.damage == nil {
			e.damage = damage
		}
	}
	e.next = e.head.Sequence + 1
	for _, place := range listing.Places {
		if place.Sequence == e.next {
			e.next++
		}
	}
	return e, nil
}

// read tells a record, or what is wrong with what is in its place; an error means that
// nobody knows.
func read(ctx context.Context, log Log, place Place) (record Record, damage, err error) {
	content, err := log.Read(ctx, place)
	if err != nil {
		return Record{}, nil, err
	}
	record, damage = Decode(content)
	var newer *versionError
	if errors.As(damage, &newer) {
		return Record{}, nil, fmt.Errorf("%s: %w", place.Name(), damage)
	}
	if damage == nil {
		var hash Hash
		if hash, err = record.digest(); err != nil {
			return Record{}, nil, err
		}
		switch {
		case hash != record.Hash:
			damage = errors.New("it was changed")
		case record.Sequence != place.Sequence:
			damage = misplaced(record.Sequence)
		}
	}
	if damage != nil {
		damage = fmt.Errorf("%s, the last record: %w; see `gatehouse plugin history --verify`", place.Name(), damage)
	}
	return record, damage, nil
}

// known says which of the known heads the log no longer has, and what is wrong behind
// its last record when none of them says that it may be passed over.
func (e end) known(heads []Head) error {
	witness := false
	for _, k := range heads {
		if k.Sequence > e.head.Sequence || k.Sequence == e.head.Sequence && k.Hash != e.head.Hash {
			return errors.Join(e.damage, fmt.Errorf("it ends with %s, but had record %s: records were removed; see `gatehouse plugin history --verify`", e.head, k))
		}
		witness = witness || k != Head{}
	}
	if witness {
		return nil
	}
	return e.damage
}
