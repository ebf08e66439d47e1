package commits_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/commits"
)

// What cannot be told has a reason, and no commit is made up.
func TestCannotTell(t *testing.T) {
	p := newProject(t)
	p.write("list.yaml", "a\n")
	p.commit()
	p.write("list.yaml", "a\nb\n")
	p.commit()
	p.write("fresh.yaml", "a\n")
	outside := t.TempDir()
	shallow := filepath.Join(t.TempDir(), "clone")
	p.git("clone", "-q", "--depth", "1", "file://"+p.root, shallow)
	for name, c := range map[string]struct{ root, file, want string }{
		"no repository":   {outside, "list.yaml", "the project is in no git repository"},
		"no such folder":  {filepath.Join(outside, "nowhere"), "list.yaml", "nowhere"},
		"a shallow clone": {shallow, "list.yaml", "git fetch --unshallow"},
		"never committed": {p.root, "fresh.yaml", "no such path 'fresh.yaml' in HEAD"},
		"no such file":    {p.root, "none.yaml", "none.yaml"},
		"outside of it":   {p.root, "../list.yaml", "outside repository"},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := commits.Blame(t.Context(), c.root, c.file)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "find the commits of "+c.file)
			require.Nil(t, lines.At(1, 1))
		})
	}
	head, err := commits.Head(t.Context(), shallow)
	require.NoError(t, err, "the newest commit is there")
	require.False(t, head.Dirty)
	_, err = commits.Head(t.Context(), outside)
	require.ErrorContains(t, err, "the project is in no git repository")

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = commits.Blame(ended, p.root, "list.yaml")
	require.ErrorIs(t, err, context.Canceled)
	t.Setenv("PATH", t.TempDir())
	_, err = commits.Blame(t.Context(), p.root, "list.yaml")
	require.ErrorContains(t, err, "git is not installed")
}

// A git that says nonsense, or nothing for ever, is an error.
func TestBrokenGit(t *testing.T) {
	p := newProject(t)
	p.write("list.yaml", "a\n")
	p.commit()
	real, err := exec.LookPath("git")
	require.NoError(t, err)
	bin := t.TempDir()
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	fake := func(command, does string) {
		script := "#!/bin/sh\ncase \" $* \" in *\" " + command + " \"*) " + does + ";; *) exec '" + real + "' \"$@\";; esac\n"
		require.NoError(t, os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o700))
	}
	for does, c := range map[string]struct{ command, want string }{
		"echo nonsense":                             {"blame", "cannot be understood"},
		"exit 3":                                    {"blame", "git blame failed: exit status 3"},
		"echo fatal: broken >&2; exit 128":          {"blame", "git blame failed: broken"},
		"cat >/dev/null; echo nonsense":             {"cat-file", "is not there"},
		"read h; echo $h commit 900; echo tree":     {"cat-file", "cannot be read whole"},
		"read h; echo $h commit 4; echo tree; echo": {"cat-file", "cannot be understood"},
	} {
		fake(c.command, does)
		_, err := commits.Blame(t.Context(), p.root, "list.yaml")
		require.ErrorContains(t, err, c.want, does)
	}
	fake("blame", "exec sleep 60")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = commits.Blame(ctx, p.root, "list.yaml")
	require.ErrorContains(t, err, "gave no answer in time")
}
