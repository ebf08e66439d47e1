package npm

import (
	"context"
	"crypto/sha512"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"

	"gatehouse/plugins"
)

// Folder is a cache in a folder, which may be shared by many at once and need not
// be there yet. Files and folders are only for the user. It grows: nothing is ever
// removed but what is damaged.
type Folder string

// Open hashes the file before it gives it, and removes it if it is damaged.
func (f Folder) Open(ctx context.Context, integrity plugins.Integrity) (io.ReadCloser, error) {
	file, err := f.open(ctx, integrity)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read %s from the cache %s: %w", short(integrity), string(f), ErrNotCached)
	case err != nil:
		return nil, fmt.Errorf("read %s from the cache %s: %w", short(integrity), string(f), err)
	}
	return file, nil
}

func (f Folder) open(ctx context.Context, integrity plugins.Integrity) (file *os.File, err error) {
	if integrity.IsZero() {
		return nil, fs.ErrNotExist
	}
	place := f.place(integrity)
	info, err := os.Lstat(place)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // to open a pipe would wait for ever
		return nil, damaged(place, "it is no file")
	}
	if file, err = os.Open(place); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = file.Close()
		}
	}()
	sum := sha512.New()
	if _, err = io.Copy(sum, reader(ctx, file)); err != nil {
		return nil, err
	}
	if plugins.IntegrityOf([sha512.Size]byte(sum.Sum(nil))) != integrity {
		return nil, damaged(place, "it has another SHA-512")
	}
	_, err = file.Seek(0, io.SeekStart)
	return file, err
}

// damaged removes the entry, and says so.
func damaged(place, why string) error {
	err := fmt.Errorf("%w: %s: %s; it is removed", ErrDamaged, place, why)
	if gone := os.Remove(place); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = fmt.Errorf("%w: %s: %s, and it cannot be removed: %w", ErrDamaged, place, why, gone)
	}
	return err
}

// Put copies the file beside its place and renames it, if it is what it is called.
func (f Folder) Put(ctx context.Context, integrity plugins.Integrity, path string) error {
	if err := f.put(ctx, integrity, path); err != nil {
		return fmt.Errorf("keep %s in the cache %s: %w", short(integrity), string(f), err)
	}
	return nil
}

func (f Folder) put(ctx context.Context, integrity plugins.Integrity, path string) error {
	if integrity.IsZero() {
		return fmt.Errorf("%w: it has no SHA-512 to be kept by", ErrIntegrity)
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	place := f.place(integrity)
	if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
		return err
	}
	// Beside, and not in another file system's folder for temporary files.
	to, err := renameio.NewPendingFile(place, renameio.WithTempDir(filepath.Dir(place)), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	defer func() { _ = to.Cleanup() }()
	sum := sha512.New()
	if _, err := io.Copy(io.MultiWriter(to, sum), reader(ctx, from)); err != nil {
		return err
	}
	if plugins.IntegrityOf([sha512.Size]byte(sum.Sum(nil))) != integrity {
		return fmt.Errorf("%w: %s has another SHA-512", ErrIntegrity, path)
	}
	return to.CloseAtomicallyReplace()
}

func (f Folder) place(integrity plugins.Integrity) string {
	return filepath.Join(string(f), filepath.FromSlash(CacheKey(integrity)))
}

// short names a tarball in messages.
func short(integrity plugins.Integrity) string {
	return "sha512:" + integrity.Hex()[:min(12, len(integrity.Hex()))]
}

// reader ends with the context.
func reader(ctx context.Context, r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		return r.Read(p)
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
