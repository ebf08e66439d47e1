package gate

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"gatehouse/plugins/npm"
	"gatehouse/plugins/tarball"
)

// Bundled is a package inside of a plugin's tarball.
type Bundled struct {
	// Dir is where it is: node_modules/left-pad.
	Dir string
	// Package is its package.json, or why it cannot be read.
	Package Found[npm.Package]
}

// name is how people and exceptions call it.
func (b Bundled) name() string {
	if p, err := b.Package.Get(); err == nil {
		return p.Ref.String()
	}
	return b.Dir
}

// ownPackage is the tarball's package.json: what will run, whatever the registry
// says of it.
func ownPackage(listing tarball.Listing) Found[npm.Package] {
	content, found := listing.Manifest(tarball.ManifestName)
	if !found {
		return Missing[npm.Package](errors.New("the tarball has no package.json"))
	}
	p, err := npm.ParsePackage(content)
	if err != nil {
		return Missing[npm.Package](fmt.Errorf("read the tarball's package.json: %w", err))
	}
	return Have(p)
}

// bundledPackages are those whose directory is directly below a node_modules.
// Other files called package.json only say how to read a folder.
func bundledPackages(listing tarball.Listing) []Bundled {
	var all []Bundled
	for _, m := range listing.Manifests {
		if dir := path.Dir(m.Path); isPackageDir(dir) {
			all = append(all, Bundled{dir, parseBundled(m.Content)})
		}
	}
	return all
}

func isPackageDir(dir string) bool {
	parent, base := path.Dir(dir), path.Base(dir)
	if strings.HasPrefix(path.Base(parent), "@") {
		parent = path.Dir(parent)
	} else if strings.HasPrefix(base, "@") {
		return false
	}
	return path.Base(parent) == "node_modules"
}

func parseBundled(content []byte) Found[npm.Package] {
	p, err := npm.ParsePackage(content)
	if err == nil && (p.Ref.Name == "" || p.Ref.Version == "") {
		err = errors.New("its package.json has no name or no version")
	}
	return Read(p, err)
}

// unseen is the problem of a step that must see a bundled package and cannot.
func (f *finding) unseen(b Bundled, what string, err error) {
	f.cannotTell(b.Dir, fmt.Sprintf("the %s of what is bundled in %s cannot be seen: %v", what, b.Dir, err), "look at it yourself")
}
