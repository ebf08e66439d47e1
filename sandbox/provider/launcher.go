package provider

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// marker is the line by which a launcher of ours is told from an official
// plugin of the same name.
const marker = "# Launcher of a Gatehouse sandbox stand-in; not the official plugin."

// binary is the file name under which the engine looks for a provider plugin.
func binary(name string) string { return "pulumi-resource-" + name }

// Install writes a launcher for each named provider ("aws", "kubernetes") into
// dir, which belongs on the engine's PATH. A launcher is a shell script that
// becomes `executable sandbox provider NAME`. Launchers of earlier runs for
// providers that are not named any more are removed, so that an official
// plugin installed since then is not hidden by its stand-in.
func Install(dir, executable string, names ...string) error {
	executable, err := filepath.Abs(executable)
	if err != nil {
		return fmt.Errorf("install provider launchers: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("install provider launchers: %w", err)
	}
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[binary(name)] = true
		script := fmt.Sprintf("#!/bin/sh\n%s\nexec %s sandbox provider %s \"$@\"\n", marker, quote(executable), quote(name))
		if err := renameio.WriteFile(filepath.Join(dir, binary(name)), []byte(script), 0o755); err != nil {
			return fmt.Errorf("install launcher for provider %s: %w", name, err)
		}
	}
	entries, err := filepath.Glob(filepath.Join(dir, binary("*")))
	if err != nil {
		return fmt.Errorf("install provider launchers: %w", err)
	}
	for _, path := range entries {
		if wanted[filepath.Base(path)] || !isLauncher(path) {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove stale provider launcher: %w", err)
		}
	}
	return nil
}

// Official reports whether the official plugin of a provider is installed, and
// where: in Pulumi's plugin folder at exactly this version ("4.30.0", with or
// without a leading v), or anywhere on PATH. Where it is, no launcher should be
// written for that provider, and nothing of it is simulated.
func Official(name, version string) (bool, string) {
	folders := []string{filepath.Join(pulumiHome(), "plugins", "resource-"+name+"-v"+strings.TrimPrefix(version, "v"))}
	folders = append(folders, filepath.SplitList(os.Getenv("PATH"))...)
	for _, folder := range folders {
		path := filepath.Join(folder, binary(name))
		info, err := os.Stat(path)
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 && !isLauncher(path) {
			return true, path
		}
	}
	return false, ""
}

func pulumiHome() string {
	if home := os.Getenv("PULUMI_HOME"); home != "" {
		return home
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ".pulumi"
	}
	return filepath.Join(home, ".pulumi")
}

// isLauncher reads only the head: the official plugins are hundreds of
// megabytes.
func isLauncher(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, 256)
	n, _ := file.Read(head)
	return bytes.Contains(head[:n], []byte(marker))
}

// quote makes one shell word of s.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
