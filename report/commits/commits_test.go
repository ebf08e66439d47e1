package commits_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/commits"
)

// project is a repository in a folder of its own.
type project struct {
	t    *testing.T
	root string
	// at is when the next commit is made.
	at time.Time
}

func newProject(t *testing.T) *project {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git on PATH")
	}
	// The settings of whoever runs the tests do not count.
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	p := &project{t: t, root: t.TempDir(), at: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
	p.git("init", "-q", "-b", "main")
	return p
}

func (p *project) git(args ...string) string {
	p.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = p.root
	day := p.at.Format(time.RFC3339)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ada Okafor", "GIT_AUTHOR_EMAIL=ada@example.com", "GIT_COMMITTER_NAME=Bo", "GIT_COMMITTER_EMAIL=bo@example.com",
		"GIT_AUTHOR_DATE=2020-01-01T00:00:00Z", "GIT_COMMITTER_DATE="+day)
	out, err := cmd.CombinedOutput()
	require.NoError(p.t, err, "git %s: %s", args, out)
	return strings.TrimSpace(string(out))
}

func (p *project) write(name, text string) {
	p.t.Helper()
	require.NoError(p.t, os.MkdirAll(filepath.Dir(filepath.Join(p.root, name)), 0o755))
	require.NoError(p.t, os.WriteFile(filepath.Join(p.root, name), []byte(text), 0o600))
}

// commit commits everything, a day later than before, and returns the hash.
func (p *project) commit() string {
	p.t.Helper()
	p.git("add", "-A")
	p.git("commit", "-q", "-m", "A commit\n\ngpgsig is not a header here")
	p.at = p.at.AddDate(0, 0, 1)
	return p.git("rev-parse", "HEAD")
}

func (p *project) blame(file string) commits.Lines {
	p.t.Helper()
	lines, err := commits.Blame(p.t.Context(), p.root, file)
	require.NoError(p.t, err)
	return lines
}

func TestBlame(t *testing.T) {
	p := newProject(t)
	p.write("list.yaml", "a\nb\nc\n")
	first := p.commit()
	p.write("list.yaml", "a\nB\nc\n")
	second := p.commit()
	p.write("list.yaml", "a\nB\nc\n\tnew and not committed\n")
	lines := p.blame("list.yaml")

	one := lines.At(1, 1)
	require.Equal(t, first, one.Hash)
	require.Equal(t, "Ada Okafor <ada@example.com>", one.Author)
	require.Equal(t, time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), one.At, "when it came into the history")
	require.False(t, one.Signed)
	require.False(t, one.Dirty)
	require.Equal(t, second, lines.At(1, 3).Hash, "the newest of them")
	require.Equal(t, first, lines.At(3, 3).Hash)
	require.Equal(t, first, lines.At(3, 0).Hash, "an end that is not known is the line itself")
	require.Nil(t, lines.At(3, 4), "a line is not committed")
	for _, outside := range [][2]int{{0, 0}, {-1, 2}, {4, 5}, {9, 9}} {
		require.Nil(t, lines.At(outside[0], outside[1]), outside)
	}
	require.Nil(t, commits.Lines{}.At(1, 1))

	one.Hash = "changed"
	require.Equal(t, first, lines.At(1, 1).Hash, "nobody else's copy is changed")
}

// A name is a name, whatever it looks like, also below the repository's root.
func TestBlameNames(t *testing.T) {
	p := newProject(t)
	names := []string{"--contents=/etc/passwd", "-h", ":(top)*", "a b\nc", "ärger.yaml", "*"}
	for _, name := range names {
		if runtime.GOOS == "windows" {
			t.Skip("needs a file system that takes any name")
		}
		p.write(filepath.Join("sub", name), name+"\n")
	}
	hash := p.commit()
	p.root = filepath.Join(p.root, "sub")
	for _, name := range names {
		require.Equal(t, hash, p.blame(name).At(1, 1).Hash, name)
	}
	_, err := commits.Blame(t.Context(), p.root, "[a-z]*")
	require.Error(t, err, "a pattern is a name too")
}

