package history

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"gatehouse/report/readiness"
)

// Folder keeps runs in a folder: files only for the user (0600), in folders
// only for the user (0700). Nothing outside is reached, whatever links there
// are inside.
type Folder struct{ path string }

// Open is the history in a folder, which need not be there yet.
func Open(ref string) (*Folder, error) {
	switch {
	case ref == "":
		return nil, errors.New("open the history: it has no name; give a folder or s3://BUCKET/PREFIX")
	case strings.Contains(ref, "://"):
		return nil, fmt.Errorf("open the history: %q is no folder", ref)
	}
	info, err := os.Stat(ref)
	switch {
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("open the history: %s is no folder", ref)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("open the history: %w", err)
	}
	return &Folder{ref}, nil
}

// Put writes the run beside its place and links it there. A link, unlike a
// rename, replaces nothing: of two writers one comes first, and the other looks
// at what that one wrote.
func (f *Folder) Put(_ context.Context, run readiness.Run) error {
	key, content, err := Encode(run)
	if err == nil {
		err = f.put(key, content, run)
	}
	if err != nil {
		return fmt.Errorf("keep run %s in %s: %w", run.ID, f.path, err)
	}
	return nil
}

func (f *Folder) put(key string, content []byte, run readiness.Run) error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return err
	}
	defer root.Close()
	folder := path.Dir(key)
	if err := root.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	beside := path.Join(folder, "."+rand.Text()+".tmp")
	if err := write(root, beside, content); err != nil {
		return err
	}
	err = root.Link(beside, key)
	if gone := root.Remove(beside); err == nil && gone != nil {
		return gone
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	kept, err := root.ReadFile(key)
	if err != nil {
		return err
	}
	if !Same(bytes.NewReader(kept), run) {
		return ErrExists
	}
	return nil
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

// List looks at names alone, so that a damaged file is in it too.
func (f *Folder) List(ctx context.Context, environment string, since time.Time) ([]readiness.Ref, error) {
	if err := CheckEnvironment(environment); err != nil {
		return nil, fmt.Errorf("list the history: %w", err)
	}
	refs, err := f.list(ctx, environment, since.Truncate(time.Second))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the history in %s: %w", f.path, err)
	}
	NewestFirst(refs)
	return refs, nil
}

func (f *Folder) list(ctx context.Context, environment string, since time.Time) ([]readiness.Ref, error) {
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	folders := []string{environment}
	if environment == "" {
		if folders, err = names(root, "."); err != nil {
			return nil, err
		}
	}
	var refs []readiness.Ref
	for _, folder := range folders {
		if info, err := root.Stat(folder); environment == "" && (err != nil || !info.IsDir()) {
			continue
		}
		files, err := names(root, folder)
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			if ref, ours := ParseKey(folder + "/" + name); ours && !ref.Started.Before(since) {
				refs = append(refs, ref)
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return refs, nil
}

func names(root *os.Root, folder string) ([]string, error) {
	dir, err := root.Open(folder)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return dir.Readdirnames(-1)
}

// Get reads one run.
func (f *Folder) Get(_ context.Context, id string) (readiness.Run, error) {
	run, err := f.get(id)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNotFound
	}
	if err != nil {
		return readiness.Run{}, fmt.Errorf("read run %q of the history in %s: %w", id, f.path, err)
	}
	return run, nil
}

func (f *Folder) get(id string) (readiness.Run, error) {
	ref, err := ParseID(id)
	if err != nil {
		return readiness.Run{}, err
	}
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return readiness.Run{}, err
	}
	defer root.Close()
	info, err := root.Stat(Key(ref))
	if err != nil {
		return readiness.Run{}, err
	}
	if !info.Mode().IsRegular() { // to open a pipe would wait for ever
		return readiness.Run{}, errors.New("it is no file")
	}
	file, err := root.Open(Key(ref))
	if err != nil {
		return readiness.Run{}, err
	}
	defer file.Close()
	return Decode(id, file)
}

// Prune removes the runs of an environment but for the keep newest, and names
// what it has removed. It touches nothing but kept runs.
func (f *Folder) Prune(ctx context.Context, environment string, keep int) (removed []readiness.Ref, err error) {
	if environment == "" || keep < 1 {
		return nil, errors.New("prune the history: name an environment, and keep 1 run or more")
	}
	refs, err := f.List(ctx, environment, time.Time{})
	if err != nil || len(refs) <= keep {
		return nil, err
	}
	root, err := os.OpenRoot(f.path)
	if err != nil {
		return nil, fmt.Errorf("prune the history: %w", err)
	}
	defer root.Close()
	for _, ref := range refs[keep:] {
		// Another may prune at the same time.
		if err := root.Remove(Key(ref)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, fmt.Errorf("prune the history: %w", err)
		}
		removed = append(removed, ref)
	}
	return removed, nil
}
