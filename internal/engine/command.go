package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// command runs the Pulumi CLI for the Automation API. It exists because the
// API's own adds the caller's whole environment: in the sandbox nothing of the
// user's credentials, profiles or contexts may reach Pulumi.
type command struct {
	path string
	// environ is the whole base environment; of two values the last counts.
	environ []string
}

func newCommand(path string, environ []string) auto.PulumiCommand {
	return command{path: path, environ: environ}
}

// grace is how long an interrupted CLI may take to save its state.
const grace = 30 * time.Second

// Run implements auto.PulumiCommand.
func (c command) Run(ctx context.Context, workdir string, stdin io.Reader, outputs, errorOutputs []io.Writer, env []string, args ...string) (string, string, int, error) {
	if !slices.Contains(args, "--non-interactive") {
		args = append(args, "--non-interactive")
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Dir = workdir
	cmd.Env = append(append(slices.Clone(c.environ), env...), "PULUMI_AUTOMATION_API=true")
	cmd.Stdin = stdin
	cmd.Stdout = io.MultiWriter(append(outputs, &stdout)...)
	cmd.Stderr = io.MultiWriter(append(errorOutputs, &stderr)...)
	// A group of its own: Ctrl-C reaches us alone, and we interrupt it once.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = grace

	err := cmd.Run()
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		code = -2 // the Automation API's code for "could not run"
	}
	return stdout.String(), stderr.String(), code, err
}

// Version implements auto.PulumiCommand. The toolbox has already seen to the
// version; the API asks for it only to know which flags exist.
func (c command) Version() semver.Version { return cliVersion }

// cliVersion is the least version whose flags are used here.
var cliVersion = semver.MustParse("3.258.0")
