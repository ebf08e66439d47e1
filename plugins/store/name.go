package store

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gatehouse/plugins"
)

const (
	// maxName is how many bytes a folder's name has before the hash. With it, the
	// number of a temporary folder and what NFS adds it stays below NAME_MAX (255).
	maxName = 190
	// hashed is how many hexadecimal digits of the SHA-512 are in a folder's name:
	// 128 bits, which nobody finds a second tarball for.
	hashed = 32
)

// FolderOf is the name of a plugin's folder in the store: NAME@VERSION-INTEGRITY,
// with the first 32 digits of the integrity's SHA-512.
func FolderOf(ref plugins.Ref, integrity plugins.Integrity) string {
	name := Slug(ref.Name) + "@" + ref.Version
	if len(name) > maxName {
		sum := sha256.Sum256([]byte(name))
		name = name[:maxName-17] + "+" + hex.EncodeToString(sum[:8])
	}
	return name + "-" + integrity.Hex()[:hashed]
}

// Slug is a package's name as one path element: @backstage+plugin-catalog. No other
// package has the same, because no name of npm has a plus.
func Slug(name string) string { return strings.ReplaceAll(name, "/", "+") }
