package volume

import (
	"context"
	"io/fs"
	"slices"

	"golang.org/x/sync/errgroup"
)

// flushers is how many files are flushed at once: file systems write many flushes
// in one go.
const flushers = 16

// settle gives everything in a temporary folder its final mode and time, and flushes
// it: files first, then the folders from the deepest, so that a name that survives a
// crash has its content.
func (t *Temp) settle(ctx context.Context) error {
	root := t.volume.root
	var files, folders []string
	err := fs.WalkDir(root.FS(), t.path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			folders = append(folders, name)
		default:
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.volume.step("flush the files of " + t.path)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(flushers)
	for _, name := range files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := t.date(name); err != nil {
				return err
			}
			return t.volume.sync(name)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	// A walk gives a folder before those in it.
	for _, name := range slices.Backward(folders) {
		t.volume.step("flush " + name)
		if err := root.Chmod(name, folderMode); err != nil {
			return err
		}
		// The topmost keeps its time: by it, [Volume.Sweep] tells that it is in use.
		if name != t.path {
			if err := root.Chtimes(name, Made, Made); err != nil {
				return err
			}
		}
		if err := t.volume.sync(name); err != nil {
			return err
		}
	}
	return nil
}

// date sets a file's time unless it has it: what is linked must not change.
func (t *Temp) date(name string) error {
	info, err := t.volume.root.Lstat(name)
	if err != nil || info.ModTime().Equal(Made) {
		return err
	}
	return t.volume.root.Chtimes(name, Made, Made)
}
