// Package cli is the command line: one command a file, each of the same shape:
// flags in, one call, one rendering. What commands do lives in the packages
// that they call.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

// Exit codes: scripts rely on them.
const (
	exitOK       = 0
	exitFindings = 1
	exitError    = 2
)

// errFindings ends a command that ran well and found what it looks for:
// differences, mistakes, denials. What was found is already shown.
var errFindings = errors.New("findings")

// exitStatus ends with the exit code of a program that was run for somebody else and
// has said everything itself.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("it ended with %d", int(s)) }

// Main runs the command line and returns the exit code.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var status exitStatus
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, errFindings):
		return exitFindings
	default:
		fmt.Fprintf(stderr, "error: %v\n", err)
		return exitError
	}
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "gatehouse",
		Short: "Provision a Backstage portal on AWS and prove that it is ready",
		Example: `  gatehouse up -s staging --sandbox
  gatehouse check -s staging --sandbox -o text -o html=out/report.html
  gatehouse preview -s production`,
		SilenceUsage:  true,
		SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	// Descriptions of flags are wrapped, so that help fits a terminal.
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages", fmt.Sprintf(".FlagUsagesWrapped %d", helpWidth)))
	root.AddCommand(
		newPreviewCommand(), newUpCommand(), newRefreshCommand(), newDestroyCommand(),
		newPolicyCommand(), newCheckCommand(), newReportCommand(), newAttestCommand(), newWaiveCommand(), newPluginCommand(), newConfigCommand(), newChartsCommand(), newSandboxCommand(), newToolsCommand(),
	)
	fit(root)
	return root
}

// projectRoot finds the folder that holds the project's Pulumi.yaml, from the
// working directory upwards.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	for start := dir; ; dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "Pulumi.yaml"))
		project := struct {
			Name string `yaml:"name"`
		}{}
		if err == nil && yaml.Unmarshal(text, &project) == nil && project.Name == "gatehouse" {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("find the project: no Pulumi.yaml of gatehouse in %s or above; run this in a clone of the project", start)
		}
	}
}
