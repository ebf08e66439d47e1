package command

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/keeper/backup"
)

func newListCommand(s *settings) *cobra.Command {
	var kind string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the backups, each checked with S3; damage exits with 1",
		Long: `List the complete backups of a kind, the newest first, and check each: S3 must
still hold every object with the size, checksum and key that it was sent with.

Nothing is deleted here: the bucket's lifecycle ends what is old.`,
		Example: `  keeper list --bucket backups --kms-key arn:aws:kms:…
  keeper list --kind configuration -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := s.archive(cmd.Context())
			if err != nil {
				return err
			}
			k := backup.Kind(kind)
			if k != backup.Database && k != backup.Configuration && k != backup.Base {
				return fmt.Errorf("read flags: --kind is database, configuration or base, not %q", kind)
			}
			found, err := backup.List(cmd.Context(), a, k, s.world.Now())
			if err != nil {
				return err
			}
			if err := s.show(found, table(found)); err != nil {
				return err
			}
			for _, listed := range found {
				if !listed.Intact {
					return fmt.Errorf("%w: %s", errDamaged, listed.Problem)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&kind, "kind", string(backup.Database), "database, configuration or base")
	return cmd
}

func table(found []backup.Listed) string {
	if len(found) == 0 {
		return "there are no backups\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "MANIFEST\tAGE\tBYTES\tINTACT")
	for _, listed := range found {
		state := "yes"
		if !listed.Intact {
			state = "NO: " + listed.Problem
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", listed.Manifest, listed.Age.Round(time.Minute), listed.Bytes, state)
	}
	_ = w.Flush() // to memory
	return b.String()
}
