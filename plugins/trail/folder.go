package trail

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Folder is a log of one file a record, only for the user (0600), in a folder only
// for the user (0700). Who may write there may remove files too: the chain and a
// kept head show it, a bucket with Object Lock prevents it.
type Folder struct{ path string }

var _ Log = (*Folder)(nil)

// OpenFolder is the log in a folder, which need not be there yet.
func OpenFolder(path string) (*Folder, error) {
	if path == "" || strings.Contains(path, "://") {
		return nil, fmt.Errorf("open the audit trail: %q is no folder", path)
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("open the audit trail: %s is no folder", path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open the audit trail: %w", err)
	}
	return &Folder{path}, nil
}

func (f *Folder) String() string { return f.path }

// temporary ends the names of files whose writer is at work, or died.
const temporary = ".tmp"

// List needs to read names only. A folder that is not there is an empty log.
func (f *Folder) List(ctx context.Context) (Listing, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Listing{}, err
	}
	var listing Listing
	for _, entry := range entries {
		name := entry.Name()
		sequence, ours := ParseName(name)
		switch {
		case ours && entry.Type().IsRegular():
			listing.Places = append(listing.Places, Place{Sequence: sequence})
		case strings.HasPrefix(name, ".") && strings.HasSuffix(name, temporary):
		default:
			listing.Strange = append(listing.Strange, Problem{Foreign, sequence, fmt.Sprintf("%q is no record", name)})
		}
	}
	slices.SortFunc(listing.Places, func(a, b Place) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return listing, ctx.Err()
}

// Read opens nothing but a regular file: to open a pipe would wait for ever.
func (f *Folder) Read(_ context.Context, place Place) ([]byte, error) {
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Lstat(place.Name())
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", place.Name())
	}
	file, err := root.Open(place.Name())
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, MaxSize+1))
}

// Create writes the record beside its place and links it there. A link, unlike a
// rename, replaces nothing, and unlike O_EXCL alone it is never half a record.
func (f *Folder) Create(_ context.Context, sequence int64, content []byte) error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return err
	}
	defer root.Close()
	beside := "." + rand.Text() + temporary
	if err := write(root, beside, content); err != nil {
		return err
	}
	err = root.Link(beside, Place{Sequence: sequence}.Name())
	if gone := root.Remove(beside); err == nil {
		err = gone
	}
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	return syncFolder(root)
}

// write makes a new file with its content on the disk, or none.
func write(root *os.Root, name string, content []byte) error {
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if synced := file.Sync(); err == nil {
		err = synced
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = root.Remove(name)
	}
	return err
}

// syncFolder puts the new name on the disk: a record that was promised is still
// there after a power cut.
func syncFolder(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
