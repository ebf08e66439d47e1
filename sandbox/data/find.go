package data

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// ErrNotInstalled says that this machine has no such server. Tests skip with
// it; the sandbox does without and says so.
var ErrNotInstalled = errors.New("not installed")

// debian is where Debian and Ubuntu keep PostgreSQL's programs, one folder a
// major version; the server is not on PATH there.
const debian = "/usr/lib/postgresql/*/bin"

// FindPostgres returns the folder of PostgreSQL's programs: that of the newest
// major version in Debian's layout, or where initdb is on PATH.
func FindPostgres() (string, error) {
	folders, _ := filepath.Glob(debian)
	slices.SortFunc(folders, func(a, b string) int { return major(b) - major(a) })
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder, nil
		}
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", fmt.Errorf("find PostgreSQL's server: %w; install the package postgresql", ErrNotInstalled)
}

// major reads the version of a folder in Debian's layout.
func major(folder string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	return version
}

// findProgram looks for a server's program on PATH and where Debian keeps those
// of the system, which is on root's PATH only.
func findProgram(name, packageName string) (string, error) {
	for _, candidate := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("find %s: %w; install the package %s", name, ErrNotInstalled, packageName)
}
