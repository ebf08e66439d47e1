// Package installer is the command line of cmd/plugin-installer: one command a
// file, each of the same shape: the environment in, one call of plugins/install, one
// line of the result. It knows where everything is in the cluster.
package installer

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"

	"gatehouse/plugins/install"
	"gatehouse/plugins/trail"
)

// Version is that of this program, set when it is linked.
var Version = "dev"

// World is what a run of the program is given from outside.
type World struct {
	// Getenv reads the environment.
	Getenv func(string) string
	// Out takes the log: JSON, a line each, with "component":"plugin-install", which
	// the cluster's log collector goes by (deployment guide, "Logging").
	Out io.Writer
	// Err takes what ends the program, which Kubernetes shows as its message.
	Err io.Writer
}

// Main runs the command line and returns the exit code, one of plugins/install's.
func Main(ctx context.Context, args []string, world World) int {
	klog.SetLogger(logr.Discard()) // the election of a lease tells what ours tells better
	p := &program{world: world, log: slog.New(slog.NewJSONHandler(world.Out, nil)).With("component", "plugin-install")}
	root := p.command()
	root.SetArgs(guided(args))
	root.SetOut(world.Out)
	root.SetErr(world.Err)
	err := whole(func() error { return root.ExecuteContext(ctx) })
	code := install.ExitCode(err)
	if err != nil && !p.began { // the command line is none
		code = install.ExitInvalid
	}
	if err != nil {
		// It may quote a pod's log or a stranger's answer, and everybody reads it.
		message := trail.Redact(err.Error())
		p.log.Error("ended", "error", message, "exitCode", code)
		fmt.Fprintf(world.Err, "%s\n", message)
		p.leave(message)
	}
	return code
}

// whole turns a panic into an error. Go's own exit code would be that of a request
// that is wrong, which is never tried again and nobody is called for.
func whole(run func() error) (err error) {
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("a mistake of the installer's own: %v\n%s", what, debug.Stack())
		}
	}()
	return run()
}

// program is one run.
type program struct {
	world World
	log   *slog.Logger
	// began tells that a command was found and runs.
	began bool
}

func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "plugin-installer",
		Short: "Bring Backstage plugins into the portal and out of it",
		Long: `plugin-installer runs in the cluster, in the Jobs that gatehouse makes. What it does
and with what it takes from its environment: PLUGIN_REQUEST, PLUGIN_VOLUME,
PLUGIN_REGISTRY, PLUGIN_CACHE, PLUGIN_TRAIL, PLUGIN_ADVISORIES, PLUGIN_DEPLOYMENTS,
POD_NAMESPACE, POD_NAME.

It ends with 0 when all is well, 1 when a rule refused, 2 when it was asked for
something that cannot be done, and 3 when another try may help.`,
		Version: Version, SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.PersistentPreRun = func(*cobra.Command, []string) { p.began = true }
	root.AddCommand(p.stageCommand(), p.assembleCommand(), p.activateCommand(), p.maintainCommand(), p.buildCommand())
	for _, each := range root.Commands() {
		each.Args = cobra.NoArgs // what to do is in the environment
	}
	return root
}

// leave writes the message that Kubernetes shows of an ended container. It is best
// effort: the same text is on standard error.
func (p *program) leave(message string) {
	file := p.world.Getenv(install.VariableMessage)
	if file == "" {
		return
	}
	if err := os.WriteFile(file, []byte(message), 0o644); err != nil { //nolint:gosec // the node reads it
		p.log.Warn("the message is not left", "error", err.Error())
	}
}
