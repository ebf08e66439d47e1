package database

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// local is an export in a file or a folder of this machine.
type local string

// tag is that of what is there now: names, sizes and times, since to read all of it
// is what a database saves.
func (l local) tag() (Tag, error) {
	sum := sha256.New()
	err := filepath.WalkDir(string(l), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name != string(l) && path.Ext(name) != ".json" {
			return err
		}
		info, err := os.Stat(name) // a link's target
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%d %s %d %d\n", len(name), name, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		return Tag{}, err
	}
	return Tag{ETag: hex.EncodeToString(sum.Sum(nil))}, nil
}