func TestSigned(t *testing.T) {
	p := newProject(t)
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("needs ssh-keygen on PATH, which signs commits")
	}
	key := filepath.Join(t.TempDir(), "key")
	out, err := exec.Command(keygen, "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput()
	require.NoError(t, err, string(out))
	p.git("config", "gpg.format", "ssh")
	p.git("config", "user.signingkey", key)
	p.git("config", "commit.gpgsign", "true")
	p.write("list.yaml", "a\n")
	p.commit()
	// A program that would verify it is never run.
	p.git("config", "gpg.ssh.program", p.trap())
	p.git("config", "log.showSignature", "true")
	require.True(t, p.blame("list.yaml").At(1, 1).Signed)
	head, err := commits.Head(t.Context(), p.root)
	require.NoError(t, err)
	require.True(t, head.Signed)
	p.notSprung()
}

// trap is a program that leaves a file named sprung behind.
func (p *project) trap() string {
	path := filepath.Join(filepath.Dir(p.root), "trap")
	require.NoError(p.t, os.WriteFile(path, []byte("#!/bin/sh\ntouch '"+path+".sprung'\nexec cat\n"), 0o700))
	return path
}

func (p *project) notSprung() {
	p.t.Helper()
	require.NoFileExists(p.t, filepath.Join(filepath.Dir(p.root), "trap.sprung"))
}

// What a repository sets runs no program, and the caller's environment points
// nowhere else.
func TestHostile(t *testing.T) {
	p := newProject(t)
	p.write("list.yaml", "reason: one zone is enough for the tests\n")
	p.write(".gitattributes", "*.yaml diff=x\n")
	p.commit()
	p.write("list.yaml", "reason: one zone is enough for all tests\n")
	hash := p.commit()
	trap := p.trap()
	for _, name := range []string{"core.fsmonitor", "core.pager", "pager.blame", "pager.status", "diff.external", "diff.x.command", "diff.x.textconv"} {
		p.git("config", name, trap)
	}
	require.NoError(t, os.WriteFile(trap+".ignored", []byte(hash+"\n"), 0o600))
	p.git("config", "blame.ignoreRevsFile", trap+".ignored")
	p.git("config", "core.hooksPath", filepath.Dir(trap))
	p.git("config", "color.ui", "always")
	p.git("config", "status.branch", "true")
	other := newProject(t)
	t.Setenv("GIT_DIR", filepath.Join(other.root, ".git"))
	t.Setenv("GIT_EXTERNAL_DIFF", trap)
	t.Setenv("GIT_CONFIG_COUNT", "nonsense")
	require.Equal(t, hash, p.blame("list.yaml").At(1, 1).Hash)
	head, err := commits.Head(t.Context(), p.root)
	require.NoError(t, err)
	require.Equal(t, hash, head.Hash)
	require.False(t, head.Dirty)
	p.notSprung()
}

func TestHead(t *testing.T) {
	p := newProject(t)
	_, err := commits.Head(t.Context(), p.root)
	require.ErrorContains(t, err, "find the project's commit", "no commit yet")
	p.write("a", "a\n")
	p.write(".gitignore", "out/\n")
	hash := p.commit()
	dirty := func() bool {
		head, err := commits.Head(t.Context(), p.root)
		require.NoError(t, err)
		require.Equal(t, hash, head.Hash)
		return head.Dirty
	}
	require.False(t, dirty())
	p.write("out/report", "ignored")
	require.False(t, dirty())
	p.write("b", "not known to git")
	require.True(t, dirty())
	require.NoError(t, os.Remove(filepath.Join(p.root, "b")))
	p.write("a", "changed\n")
	require.True(t, dirty())
	p.git("add", "a")
	require.True(t, dirty(), "staged is not committed")
}
