package store

import (
	"io/fs"
	"path"
	"time"

	"gatehouse/plugins/store/volume"
)

// Listed is a folder of the store as it looks from outside: nothing in it was read.
type Listed struct {
	// Folder is its name, as [FolderOf] gives it.
	Folder string
	// Used is when it was staged or last asked for.
	Used time.Time
}

// List names what is staged, by folder.
func (s *Store) List() ([]Listed, error) {
	names, err := s.volume.Folders(folder)
	if err != nil {
		return nil, err
	}
	var all []Listed
	for _, name := range names {
		info, err := fs.Stat(s.volume.Root().FS(), path.Join(folder, name))
		if err != nil {
			return nil, volume.Explain("list the store", err)
		}
		all = append(all, Listed{name, info.ModTime()})
	}
	return all, nil
}

// Remove deletes a staged plugin by its folder. Only the collection of garbage knows
// when that is right.
func (s *Store) Remove(name string) error { return s.volume.Remove(path.Join(folder, name)) }
