package npm

import (
	"crypto/sha512"
	"fmt"
	"io"
	"os"

	"gatehouse/plugins"
)

// Tarball is a verified tarball, to be read and closed. Its file has no name any
// more, so that nobody else reaches it and nothing is left when the process ends.
type Tarball struct {
	file *os.File
	size int64
}

// Read reads on.
func (t *Tarball) Read(p []byte) (int, error) { return t.file.Read(p) }

// ReadAt reads from an offset, as io.ReaderAt says.
func (t *Tarball) ReadAt(p []byte, off int64) (int, error) { return t.file.ReadAt(p, off) }

// Seek moves to an offset, as io.Seeker says.
func (t *Tarball) Seek(off int64, whence int) (int64, error) { return t.file.Seek(off, whence) }

// Close gives its space back.
func (t *Tarball) Close() error { return t.file.Close() }

// Size is its length in bytes.
func (t *Tarball) Size() int64 { return t.size }

// spool is a tarball on its way, in a temporary file.
type spool struct {
	file *os.File
	size int64
}

func newSpool(folder string) (*spool, error) {
	file, err := os.CreateTemp(folder, "gatehouse-*.tgz")
	if err != nil {
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return &spool{file: file}, nil
}

// fill writes the file anew, and wants that it has the integrity.
func (s *spool) fill(from io.Reader, integrity plugins.Integrity) error {
	if err := s.file.Truncate(0); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	sum := sha512.New()
	size, err := io.Copy(io.MultiWriter(s.file, sum), from)
	if err != nil {
		return fmt.Errorf("write a temporary file: %w", err)
	}
	if got := plugins.IntegrityOf([sha512.Size]byte(sum.Sum(nil))); got != integrity {
		return fmt.Errorf("%w: want %s, it is %s of %d bytes", ErrIntegrity, integrity, got, size)
	}
	s.size = size
	return nil
}

// tarball gives the file away. drop does nothing after it.
func (s *spool) tarball() (*Tarball, error) {
	if err := os.Remove(s.file.Name()); err != nil {
		return nil, fmt.Errorf("remove the name of a temporary file: %w", err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	t := &Tarball{s.file, s.size}
	s.file = nil
	return t, nil
}

// drop removes what was not given away.
func (s *spool) drop() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
	}
}
