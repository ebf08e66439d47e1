package emulator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Requirement is what pip is asked to install when no server is found.
const Requirement = "moto[server]==5.2.1"

// Find returns the path of a moto server: the one on PATH, else the one of the
// virtual environment in cache, which is made when it is missing. The callback
// is told when something is going to take long. It may be nil.
func Find(ctx context.Context, cache string, progress func(string)) (string, error) {
	if path, err := exec.LookPath("moto_server"); err == nil {
		return path, nil
	}
	dir := filepath.Join(cache, "moto-5.2.1")
	server := filepath.Join(dir, "bin", "moto_server")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return "", fmt.Errorf("make the tool cache: %w", err)
	}
	lock := flock.New(dir + ".lock")
	if err := lock.Lock(); err != nil {
		return "", fmt.Errorf("lock the tool cache: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	if _, err := os.Stat(server); err == nil {
		return server, nil
	}
	if progress != nil {
		progress("installing " + Requirement + " in a virtual environment (about a minute)")
	}
	if err := install(ctx, dir); err != nil {
		_ = os.RemoveAll(dir) // what is half there must not be taken for whole
		return "", fmt.Errorf("find the AWS emulator: no moto_server on PATH, and it could not be installed: %w\n"+
			"run: pip install '%s', or name another emulator with --aws-endpoint http://127.0.0.1:PORT", err, Requirement)
	}
	return server, nil
}

// install makes the virtual environment in place: the scripts of one hold its
// absolute path, so it cannot be made elsewhere and renamed.
func install(ctx context.Context, dir string) error {
	python, err := exec.LookPath("python3")
	if err != nil {
		return errors.New("python3 is not installed")
	}
	// moto_server is what callers look for, and pip writes scripts last.
	for _, step := range [][]string{
		{python, "-m", "venv", dir},
		{filepath.Join(dir, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", Requirement},
	} {
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s %s: %w\n%s", filepath.Base(step[0]), step[2], err, out)
		}
	}
	return nil
}
