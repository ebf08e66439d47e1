package database

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"
)

// The file, all numbers big-endian:
//
//	head    magic, with the format's version as its last byte
//	blocks  one per package, sorted by name: its entries, each as uvarint length,
//	        a byte for its kind, JSON; sorted by bytes
//	index   one entry per package: uvarint length, name, uvarint length of its block
//	foot    where the index begins, the time in Unix seconds and nanoseconds, how
//	        many records, doubts and packages: 8 bytes each; SHA-256 of all before
const (
	magic = "gatehouse npm advisories"
	// version is the format's. Another one is never read: a build takes seconds.
	version = 1
	head    = len(magic) + 1
	numbers = 6 * 8
	foot    = numbers + sha256.Size
)

// The kinds of entries.
const (
	// entryRecord is an OSV record, with what it says of the block's package.
	entryRecord = 'R'
	// entryDoubt is a [doubt].
	entryDoubt = 'D'
)

// doubt is a record that could not be read.
type doubt struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// Open takes a database of this size in bytes, and reads it once to verify it.
// Reading it later must give the same bytes. It holds the index in memory: some 100
// bytes a package.
func Open(from io.ReaderAt, size int64) (*Database, error) {
	d := &Database{from: from}
	if err := d.open(size); err != nil {
		return nil, fmt.Errorf("open the database of advisories: %w", err)
	}
	return d, nil
}

func (d *Database) open(size int64) error {
	if size < int64(head+foot) {
		return fmt.Errorf("%w: it has only %d bytes", ErrDamaged, size)
	}
	begin := make([]byte, head)
	if n, err := d.from.ReadAt(begin, 0); n < len(begin) {
		return err
	}
	switch {
	case string(begin[:len(magic)]) != magic:
		return fmt.Errorf("%w: it is another file", ErrDamaged)
	case begin[len(magic)] != version:
		return fmt.Errorf("%w: it is %d, not %d", ErrVersion, begin[len(magic)], version)
	}
	sum := sha256.New()
	if _, err := io.CopyBuffer(sum, io.NewSectionReader(d.from, 0, size-sha256.Size), make([]byte, 1<<20)); err != nil {
		return err
	}
	end := make([]byte, foot)
	if n, err := d.from.ReadAt(end, size-int64(foot)); n < len(end) {
		return err
	}
	if [sha256.Size]byte(sum.Sum(nil)) != [sha256.Size]byte(end[numbers:]) {
		return fmt.Errorf("%w: it has another SHA-256", ErrDamaged)
	}
	number := func(i int) int64 { return int64(binary.BigEndian.Uint64(end[i*8:])) }
	at := number(0)
	d.summary = Summary{
		AsOf: time.Unix(number(1), number(2)).UTC(), Records: int(number(3)), Doubts: int(number(4)), Packages: int(number(5)),
		Size: size, SHA256: hex.EncodeToString(end[numbers:]),
	}
	if at < int64(head) || at > size-int64(foot) {
		return fmt.Errorf("%w: its index is not in it", ErrDamaged)
	}
	index := make([]byte, size-int64(foot)-at)
	if n, err := d.from.ReadAt(index, at); n < len(index) {
		return err
	}
	return d.places(string(index), at)
}

// places reads the index, whose blocks must follow one another from the head to the
// index itself.
func (d *Database) places(index string, end int64) error {
	at, last := int64(head), ""
	for rest := index; rest != ""; {
		name, after, found := cut(rest)
		if !found {
			return fmt.Errorf("%w: its index is cut off", ErrDamaged)
		}
		size, n := uvarint(after)
		if n <= 0 || size > uint64(end-at) || len(d.index) > 0 && name <= last {
			return fmt.Errorf("%w: its index is out of order", ErrDamaged)
		}
		d.index = append(d.index, place{name, at, int64(size)})
		at, last, rest = at+int64(size), name, after[n:]
	}
	if at != end || len(d.index) != d.summary.Packages {
		return fmt.Errorf("%w: its index is of other blocks", ErrDamaged)
	}
	return nil
}

// cut reads a text with its length before it.
func cut(text string) (one, rest string, found bool) {
	size, n := uvarint(text)
	if n <= 0 || size > uint64(len(text)-n) {
		return "", "", false
	}
	return text[n : n+int(size)], text[n+int(size):], true
}

func uvarint(text string) (uint64, int) {
	return binary.Uvarint([]byte(text[:min(len(text), binary.MaxVarintLen64)]))
}

// file writes the format.
type file struct {
	to    *bufio.Writer
	sum   hash.Hash
	at    int64
	index []byte
}

func newFile(w io.Writer) *file {
	sum := sha256.New()
	f := &file{to: bufio.NewWriterSize(io.MultiWriter(w, sum), 1<<20), sum: sum}
	f.write([]byte(magic), []byte{version})
	return f
}

// write keeps an error for [file.finish].
func (f *file) write(parts ...[]byte) {
	for _, part := range parts {
		n, _ := f.to.Write(part)
		f.at += int64(n)
	}
}

// block writes the entries of one package; names must ascend.
func (f *file) block(name string, entries [][]byte) {
	begin := f.at
	for _, entry := range entries {
		f.write(binary.AppendUvarint(nil, uint64(len(entry))), entry)
	}
	f.index = binary.AppendUvarint(f.index, uint64(len(name)))
	f.index = append(f.index, name...)
	f.index = binary.AppendUvarint(f.index, uint64(f.at-begin))
}

func (f *file) finish(s Summary, w io.Writer) (Summary, error) {
	at := f.at
	f.write(f.index)
	for _, n := range []int64{at, s.AsOf.Unix(), int64(s.AsOf.Nanosecond()), int64(s.Records), int64(s.Doubts), int64(s.Packages)} {
		f.write(binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	if err := f.to.Flush(); err != nil {
		return Summary{}, err
	}
	sum := f.sum.Sum(nil)
	if _, err := w.Write(sum); err != nil {
		return Summary{}, err
	}
	s.Size, s.SHA256 = f.at+sha256.Size, hex.EncodeToString(sum)
	return s, nil
}
