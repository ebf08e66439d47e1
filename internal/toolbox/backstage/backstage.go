// Package backstage knows where the minimal real Backstage (sandbox/backstage) lies
// once it is installed. It is apart from its parent, which installs it, so that tests
// that only run it link nothing of the sandbox.
package backstage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Folder is where its sources lie, below the project's folder.
const Folder = "sandbox/backstage"

// Name is its folder's in the tool cache: NAME-KEY/NAME.
const Name = "backstage"

// ErrAbsent means that it is not installed.
var ErrAbsent = errors.New("the minimal Backstage is not installed: run `make sandbox-backstage`")

// Files are its sources: all of them decide what is installed.
func Files() []string {
	return []string{"package.json", "package-lock.json", "backstage.json", "index.js", "app-config.yaml", "app-config.production.yaml"}
}

// Find returns the folder where it is installed, with no symbolic link in it, and
// [ErrAbsent] when it is not. It installs nothing. Root is the project's folder, cache
// the tool cache's.
func Find(root, cache string) (string, error) {
	key, err := Key(root)
	if errors.Is(err, fs.ErrNotExist) { // a project without its sources has none
		return "", ErrAbsent
	}
	if err != nil {
		return "", err
	}
	folder, err := filepath.EvalSymlinks(filepath.Join(cache, "tools", Name+"-"+key, Name))
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrAbsent
	}
	return folder, err
}

// Key covers its sources and the platform, since some packages are for one platform
// alone. Root is the project's folder.
func Key(root string) (string, error) {
	hash := sha256.New()
	for _, name := range Files() {
		text, err := os.ReadFile(filepath.Join(root, Folder, name))
		if err != nil {
			return "", fmt.Errorf("hash %s (is %s the project's folder?): %w", Folder, root, err)
		}
		fmt.Fprintf(hash, "%s %d\n%s", name, len(text), text)
	}
	fmt.Fprintf(hash, "%s %s", runtime.GOOS, runtime.GOARCH)
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}
