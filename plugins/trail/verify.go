package trail

import (
	"fmt"
	"slices"
)

// Kind is what is wrong with an audit trail.
type Kind string

// The kinds.
const (
	// Changed: a record's hash is not that of what it says.
	Changed Kind = "changed"
	// Removed: records between two others, or at the beginning, are missing.
	Removed Kind = "removed"
	// Reordered: a record stands behind a later one.
	Reordered Kind = "reordered"
	// Duplicated: a record is there twice.
	Duplicated Kind = "duplicated"
	// Inserted: two different records have one sequence, so that one is not of the
	// chain.
	Inserted Kind = "inserted"
	// Replaced: a record does not follow the one before it, or is not the one of a
	// known head: one was written anew.
	Replaced Kind = "replaced"
	// Truncated: the trail ends before a head that is known.
	Truncated Kind = "truncated"
	// Misplaced: a record is kept under another's name.
	Misplaced Kind = "misplaced"
	// Unreadable: what is kept as a record is none.
	Unreadable Kind = "unreadable"
	// Foreign: something else is in the log, and none of the chain's records is missing
	// for it.
	Foreign Kind = "foreign"
)

// Kinds is every kind.
var Kinds = []Kind{Changed, Removed, Reordered, Duplicated, Inserted, Replaced, Truncated, Misplaced, Unreadable, Foreign}

// Problem is one thing that is wrong.
type Problem struct {
	Kind Kind `json:"kind"`
	// Sequence is the record's, 0 when it is none's.
	Sequence int64 `json:"sequence"`
	// Detail says what, for people.
	Detail string `json:"detail"`
}

func (p Problem) String() string { return string(p.Kind) + ": " + p.Detail }

// Whole tells whether all problems are of what is none of the chain's: its records are
// those that were written, in their order.
func Whole(problems []Problem) bool {
	return !slices.ContainsFunc(problems, func(p Problem) bool { return p.Kind != Foreign })
}

// Verify finds what is wrong with a chain, in the order in which the log has its
// records; nil is good. known are heads that were kept elsewhere: without one, a
// trail whose last records are gone, or that was written anew as a whole, looks
// good. Times are not compared: writers' clocks differ.
func Verify(records []Record, known ...Head) []Problem {
	v := verifier{seen: map[int64]Hash{}}
	for _, r := range records {
		v.all = append(v.all, r.Sequence)
	}
	slices.Sort(v.all)
	for _, r := range records {
		v.next(r)
	}
	for _, head := range known {
		v.head(head)
	}
	return v.problems
}

type verifier struct {
	problems []Problem
	// all are the sequences upwards, seen the hashes of what came so far.
	all  []int64
	seen map[int64]Hash
	// last is the record with the highest sequence so far; whole is the hash that
	// it should have.
	last  Head
	whole Hash
}

func (v *verifier) say(kind Kind, sequence int64, format string, values ...any) {
	v.problems = append(v.problems, Problem{kind, sequence, fmt.Sprintf(format, values...)})
}

func (v *verifier) next(r Record) {
	hash, err := r.digest()
	good := err == nil && hash == r.Hash
	if !good {
		v.say(Changed, r.Sequence, "record %d is not what its hash says", r.Sequence)
	}
	other, repeated := v.seen[r.Sequence]
	switch {
	case repeated && other == r.Hash:
		v.say(Duplicated, r.Sequence, "record %d is there twice", r.Sequence)
		return
	case repeated:
		v.say(Inserted, r.Sequence, "two different records are record %d", r.Sequence)
		return
	case r.Sequence <= v.last.Sequence:
		v.say(Reordered, r.Sequence, "record %d comes behind record %d", r.Sequence, v.last.Sequence)
		v.seen[r.Sequence] = r.Hash
		return
	case r.Sequence > v.last.Sequence+1 && good && r.Previous == v.last.Hash && v.last.Sequence > 0:
		v.say(Foreign, v.last.Sequence+1, "record %d follows record %d: what was between them was none of this trail", r.Sequence, v.last.Sequence)
	case r.Sequence > v.last.Sequence+1:
		v.gap(r.Sequence)
	case good && r.Previous != v.last.Hash && r.Previous != v.whole:
		v.say(Replaced, r.Sequence, "record %d does not follow what is before it: one of the two was written anew", r.Sequence)
	}
	v.seen[r.Sequence], v.last, v.whole = r.Hash, r.Head(), hash
}

// gap says which records between the last and a sequence are nowhere. Those that
// come later are out of order, and said to be so there.
func (v *verifier) gap(sequence int64) {
	from := v.last.Sequence + 1
	at, _ := slices.BinarySearch(v.all, from)
	for ; at < len(v.all) && from < sequence; at++ {
		if v.all[at] > from {
			v.missing(from, v.all[at]-1)
		}
		from = v.all[at] + 1
	}
}

func (v *verifier) missing(from, to int64) {
	if from == to {
		v.say(Removed, from, "record %d is missing or cannot be read", from)
		return
	}
	v.say(Removed, from, "records %d to %d are missing or cannot be read", from, to)
}

func (v *verifier) head(head Head) {
	hash, there := v.seen[head.Sequence]
	switch {
	case head == Head{} || hash == head.Hash:
	case there:
		v.say(Replaced, head.Sequence, "record %d is not the one whose hash is known: it, and all that it follows, may have been written anew", head.Sequence)
	case head.Sequence > v.last.Sequence:
		v.say(Truncated, head.Sequence, "the trail ends with record %d, but record %d is known", v.last.Sequence, head.Sequence)
	}
}
