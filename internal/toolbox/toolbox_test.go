package toolbox

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

const root = "../.."

// ownCache gives the test a tool cache of its own, but not a Go build cache.
func ownCache(t *testing.T) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	t.Setenv("GOCACHE", strings.TrimSpace(string(out)))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

func TestVersionsComeFromGoMod(t *testing.T) {
	for _, name := range Names() {
		tool, err := Find(name)
		require.NoError(t, err)
		version, err := Version(root, tool)
		require.NoError(t, err)
		require.Regexp(t, `^v\d+\.\d+\.\d+$`, version)
		require.NotContains(t, linkerFlags(tool, version), "{")
	}
	_, err := Find("terraform")
	require.ErrorContains(t, err, "pulumi, controlplane, golangci-lint")
	_, err = Version(t.TempDir(), Tool{Name: "x", Module: "tools/x"})
	require.ErrorContains(t, err, "project's folder")
}

func TestLinkerFlags(t *testing.T) {
	tool := Tool{Symbols: []string{"p.V={version}", "p.M={major}", "p.N={minor}"}}
	require.Equal(t, "-s -w -X p.V=v1.34.1 -X p.M=1 -X p.N=34", linkerFlags(tool, "v1.34.1"))
}

func TestCachedMakesOnceAndKeepsNothingHalf(t *testing.T) {
	ownCache(t)
	failed := errors.New("no space left")
	_, err := cached(t.Context(), "tool", "key", nil, func(target string) error {
		require.NoError(t, os.WriteFile(target, []byte("half"), 0o600))
		return failed
	})
	require.ErrorIs(t, err, failed)

	var made atomic.Int32
	var group errgroup.Group
	for range 8 {
		group.Go(func() error {
			path, err := cached(t.Context(), "tool", "key", nil, func(target string) error {
				made.Add(1)
				return os.WriteFile(target, []byte("whole"), 0o600)
			})
			if err != nil {
				return err
			}
			text, err := os.ReadFile(path)
			if err == nil && string(text) != "whole" {
				err = errors.New("read " + string(text))
			}
			return err
		})
	}
	require.NoError(t, group.Wait())
	require.EqualValues(t, 1, made.Load())
}

func TestACopyOnPath(t *testing.T) {
	tool := Tool{Asked: []string{"sometool", "version"}}
	for answer, good := range map[string]bool{
		"echo v1.2.3": true, "echo 1.2.3": true, "echo v1.9.0": true,
		"echo v1.2.2": false, "echo v2.0.0": false, "echo unknown": false, "exit 1": false,
	} {
		dir := t.TempDir()
		t.Setenv("PATH", dir+":/usr/bin:/bin")
		path := filepath.Join(dir, "sometool")
		require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+answer+"\n"), 0o700))
		found, ok := onPath(t.Context(), tool, "v1.2.3")
		require.Equal(t, good, ok, answer)
		if good {
			require.Equal(t, path, found)
		}
	}
	_, ok := onPath(t.Context(), Tool{}, "v1.2.3")
	require.False(t, ok, "not looked for")
}

// TestEnsureBuildsByContent builds a small program in the place of a tool.
func TestEnsureBuildsByContent(t *testing.T) {
	if testing.Short() {
		t.Skip("long: runs the Go compiler; run make test")
	}
	ownCache(t)
	project := t.TempDir()
	module := filepath.Join(project, "tools", "controlplane")
	require.NoError(t, os.MkdirAll(module, 0o700))
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, "tools", "controlplane", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(module, name), text, 0o600))
	}
	write := func(text string) {
		require.NoError(t, os.WriteFile(filepath.Join(module, "main.go"), []byte("package main\nfunc main() { println(`"+text+"`) }\n"), 0o600))
	}
	ensure := func() (string, []string) {
		var said []string
		path, err := Ensure(context.Background(), project, ControlPlane, func(line string) { said = append(said, line) })
		require.NoError(t, err)
		return path, said
	}
	write("one")
	first, said := ensure()
	require.Len(t, said, 2)
	require.Contains(t, said[0], "building controlplane v1.34.1")
	require.Contains(t, said[1], "built controlplane in")
	again, said := ensure()
	require.Equal(t, first, again)
	require.Empty(t, said, "nothing to do, nothing to say")

	write("two")
	second, _ := ensure()
	require.NotEqual(t, first, second)
	out, err := exec.Command(second).CombinedOutput()
	require.NoError(t, err)
	require.Equal(t, "two\n", string(out))

	require.NoError(t, os.WriteFile(filepath.Join(module, "main.go"), []byte("package main\nfunc main() { nothing }\n"), 0o600))
	_, err = Ensure(context.Background(), project, ControlPlane, nil)
	require.ErrorContains(t, err, "build controlplane")
	require.ErrorContains(t, err, "nothing")
}

func TestEveryModuleOfCRDsIsKnown(t *testing.T) {
	if testing.Short() {
		t.Skip("long: may download modules; run make test")
	}
	files, err := definitionFiles(t.Context(), filepath.Join(root, "tools", "crds"))
	require.NoError(t, err)
	require.Greater(t, len(files), 30)
}
