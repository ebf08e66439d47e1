// Package command is keeper's command line: one command a file, each of the
// same shape: flags and environment in, one call, one rendering. What commands
// do lives in the packages that they call.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/keeper/drill"
)

// Exit codes: scripts and alerts rely on them.
const (
	exitOK     = 0
	exitFailed = 1
	exitError  = 2
)

// errDamaged ends `keeper list` when a backup is not as it was sent.
var errDamaged = errors.New("a backup is damaged")

// Version is that of this program, set when it is linked.
var Version = "dev"

// World is what a run of the program is given from outside.
type World struct {
	// Getenv reads the environment.
	Getenv func(string) string
	// Now is the clock, Random the source of salts and names.
	Now    func() time.Time
	Random io.Reader

	In       io.Reader
	Out, Err io.Writer
}

// Main runs the command line and returns the exit code: 0 when all went well, 1
// when a drill or a check of backups failed, and 2 when it could not run.
func Main(ctx context.Context, args []string, world World) int {
	root := newRootCommand(&world)
	root.SetArgs(args)
	root.SetIn(world.In)
	root.SetOut(world.Out)
	root.SetErr(world.Err)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, drill.ErrFailed), errors.Is(err, errDamaged):
		fmt.Fprintf(world.Err, "failed: %v\n", err)
		return exitFailed
	default:
		fmt.Fprintf(world.Err, "error: %v\n", err)
		return exitError
	}
}

func newRootCommand(world *World) *cobra.Command {
	s := &settings{world: world, log: slog.New(slog.NewTextHandler(world.Err, nil))}
	root := &cobra.Command{
		Use:   "keeper",
		Short: "Back up the portal's data, try the backups out, and recover from them",
		Long: `Keeper runs inside the cluster. It finds PostgreSQL by libpq's variables (PGHOST,
PGUSER, PGPASSWORD, PGSSLROOTCERT …) and AWS by the usual ones. A setting whose
variable is not set is read from a file of that name in the folder KEEPER_SECRETS.`,
		Version:       Version,
		SilenceUsage:  true,
		SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	flags := root.PersistentFlags()
	flags.StringVarP(&s.output, "output", "o", "text", "text or json")
	flags.StringVar(&s.bucket, "bucket", world.Getenv("KEEPER_BUCKET"), "the bucket of backups (KEEPER_BUCKET)")
	flags.StringVar(&s.key, "kms-key", world.Getenv("KEEPER_KMS_KEY"), "ARN of the key that encrypts them (KEEPER_KMS_KEY)")
	flags.StringVar(&s.gateway, "pushgateway", world.Getenv("KEEPER_PUSHGATEWAY"), "URL of the Pushgateway; none pushes no metrics (KEEPER_PUSHGATEWAY)")
	flags.StringVar(&s.status, "status-namespace", world.Getenv("KEEPER_STATUS_NAMESPACE"), "namespace of the ConfigMap backup-status; none writes no status (KEEPER_STATUS_NAMESPACE)")
	flags.StringVar(&s.kubeconfig, "kubeconfig", world.Getenv("KUBECONFIG"), "kubeconfig; without one the pod's service account (KUBECONFIG)")
	flags.StringVar(&s.programs, "programs", world.Getenv("KEEPER_PROGRAMS"), "folder of pg_dump and its like; empty means PATH (KEEPER_PROGRAMS)")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if s.output != "text" && s.output != "json" {
			return fmt.Errorf("read flags: --output is text or json, not %q", s.output)
		}
		return nil
	}
	root.AddCommand(newBackupCommand(s), newListCommand(s), newDrillCommand(s), newRecoverCommand(s), newRolesCommand(s))
	return root
}

// setting reads an environment variable, or the file of its name among the
// mounted secrets.
func (s *settings) setting(name string) string {
	if value := s.world.Getenv(name); value != "" {
		return value
	}
	folder := s.world.Getenv("KEEPER_SECRETS")
	if folder == "" {
		return ""
	}
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(text), "\r\n")
}
