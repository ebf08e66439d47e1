package volume

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"time"
)

// Remove deletes a folder or a file: it vanishes at once, and is then deleted piece
// by piece. What is not there is no error.
func (v *Volume) Remove(name string) error {
	t, err := v.Temp("removed")
	if err != nil {
		return err
	}
	v.step("rename " + name)
	if err := v.root.Rename(name, path.Join(t.path, "removed")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(Explain("remove "+name, err), t.Discard())
	}
	return t.Discard()
}

// Aside moves a folder that was found damaged out of the way and keeps it, so that
// people can look at it. seen is what was found damaged: when another process has put
// a good one there since, nothing is done. kept is where it is now, "" when nothing
// was done.
func (v *Volume) Aside(name string, seen fs.FileInfo) (kept string, err error) {
	if err := v.ensure(damaged); err != nil {
		return "", Explain("move "+name+" aside", err)
	}
	same := func() bool {
		now, err := v.root.Lstat(name)
		return err == nil && os.SameFile(seen, now)
	}
	kept, err = v.number(damaged, path.Base(name), func(kept string) error {
		if !same() {
			return fs.ErrNotExist
		}
		return v.root.Rename(name, kept)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", Explain("move "+name+" aside", err)
	}
	return kept, Explain("move "+name+" aside", v.Touch(kept))
}

// Sweep deletes what crashes have left in the temporary folder, and what was moved
// aside as damaged, when it was last changed before a time. That must be longer ago
// than anything takes to make. It returns what is gone, also along with an error.
func (v *Volume) Sweep(ctx context.Context, before time.Time) (gone []string, err error) {
	for _, folder := range []string{tmp, damaged} {
		names, err := v.Folders(folder)
		if err != nil {
			return gone, err
		}
		for _, name := range names {
			if err := ctx.Err(); err != nil {
				return gone, err
			}
			full := path.Join(folder, name)
			info, err := v.root.Lstat(full)
			if errors.Is(err, fs.ErrNotExist) || err == nil && !info.ModTime().Before(before) {
				continue
			}
			if err != nil {
				return gone, Explain("sweep "+full, err)
			}
			v.step("delete " + full)
			if err := v.root.RemoveAll(full); err != nil {
				return gone, Explain("sweep "+full, err)
			}
			gone = append(gone, full)
		}
	}
	return gone, nil
}
