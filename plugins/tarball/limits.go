package tarball

import "fmt"

// Limits are what one package may have. Each must be set: there is no word for
// "as much as it likes". Start from [DefaultLimits].
type Limits struct {
	// Packed is the most bytes of the .tgz.
	Packed int64 `json:"packed"`
	// Unpacked is the most bytes of what is in it, the archive's headers and
	// padding too.
	Unpacked int64 `json:"unpacked"`
	// File is the most bytes of one file.
	File int64 `json:"file"`
	// Entries is the most files and folders.
	Entries int `json:"entries"`
	// Ratio is how many bytes one packed byte may become, once more than 1 MiB
	// has come out. Deflate's own limit is 1032.
	Ratio int64 `json:"ratio"`
	// Name is the most bytes of one file's path.
	Name int `json:"name"`
	// Depth is the most elements of one file's path.
	Depth int `json:"depth"`
	// Manifest is the most bytes of one package.json, for [List].
	Manifest int64 `json:"manifest"`
	// Manifests is the most bytes of all of them, for [List].
	Manifests int64 `json:"manifests"`
}

// DefaultLimits are far above what a plugin with bundled dependencies has, and
// far below what a pod's memory and the shared volume (20 GiB) bear.
func DefaultLimits() Limits {
	return Limits{
		Packed: 64 << 20, Unpacked: 512 << 20, File: 64 << 20, Entries: 50_000, Ratio: 200,
		Name: 512, Depth: 48, Manifest: 1 << 20, Manifests: 32 << 20,
	}
}

// check says which limit is missing.
func (l Limits) check() error {
	for _, limit := range []struct {
		name  string
		value int64
	}{
		{"packed", l.Packed},
		{"unpacked", l.Unpacked},
		{"file", l.File},
		{"entries", int64(l.Entries)},
		{"ratio", l.Ratio},
		{"name", int64(l.Name)},
		{"depth", int64(l.Depth)},
		{"manifest", l.Manifest},
		{"manifests", l.Manifests},
	} {
		if limit.value <= 0 {
			return fmt.Errorf("read the package: the limit %q is %d: set it above 0", limit.name, limit.value)
		}
	}
	return nil
}
