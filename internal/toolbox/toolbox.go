// Package toolbox provides the programs that Gatehouse runs but does not
// import: the Pulumi CLI, the Kubernetes control plane, the linter, and the
// CustomResourceDefinitions of the software that the platform installs. Each is
// pinned by a go.mod below tools/ and comes from the Go module proxy alone.
//
// What is built once is kept by a hash of all that went into it, outside the
// clone, so that a second clone finds it. How the programs are run is not known
// here.
package toolbox

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"
)

// Progress takes a line for people, when something takes long. It may be nil.
type Progress func(line string)

func (p Progress) sayf(format string, args ...any) {
	if p != nil {
		p(fmt.Sprintf(format, args...))
	}
}

// CacheDir is where built tools are kept: $XDG_CACHE_HOME/gatehouse, or
// ~/.cache/gatehouse (the system's place for caches on macOS).
func CacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: set HOME or XDG_CACHE_HOME: %w", err)
	}
	return filepath.Join(dir, "gatehouse"), nil
}

// Ensure returns the path of the tool of that name, and builds it first when no
// good copy is on PATH or in the cache. Root is the project's folder, which
// holds tools/.
func Ensure(ctx context.Context, root, name string, progress Progress) (string, error) {
	tool, err := Find(name)
	if err != nil {
		return "", err
	}
	version, err := Version(root, tool)
	if err != nil {
		return "", err
	}
	if path, ok := onPath(ctx, tool, version); ok {
		return path, nil
	}
	module := filepath.Join(root, tool.Module)
	flags := []string{"-trimpath", "-buildvcs=false", "-ldflags", linkerFlags(tool, version)}
	key, err := contentHash(ctx, module, append(flags, tool.Package))
	if err != nil {
		return "", fmt.Errorf("hash %s: %w", tool.Module, err)
	}
	return cached(ctx, tool.Name, key, progress, func(target string) error {
		progress.sayf("building %s %s: %s with nothing cached, once on this machine", tool.Name, version, tool.Takes)
		begin := time.Now()
		build := append(append([]string{"build"}, flags...), "-o", target, tool.Package)
		if _, err := goCommand(ctx, module, build...); err != nil {
			return fmt.Errorf("build %s: %w", tool.Name, err)
		}
		progress.sayf("built %s in %s", tool.Name, time.Since(begin).Round(time.Second))
		return nil
	})
}

// Version is the version of the tool that its go.mod requires, such as v1.2.3.
// It is said there and nowhere else.
func Version(root string, tool Tool) (string, error) {
	path := filepath.Join(root, tool.Module, "go.mod")
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the version of %s (is %s the project's folder?): %w", tool.Name, root, err)
	}
	file, err := modfile.ParseLax(path, text, nil)
	if err != nil {
		return "", fmt.Errorf("read the version of %s: %w", tool.Name, err)
	}
	for _, require := range file.Require {
		if require.Mod.Path == tool.Pinned {
			return require.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("read the version of %s: %s does not require %s", tool.Name, path, tool.Pinned)
}

// cached returns the file that make leaves for name and key. It calls make at
// most once, under a lock, so that two clones never build the same thing.
func cached(ctx context.Context, name, key string, progress Progress, make func(target string) error) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "tools", name+"-"+key)
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the tool cache: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	if held, err := lock.TryLock(); err == nil && !held {
		progress.sayf("waiting for another build of %s", name)
	}
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("lock the tool cache: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	if _, err := os.Stat(path); err == nil { // made while we waited
		return path, nil
	}
	beside := path + ".new"
	if err := make(beside); err != nil {
		return "", err
	}
	if err := os.Rename(beside, path); err != nil {
		return "", fmt.Errorf("keep %s: %w", name, err)
	}
	return path, nil
}

// onPath looks for a copy on PATH of the pinned version or a later one of the
// same major version.
func onPath(ctx context.Context, tool Tool, version string) (string, bool) {
	if len(tool.Asked) == 0 {
		return "", false
	}
	path, err := exec.LookPath(tool.Asked[0])
	if err != nil {
		return "", false
	}
	out, err := exec.CommandContext(ctx, path, tool.Asked[1:]...).Output()
	if err != nil {
		return "", false
	}
	found := "v" + strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
	return path, semver.Major(found) == semver.Major(version) && semver.Compare(found, version) >= 0
}

func linkerFlags(tool Tool, version string) string {
	major, minor, _ := strings.Cut(strings.TrimPrefix(semver.MajorMinor(version), "v"), ".")
	stand := strings.NewReplacer("{version}", version, "{major}", major, "{minor}", minor)
	flags := []string{"-s", "-w"}
	for _, symbol := range tool.Symbols {
		flags = append(flags, "-X", stand.Replace(symbol))
	}
	return strings.Join(flags, " ")
}
