// Package tree says what is in a folder: which files, how big, with which content.
// It finds what differs from what should be there.
//
// It changes nothing on the disk: that is plugins/store/volume's. What a folder
// stands for (a plugin, a generation) is for the callers.
package tree

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// File is one file of a folder.
type File struct {
	// Path is below the folder, with slashes.
	Path string `json:"path"`
	// Size is in bytes.
	Size int64 `json:"size"`
	// SHA256 is of the content, in hexadecimal.
	SHA256 string `json:"sha256"`
	// Mode is 0755 for what may be executed, else 0644. [Scan] gives what is no
	// regular file with the bits of its kind, and no hash.
	Mode fs.FileMode `json:"mode"`
}

// The modes that files and folders have here.
const (
	Plain      fs.FileMode = 0o644
	Executable fs.FileMode = 0o755
)

// Tree is the files of a folder, by path. Make one with [New] or [Scan].
type Tree []File

// New puts files in order, and refuses what no folder can have: a path twice, or one
// that leads out of it.
func New(files ...File) (Tree, error) {
	t := Tree(slices.SortedFunc(slices.Values(files), byPath))
	for i, f := range t {
		switch {
		case !fs.ValidPath(f.Path) || f.Path == ".":
			return nil, fmt.Errorf("list the files: %q is no path below a folder", f.Path)
		case i > 0 && t[i-1].Path == f.Path:
			return nil, fmt.Errorf("list the files: %q is there twice", f.Path)
		case f.Mode != Plain && f.Mode != Executable:
			return nil, fmt.Errorf("list the files: %q has the mode %v: want %v or %v", f.Path, f.Mode, Plain, Executable)
		}
	}
	return t, nil
}

// Digest is the SHA-256, in hexadecimal, of one line for each file in order of path:
// hash, mode, size and quoted path. The same files have the same digest, wherever
// and whenever they were written.
func (t Tree) Digest() string {
	sum := sha256.New()
	for _, f := range t {
		fmt.Fprintf(sum, "%s %o %d %q\n", f.SHA256, f.Mode.Perm(), f.Size, f.Path)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Bytes is the size of all files together.
func (t Tree) Bytes() (total int64) {
	for _, f := range t {
		total += f.Size
	}
	return total
}

// Under gives every file a place in a folder above.
func (t Tree) Under(folder string) Tree {
	moved := slices.Clone(t)
	for i := range moved {
		moved[i].Path = path.Join(folder, moved[i].Path)
	}
	return moved
}

func byPath(a, b File) int { return cmp.Compare(a.Path, b.Path) }
