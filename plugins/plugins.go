// Package plugins has the words that everything about Backstage plugins shares:
// which version of which package, what its bytes must be, and how it reaches the
// portal.
//
// The registry is plugins/npm's, the rules of admission are plugins/gate's, the
// shared volume is plugins/store's and plugins/generation's, the audit trail is
// plugins/trail's.
package plugins

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Ref is one version of one npm package. Make it with [ParseRef].
type Ref struct {
	// Name is a package's name, with its scope: @backstage/plugin-catalog.
	Name string `json:"name" yaml:"name"`
	// Version is one exact version: 1.15.0.
	Version string `json:"version" yaml:"version"`
}

var (
	// names are those that npm has allowed since 2017 (validate-npm-package-name).
	names = regexp.MustCompile(`^(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*$`)
	// versions are exact ones of Semantic Versioning 2.0.0.
	versions = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)
)

// maxName is npm's limit.
const maxName = 214

// ParseRef reads NAME@VERSION. A range or a tag is no version: what is installed
// must be known before it is.
func ParseRef(text string) (Ref, error) {
	at := strings.LastIndex(text, "@")
	if at <= 0 {
		return Ref{}, fmt.Errorf("%q names no version: want NAME@VERSION, such as @backstage/plugin-catalog@1.15.0", text)
	}
	ref := Ref{Name: text[:at], Version: text[at+1:]}
	return ref, ref.Check()
}

// Check says what is wrong with a ref that was read from a file.
func (r Ref) Check() error {
	switch {
	case len(r.Name) > maxName || !names.MatchString(r.Name):
		return fmt.Errorf("%q is no name of an npm package", r.Name)
	case len(r.Version) > 128 || !versions.MatchString(r.Version):
		return fmt.Errorf("%q is no exact version of %s: want one such as 1.15.0, no range and no tag", r.Version, r.Name)
	}
	return nil
}

func (r Ref) String() string { return r.Name + "@" + r.Version }

// Integrity is the SHA-512 that a package's tarball must have, written as
// Subresource Integrity: sha512-BASE64. The zero value is none.
type Integrity struct{ sum [sha512.Size]byte }

// ParseIntegrity reads a Subresource Integrity string. Of several hashes the
// SHA-512 counts; without one it is refused: what is weaker proves too little.
func ParseIntegrity(text string) (Integrity, error) {
	var i Integrity
	for _, each := range strings.Fields(text) {
		hash, found := strings.CutPrefix(each, "sha512-")
		if !found {
			continue
		}
		hash, _, _ = strings.Cut(hash, "?")
		sum, err := base64.StdEncoding.Strict().DecodeString(hash)
		if err != nil || len(sum) != sha512.Size {
			return Integrity{}, fmt.Errorf("%q is no SHA-512: want sha512- and 88 characters of base64", each)
		}
		copy(i.sum[:], sum)
		return i, nil
	}
	return Integrity{}, fmt.Errorf("%q has no SHA-512: want sha512-BASE64, as `npm view NAME@VERSION dist.integrity` prints it", text)
}

// IntegrityOf is that of the SHA-512 of some content.
func IntegrityOf(sum [sha512.Size]byte) Integrity { return Integrity{sum} }

// IsZero tells whether it is none.
func (i Integrity) IsZero() bool { return i == Integrity{} }

// Hex is the SHA-512 in hexadecimal, "" for none.
func (i Integrity) Hex() string {
	if i.IsZero() {
		return ""
	}
	return hex.EncodeToString(i.sum[:])
}

// String is the Subresource Integrity string, "" for none.
func (i Integrity) String() string {
	if i.IsZero() {
		return ""
	}
	return "sha512-" + base64.StdEncoding.EncodeToString(i.sum[:])
}

// MarshalText writes the string.
func (i Integrity) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads the string; an empty one is none.
func (i *Integrity) UnmarshalText(text []byte) (err error) {
	*i = Integrity{}
	if len(text) > 0 {
		*i, err = ParseIntegrity(string(text))
	}
	return err
}

// Strategy is how a plugin reaches the portal.
type Strategy string

// The strategies (deployment guide, "Plugin Installation in Production").
const (
	// Dynamic: loaded at start from a generation on the shared volume.
	Dynamic Strategy = "dynamic"
	// Rebuild: built into a new image by a pipeline.
	Rebuild Strategy = "rebuild"
	// Sidecar: loaded by a container of its own beside the portal.
	Sidecar Strategy = "sidecar"
)

// Strategies is every strategy.
var Strategies = []Strategy{Dynamic, Rebuild, Sidecar}

// ParseStrategy reads a strategy's name.
func ParseStrategy(text string) (Strategy, error) {
	if s := Strategy(text); slices.Contains(Strategies, s) {
		return s, nil
	}
	return "", fmt.Errorf("unknown strategy %q: dynamic, rebuild or sidecar", text)
}
