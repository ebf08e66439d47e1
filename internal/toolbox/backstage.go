package toolbox

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"gatehouse/internal/toolbox/backstage"
)

// ErrNoBackstage means that the minimal Backstage is not installed.
var ErrNoBackstage = backstage.ErrAbsent

// Backstage returns the folder of the minimal real Backstage (sandbox/backstage) with
// its packages, and installs it first when it is not in the cache: 865 packages and
// 348 MB by `npm ci`, from the registry that npm is configured with. Start it as
// `node FOLDER/index.js --config app-config.yaml`. The folder has no symbolic link in
// it: Backstage holds NODE_PATH against the real one. Root is the project's folder.
func Backstage(ctx context.Context, root string, progress Progress) (string, error) {
	key, err := backstage.Key(root)
	if err != nil {
		return "", err
	}
	folder, err := cached(ctx, backstage.Name, key, progress, func(target string) error {
		progress.sayf("installing the minimal Backstage: 1 to 3 minutes, once on this machine")
		begin := time.Now()
		if err := installBackstage(ctx, filepath.Join(root, backstage.Folder), target); err != nil {
			return fmt.Errorf("install the minimal Backstage: %w", err)
		}
		progress.sayf("installed the minimal Backstage in %s", time.Since(begin).Round(time.Second))
		return nil
	})
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(folder)
}

// FindBackstage returns the folder of the minimal Backstage when it is installed, and
// [ErrNoBackstage] when it is not. It installs nothing.
func FindBackstage(root string) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	return backstage.Find(root, cache)
}

func installBackstage(ctx context.Context, source, target string) error {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not on PATH: install Node.js 20 or later with npm, from https://nodejs.org", program)
		}
	}
	if err := os.RemoveAll(target); err != nil { // of an installation that was ended
		return err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	for _, name := range backstage.Files() {
		text, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(target, name), text, 0o644); err != nil {
			return err
		}
	}
	// None of the packages needs its script to have run; a script would run with the
	// user's rights.
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = target
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("npm ci (does npm reach its registry? `npm ping` tells): %w\n%s", err, lastLines(said.String(), 20))
	}
	return nil
}

// lastLines is the end of a long text.
func lastLines(text string, most int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
