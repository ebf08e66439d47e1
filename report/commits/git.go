package commits

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// limit is how long one question may take, with all that it needs of git.
const limit = 10 * time.Second

// mostBytes is far above the blame of any file of statements.
const mostBytes = 256 << 20

// repository is the folder of a project, in which git runs.
type repository struct{ root string }

// settings keep what the repository and the user have set from running programs
// and from changing what git prints.
var settings = []string{
	"core.fsmonitor=false", "core.hooksPath=" + os.DevNull, "core.pager=cat", "core.quotePath=true",
	"color.ui=false", "log.showSignature=false", "blame.markUnblamableLines=false", "blame.markIgnoredLines=false",
	// A partial clone would fetch what is missing.
	"protocol.allow=never", "status.relativePaths=true",
}

// environment is the little of ours that git sees: the user's own settings say
// which folders are safe. Everything GIT_ of the caller (inside a hook, another
// repository) is left out.
func environment() []string {
	env := []string{
		"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1",
		"GIT_PAGER=cat",
	}
	for _, name := range []string{"PATH", "HOME", "XDG_CONFIG_HOME", "SYSTEMROOT", "USERPROFILE"} {
		if value, set := os.LookupEnv(name); set {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// ask runs git in the repository and returns what it prints.
func (r repository) ask(ctx context.Context, input []byte, command string, args ...string) ([]byte, error) {
	all := []string{"--no-pager", "--no-optional-locks"}
	for _, setting := range settings {
		all = append(all, "-c", setting)
	}
	cmd := exec.CommandContext(ctx, "git", append(append(all, command), args...)...)
	cmd.Dir, cmd.Env, cmd.Stdin = r.root, environment(), bytes.NewReader(input)
	cmd.WaitDelay = time.Second // what git has started may hold its output open
	out, said := &bounded{most: mostBytes}, &bounded{most: 4 << 10}
	cmd.Stdout, cmd.Stderr = out, said
	err := cmd.Run()
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("git %s gave no answer in time: %w", command, ctx.Err())
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("git is not installed")
	case strings.Contains(said.String(), "not a git repository"):
		return nil, errors.New("the project is in no git repository")
	default:
		why, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(said.String()), "fatal: "), "\n")
		if why == "" {
			return nil, fmt.Errorf("git %s failed: %w", command, err)
		}
		return nil, fmt.Errorf("git %s failed: %s", command, why)
	}
}

// bounded is a buffer that takes no more than so many bytes.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		return 0, fmt.Errorf("git answered more than %d bytes", b.most)
	}
	return b.Buffer.Write(p)
}
