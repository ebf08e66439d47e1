// Package store keeps staged plugins on the shared volume: each is one version of
// one package, unpacked, never changed, and hashed again before it is used.
//
//	store/NAME@VERSION-INTEGRITY/package/...   the files of the package
//	store/NAME@VERSION-INTEGRITY/entry.json    what they must be
//
// What may be in a tarball is plugins/tarball's, who may be admitted plugins/gate's,
// which plugins run together plugins/generation's. Access tokens, downloads and
// caches are not here: a tarball comes as a reader.
package store

import (
	"path"

	"gatehouse/plugins"
	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/store/volume"
)

// Folders and files of the store.
const (
	folder      = "store"
	packageName = "package"
	entryName   = "entry.json"
)

// Store is the staged plugins of one volume. Make it with [Open].
type Store struct{ volume *volume.Volume }

// Open takes a mounted folder, as [volume.Open] does.
func Open(dir string, o volume.Options) (*Store, error) {
	v, err := volume.Open(dir, o)
	if err != nil {
		return nil, err
	}
	return &Store{v}, nil
}

// Close frees the folder.
func (s *Store) Close() error { return s.volume.Close() }

// Volume is what it is on.
func (s *Store) Volume() *volume.Volume { return s.volume }

// Spec is what to stage.
type Spec struct {
	Ref       plugins.Ref
	Integrity plugins.Integrity
}

// Outcome is what staging had to do.
type Outcome string

// The outcomes.
const (
	// Staged: it was not there.
	Staged Outcome = "staged"
	// Reused: it was there and is as it must be.
	Reused Outcome = "reused"
	// Repaired: it was there, damaged, and was staged anew.
	Repaired Outcome = "repaired"
)

// Entry is one staged plugin, as its hashes have just shown it to be.
type Entry struct {
	plugins.Ref
	Integrity plugins.Integrity `json:"integrity"`
	// Content is the [tree.Tree.Digest] of the files.
	Content string `json:"content"`
	// Files are the files of the package, without the folder package/.
	Files tree.Tree `json:"files"`
	// Outcome is "" from [Store.Find].
	Outcome Outcome `json:"-"`
	// Damage is what was wrong before, when it was repaired; nil otherwise.
	Damage *DamagedError `json:"-"`
}

// Folder is the name of the entry's folder in the store.
func (e Entry) Folder() string { return FolderOf(e.Ref, e.Integrity) }

// Package is the path of the package's files below the volume.
func (e Entry) Package() string { return path.Join(folder, e.Folder(), packageName) }
