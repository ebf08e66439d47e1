package tarball

import (
	"cmp"
	"context"
	"crypto/sha512"
	"fmt"
	"io"
	"path"
	"slices"

	"gatehouse/plugins"
)

// ManifestName is the base name of npm's manifests.
const ManifestName = "package.json"

// Listing is what a package has in it.
type Listing struct {
	// Integrity is of the .tgz, Size its bytes.
	Integrity plugins.Integrity `json:"integrity"`
	Size      int64             `json:"size"`
	// Unpacked is the bytes of all files together.
	Unpacked int64 `json:"unpacked"`
	// Files are the regular files by path.
	Files []Entry `json:"files"`
	// Manifests are the files called package.json by path: the package's own, those
	// of bundled dependencies (node_modules/...), and whatever else has that name.
	Manifests []Manifest `json:"-"`
}

// Manifest is a file called package.json, as it is: nobody has parsed it.
type Manifest struct {
	Path    string
	Content []byte
}

// Manifest is the content of one package.json by path; "package.json" is the
// package's own.
func (l Listing) Manifest(path string) (content []byte, found bool) {
	at, found := slices.BinarySearchFunc(l.Manifests, path, func(m Manifest, p string) int { return cmp.Compare(m.Path, p) })
	if !found {
		return nil, false
	}
	return l.Manifests[at].Content, true
}

// Has tells whether there is a regular file of this path.
func (l Listing) Has(path string) bool {
	_, found := slices.BinarySearchFunc(l.Files, path, func(e Entry, p string) int { return cmp.Compare(e.Path, p) })
	return found
}

// List reads a package once, as [Walk] does and with its errors, and keeps what
// its admission is judged by.
func List(ctx context.Context, r io.Reader, limits Limits) (Listing, error) {
	var listing Listing
	sum, size := sha512.New(), &source{r: r}
	var manifests int64
	err := Walk(ctx, io.TeeReader(size, sum), limits, func(entry Entry, content io.Reader) error {
		listing.Files = append(listing.Files, entry)
		listing.Unpacked += entry.Size
		if path.Base(entry.Path) != ManifestName {
			return nil
		}
		manifests += entry.Size
		if entry.Size > limits.Manifest || manifests > limits.Manifests {
			return refuse(ManifestTooLarge, entry.Path, "it has more than %d bytes, or all of that name more than %d", limits.Manifest, limits.Manifests)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return fmt.Errorf("read %s: %w", entry.Path, err)
		}
		listing.Manifests = append(listing.Manifests, Manifest{entry.Path, text})
		return nil
	})
	if err != nil {
		return Listing{}, err
	}
	slices.SortFunc(listing.Files, func(a, b Entry) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(listing.Manifests, func(a, b Manifest) int { return cmp.Compare(a.Path, b.Path) })
	listing.Integrity = plugins.IntegrityOf([sha512.Size]byte(sum.Sum(nil)))
	listing.Size = size.bytes
	return listing, nil
}
