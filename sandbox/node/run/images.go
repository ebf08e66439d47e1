package run

import (
	"os"
	"path/filepath"
	"strings"
)

// Images is a folder of images that are not what is installed, as a node's own store
// of them: REPOSITORY/sha256/HEX is the root folder of one, or a link to it, and
// REPOSITORY/TAG a link to sha256/HEX beside it. REPOSITORY is the last part of the
// repository's name. Empty has none.
type Images string

// algorithm of the digests. A folder's name has no colon: lists of folders have one
// between them.
const algorithm = "sha256"

// find is the root folder of an image, and its digest. The digest that an image is
// named by counts more than its tag, as it does for a kubelet. ok is false for an
// image that is not in the store. Where its link leads nowhere, the folder is the
// link: such an image cannot be started.
func (i Images) find(image string) (folder, digest string, ok bool) {
	name, digest, pinned := strings.Cut(image, "@")
	reference := strings.Replace(digest, ":", "/", 1)
	if !pinned {
		_, reference, _ = strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ":")
	}
	if i == "" || !filepath.IsLocal(reference) {
		return "", "", false
	}
	folder = filepath.Join(string(i), repository(image), reference)
	if _, err := os.Lstat(folder); err != nil {
		return "", "", false
	}
	if target, err := os.Readlink(folder); err == nil && !pinned && filepath.Base(filepath.Dir(target)) == algorithm {
		digest = algorithm + ":" + filepath.Base(target)
	}
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		folder = real // Backstage holds folders against the real ones
	}
	return folder, digest, true
}

// imageID names an image as a kubelet does that has pulled it: by its digest, where
// that is known.
func imageID(image, digest string) string {
	if digest == "" {
		return image
	}
	name, _, _ := strings.Cut(image, "@")
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name = name[:colon]
	}
	return name + "@" + digest
}
