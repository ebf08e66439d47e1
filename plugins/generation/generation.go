// Package generation puts staged plugins together into generations: folders that
// never change, which Backstage loads whole. It says which one is current, which was
// proved, and removes what nobody needs.
//
//	generations/N-HASH/plugins/NAME/...     what dynamicPlugins.rootDirectory is
//	generations/N-HASH/app-config.yaml      the plugins' fragments, put together
//	generations/N-HASH/sidecar/NAME/...     the same for the container plugin-loader,
//	generations/N-HASH/app-config.sidecar.yaml     which loads some of them apart
//	generations/N-HASH/generation.json      what must be there
//	generations/{plugins,sidecar,app-config*.yaml}     for a pod without a generation
//	current                                 the state: current generation and history
//	states/REVISION.json                    every state that there was
//
// Plugins are direct subfolders of plugins/, with their files as hard links to the
// store's. Backstage's loader ends on relative symbolic links. Copies would need each
// plugin's space once a generation, and on EFS three round trips a file instead of
// one. What links cost: bytes that are changed in place change in every generation.
// Pods mount the volume for reading, staged files are never written again, and
// [Collection.Verify] reads all of them before a switch. Where a volume refuses a
// link, the file is copied.
//
// Changes of the volume are to be made by the owner of a lease (plugins/lease). Without
// it nothing breaks, but two may both win, one after the other.
package generation

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strconv"

	"gatehouse/plugins"
	"gatehouse/plugins/store"
	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/store/volume"
)

// Folders and files of a volume with generations.
const (
	folder       = "generations"
	manifestName = "generation.json"
)

// ErrAbsent says that there is no such generation.
var ErrAbsent = errors.New("there is no such generation")

// ID is a generation's name: its number, which says what was made later, and the
// first 32 digits of the hash of all that is in it: 12-0f3a....
type ID string

var ids = regexp.MustCompile(`^([1-9][0-9]{0,8})-([0-9a-f]{32})$`)

// ParseID reads an ID.
func ParseID(text string) (ID, error) {
	if !ids.MatchString(text) {
		return "", fmt.Errorf("%q is no generation: want its number, a dash and 32 digits, as the list of generations shows", text)
	}
	return ID(text), nil
}

func newID(number int, hash string) ID { return ID(strconv.Itoa(number) + "-" + hash[:32]) }

// Number is the number in front, 0 for what is no ID.
func (id ID) Number() int {
	parts := ids.FindStringSubmatch(string(id))
	if parts == nil {
		return 0
	}
	number, _ := strconv.Atoi(parts[1]) // the expression allows nothing else
	return number
}

// Short is the hash behind the number, "" for what is no ID.
func (id ID) Short() string {
	parts := ids.FindStringSubmatch(string(id))
	if parts == nil {
		return ""
	}
	return parts[2]
}

func (id ID) path() string { return path.Join(folder, string(id)) }

// Member is one plugin of a generation.
type Member struct {
	plugins.Ref
	// Integrity is the tarball's; none for an extra one.
	Integrity plugins.Integrity `json:"integrity"`
	// Content is the digest of its files.
	Content string `json:"content"`
	// Config is the SHA-256 of its fragment of app-config, "" for none.
	Config string `json:"config,omitempty"`
	// Room is who loads it; "" is the portal.
	Room Room `json:"room,omitempty"`
}

// Folder is the plugin's folder in [ID.Root].
func (m Member) Folder() string { return store.Slug(m.Name) }

// Generation is one set of plugins.
type Generation struct {
	ID ID `json:"-"`
	// Hash is the SHA-256 of the members and the digest of all files, in hexadecimal.
	Hash string `json:"hash"`
	// Plugins are those that were asked for, by name.
	Plugins []Member `json:"plugins"`
	// Extras are ours, such as the probe, by name.
	Extras []Member `json:"extras"`
	// Files are all files but the list itself.
	Files tree.Tree `json:"files"`
	// Reused tells that the same generation was there already.
	Reused bool `json:"-"`
}

// Collection is the generations of a volume. Make it with [Open].
type Collection struct {
	store  *store.Store
	volume *volume.Volume
}

// Open takes a store, and its volume for the generations.
func Open(s *store.Store) *Collection { return &Collection{s, s.Volume()} }
