// Package database is OSV's whole export of npm as one file that answers by reading
// only the records of the packages that are asked for.
//
// [Build] makes the file, [Open] verifies it, [Fetch] keeps one up to date. What a
// record means is plugins/gate/advisory's; how old the knowledge may be is
// plugins/gate's. The AWS SDK is linked by s3source alone.
package database

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gatehouse/plugins/gate/advisory"
)

// Why a file is no database to work with. Find them with [errors.Is].
var (
	// ErrDamaged means that it is not as it was written: build it again.
	ErrDamaged = errors.New("the database of advisories is damaged: build it again")
	// ErrVersion means that another version of this program wrote it: build it again.
	ErrVersion = errors.New("the database of advisories has another version: build it again")
)

// Summary is what a database has.
type Summary struct {
	// AsOf is the time of the record modified last.
	AsOf time.Time
	// Records are those of npm that count: not the withdrawn ones. Doubts are those
	// among them that could not be read.
	Records, Doubts int
	// Packages is how many packages they are of.
	Packages int
	// Size is the file's, in bytes.
	Size int64
	// SHA256 is that of what the file has, in hexadecimal: the same for the same
	// records, in whatever order they came.
	SHA256 string
}

// Database is an open database. It may be used by many at once.
type Database struct {
	from    io.ReaderAt
	summary Summary
	index   []place // sorted by name
}

var _ advisory.Source = (*Database)(nil)

// place is where the records of one package are.
type place struct {
	name string
	at   int64
	size int64
}

// Summary is what it has.
func (d *Database) Summary() Summary { return d.summary }

// Find reads the records of the components' packages, and no others. It finds what
// [advisory.OSV] finds in the same records; one that could not be read is a doubt.
func (d *Database) Find(ctx context.Context, components []advisory.Component) (advisory.Report, error) {
	report := advisory.Report{AsOf: d.summary.AsOf}
	byName := advisory.ByName(components)
	for name, asked := range byName {
		if err := ctx.Err(); err != nil {
			return advisory.Report{}, fmt.Errorf("read the database of advisories: %w", err)
		}
		i, known := slices.BinarySearchFunc(d.index, name, func(p place, name string) int { return strings.Compare(p.name, name) })
		if !known {
			continue
		}
		found, err := d.of(d.index[i], asked)
		if err != nil {
			return advisory.Report{}, fmt.Errorf("read the database of advisories: %s: %w", name, err)
		}
		report.Vulnerabilities = append(report.Vulnerabilities, found...)
	}
	report.Sort()
	return report, nil
}

// of is what is known of some versions of one package.
func (d *Database) of(at place, asked []advisory.Component) ([]advisory.Vulnerability, error) {
	block := make([]byte, at.size)
	if n, err := d.from.ReadAt(block, at.at); n < len(block) {
		return nil, err
	}
	byName := map[string][]advisory.Component{at.name: asked}
	var found []advisory.Vulnerability
	for len(block) > 0 {
		size, head := binary.Uvarint(block)
		if head <= 0 || size == 0 || size > uint64(len(block)-head) {
			return nil, ErrDamaged
		}
		one, err := read(block[head:head+int(size)], byName, distinct(asked))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		found, block = append(found, one...), block[head+int(size):]
	}
	return found, nil
}

// read is what one entry says.
func read(entry []byte, byName map[string][]advisory.Component, asked []advisory.Component) ([]advisory.Vulnerability, error) {
	if entry[0] == entryRecord {
		record, err := advisory.ParseRecord(entry[1:])
		if err != nil {
			return nil, err
		}
		return record.Find(byName), nil
	}
	var unread doubt
	if err := json.Unmarshal(entry[1:], &unread); err != nil || entry[0] != entryDoubt {
		return nil, fmt.Errorf("an entry is none")
	}
	found := make([]advisory.Vulnerability, 0, len(asked))
	for _, component := range asked {
		found = append(found, advisory.Unread{ID: unread.ID}.Doubt(component, unread.Why))
	}
	return found, nil
}

// distinct leaves out what was asked twice.
func distinct(asked []advisory.Component) []advisory.Component {
	seen := map[advisory.Component]bool{}
	return slices.DeleteFunc(slices.Clone(asked), func(c advisory.Component) bool {
		twice := seen[c]
		seen[c] = true
		return twice
	})
}
