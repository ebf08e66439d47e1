package tree

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"golang.org/x/sync/errgroup"
)

// readers is how many files are read at once: on a network volume most of the time
// is waiting.
const readers = 8

// Scan reads every file below a folder and hashes it. It follows no link. What is
// neither file nor folder, and a folder with nothing in it, is in the tree too, so
// that [Compare] names it. An error means that the folder could not be read: what is
// in it is not known then.
func Scan(ctx context.Context, root *os.Root, folder string) (Tree, error) {
	at, err := root.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("read the folder %s: %w", folder, err)
	}
	defer at.Close()
	found, err := walk(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("read the folder %s: %w", folder, err)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i := range found {
		if f := &found[i]; f.Mode.IsRegular() {
			group.Go(func() error { return hash(ctx, at, f) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("read the folder %s: %w", folder, err)
	}
	slices.SortFunc(found, byPath)
	return found, nil
}

func walk(ctx context.Context, root *os.Root) (Tree, error) {
	var found Tree
	filled := map[string]bool{} // the folders with something in them
	err := fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || name == "." {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		filled[path.Dir(name)] = true
		f := File{Path: name, Mode: info.Mode()}
		if f.Mode.IsRegular() {
			f.Size = info.Size()
		}
		found = append(found, f)
		return nil
	})
	return slices.DeleteFunc(found, func(f File) bool { return f.Mode.IsDir() && filled[f.Path] }), err
}

func hash(ctx context.Context, root *os.Root, f *File) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	file, err := root.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	// The bytes that were read count, not those that the folder said before.
	if f.Size, err = io.Copy(sum, file); err != nil {
		return err
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return nil
}
