package database

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"gatehouse/plugins/gate/advisory"
)

// Limits bound what is read. Zero is the default.
type Limits struct {
	// Download bounds an export as it is sent, in bytes: 1 GiB, some five times what
	// npm's has.
	Download int64
	// Records bounds the files of an export: 2,000,000. Each of npm's takes some 200
	// bytes of memory.
	Records int
	// Content bounds what they have unpacked, in bytes: 16 GiB.
	Content int64
}

func (l Limits) withDefaults() Limits {
	if l.Download <= 0 {
		l.Download = 1 << 30
	}
	if l.Records <= 0 {
		l.Records = 2_000_000
	}
	if l.Content <= 0 {
		l.Content = 16 << 30
	}
	return l
}

// ErrTooLarge means that an export has more than the limits allow: raise them if that
// is right.
var ErrTooLarge = errors.New("the export has more than the limits allow")

// Build writes the database of an export: a folder with one JSON file a record, in
// any folders, or the opened all.zip ([zip.Reader]). What is of other ecosystems, or
// withdrawn, is left out. scratch is a folder for an unnamed file of some 100 MB; ""
// is the system's. Of a full export it holds less than 256 MB in memory.
//
// A record that cannot be read is kept as a doubt of each of its packages. When not
// even those can be told it is an error, for it could be the one that matters. After
// an error, what was written is to be thrown away.
func Build(ctx context.Context, files fs.FS, w io.Writer, scratch string, limits Limits) (Summary, error) {
	s, err := newSpool(scratch)
	if err != nil {
		return Summary{}, fmt.Errorf("build the database of advisories: %w", err)
	}
	defer s.close()
	b := &builder{spool: s, limits: limits.withDefaults()}
	if err := b.readAll(ctx, files); err != nil {
		return Summary{}, fmt.Errorf("build the database of advisories: %w", err)
	}
	if b.summary.AsOf.IsZero() {
		return Summary{}, advisory.ErrEmpty
	}
	summary, err := s.write(ctx, b.summary, w)
	if err != nil {
		return Summary{}, fmt.Errorf("build the database of advisories: %w", err)
	}
	return summary, nil
}

type builder struct {
	limits  Limits
	files   int
	content int64

	mu      sync.Mutex
	spool   *spool
	summary Summary
}

// buffers hold the content of a record while it is parsed.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (b *builder) readAll(ctx context.Context, files fs.FS) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(2, runtime.GOMAXPROCS(0)))
	err := each(files, func(name string, size int64, open func() (io.ReadCloser, error)) error {
		b.files++
		b.content += size
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case size > advisory.MaxRecord:
			return fmt.Errorf("%s has %d bytes, more than %d: it is no record", name, size, advisory.MaxRecord)
		case b.files > b.limits.Records || b.content > b.limits.Content:
			return fmt.Errorf("%w: %d records, %d bytes", ErrTooLarge, b.limits.Records, b.limits.Content)
		}
		group.Go(func() error {
			buffer := buffers.Get().(*bytes.Buffer)
			defer buffers.Put(buffer)
			buffer.Reset()
			if err := fill(buffer, open); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if err := b.add(buffer.Bytes()); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		})
		return nil
	})
	// A file that cannot be read ends the walk by its context: it is the cause.
	if cause := group.Wait(); cause != nil {
		return cause
	}
	return err
}

// each calls do with each record's file. A zip is not used by its names: their tree
// would take more memory than all else.
func each(files fs.FS, do func(name string, size int64, open func() (io.ReadCloser, error)) error) error {
	if packed, is := files.(*zip.Reader); is {
		for _, f := range packed.File {
			if strings.HasSuffix(f.Name, "/") || path.Ext(f.Name) != ".json" {
				continue
			}
			if err := do(f.Name, int64(min(f.UncompressedSize64, advisory.MaxRecord+1)), f.Open); err != nil {
				return err
			}
		}
		return nil
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		info, err := fs.Stat(files, name) // a link's target
		if err != nil {
			return err
		}
		return do(name, info.Size(), func() (io.ReadCloser, error) { return files.Open(name) })
	})
}

// fill reads a file to its end, by which a zip knows that it is whole.
func fill(buffer *bytes.Buffer, open func() (io.ReadCloser, error)) error {
	from, err := open()
	if err != nil {
		return err
	}
	defer from.Close()
	n, err := buffer.ReadFrom(io.LimitReader(from, advisory.MaxRecord+1))
	if err != nil {
		return err
	}
	if n > advisory.MaxRecord {
		return fmt.Errorf("it has more than %d bytes: it is no record", advisory.MaxRecord)
	}
	return nil
}

// add keeps what one record says of each of its packages.
func (b *builder) add(content []byte) error {
	record, wrong := advisory.ParseRecord(content)
	if wrong != nil {
		return b.doubt(content, wrong)
	}
	names := record.Packages()
	if len(names) == 0 {
		return nil
	}
	entries := make(map[string][]byte, len(names))
	if !record.Withdrawn() {
		for _, name := range names {
			short, err := record.Of(name)
			if err != nil {
				return b.doubt(content, err)
			}
			entries[name] = append([]byte{entryRecord}, short...)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if record.Modified().After(b.summary.AsOf) {
		b.summary.AsOf = record.Modified().UTC()
	}
	return b.keep(entries, 0)
}

func (b *builder) doubt(content []byte, why error) error {
	unread, err := advisory.ParseUnread(content)
	if err != nil {
		return fmt.Errorf("%w (%w): fetch the export anew, or remove the file", why, err)
	}
	if len(unread.Packages) == 0 {
		return nil
	}
	entry, err := json.Marshal(doubt{unread.ID, why.Error()})
	if err != nil {
		return err
	}
	entries := make(map[string][]byte, len(unread.Packages))
	for _, name := range unread.Packages {
		entries[name] = append([]byte{entryDoubt}, entry...)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.keep(entries, 1)
}

// keep writes the entries of one record, with the lock held.
func (b *builder) keep(entries map[string][]byte, doubts int) error {
	if len(entries) == 0 {
		return nil
	}
	b.summary.Records++
	b.summary.Doubts += doubts
	for name, entry := range entries { // in any order: the file is sorted
		if err := b.spool.add(name, entry); err != nil {
			return err
		}
	}
	return nil
}
