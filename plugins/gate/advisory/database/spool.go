package database

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// spool keeps entries in the order in which they come, in a file without a name:
// nothing of it is left when the process ends. Only where they are is in memory.
type spool struct {
	file   *os.File
	to     *bufio.Writer
	at     int64
	places []place
}

func newSpool(folder string) (*spool, error) {
	file, err := unnamed(folder)
	if err != nil {
		return nil, err
	}
	return &spool{file: file, to: bufio.NewWriterSize(file, 1<<20)}, nil
}

// unnamed is an empty file that nobody else reaches.
func unnamed(folder string) (*os.File, error) {
	file, err := os.CreateTemp(folder, "gatehouse-advisories-*")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("remove the name of a temporary file: %w", err)
	}
	return file, nil
}

func (s *spool) close() { _ = s.file.Close() }

func (s *spool) add(name string, entry []byte) error {
	if _, err := s.to.Write(entry); err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	s.places = append(s.places, place{name, s.at, int64(len(entry))})
	s.at += int64(len(entry))
	return nil
}

// write writes the database with everything in order.
func (s *spool) write(ctx context.Context, summary Summary, w io.Writer) (Summary, error) {
	if err := s.to.Flush(); err != nil {
		return Summary{}, fmt.Errorf("write a temporary file: %w", err)
	}
	slices.SortFunc(s.places, func(a, b place) int { return strings.Compare(a.name, b.name) })
	f := newFile(w)
	for rest := s.places; len(rest) > 0; {
		if err := ctx.Err(); err != nil {
			return Summary{}, err
		}
		same := 1
		for same < len(rest) && rest[same].name == rest[0].name {
			same++
		}
		entries := make([][]byte, same)
		for i, at := range rest[:same] {
			entries[i] = make([]byte, at.size)
			if _, err := s.file.ReadAt(entries[i], at.at); err != nil {
				return Summary{}, fmt.Errorf("read a temporary file: %w", err)
			}
		}
		slices.SortFunc(entries, bytes.Compare)
		f.block(rest[0].name, entries)
		summary.Packages++
		rest = rest[same:]
	}
	return f.finish(summary, w)
}
