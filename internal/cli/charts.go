package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"gatehouse/components/release"
)

func newChartsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "charts",
		Short: "Pin third-party charts by digest, and compare them",
		Example: `  gatehouse charts lock
  gatehouse charts verify`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newChartsLockCommand(), newChartsVerifyCommand())
	return cmd
}

func newChartsLockCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lock",
		Short: "Write the digests that the catalogue lacks",
		Long: `Download every chart of components/release/charts.yaml and write the SHA-256 of
those that have no digest yet. This is trust on first use: what the repository
serves now is taken for good, so look at the difference before you commit it. A
digest that is there already is compared, never replaced; to take another
version, change the version and empty the digest. Build gatehouse again
afterwards: it holds the catalogue. Exit code 1 when a chart differs.`,
		Example: `  gatehouse charts lock`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return compareCharts(cmd, http.DefaultClient, true) },
	}
}

func newChartsVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Compare the charts with their repositories",
		Long: `Download every chart of components/release/charts.yaml and compare its SHA-256
with the catalogue's. Exit code 1 when one differs or has no digest, 2 when a
repository cannot be read.`,
		Example: `  gatehouse charts verify`,
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return compareCharts(cmd, http.DefaultClient, false) },
	}
}

// compareCharts compares the project's catalogue with what the repositories
// serve. With lock it writes the digests that are missing, chart by chart, so
// that one repository that is down does not cost what the others gave.
func compareCharts(cmd *cobra.Command, client *http.Client, lock bool) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	path := filepath.Join(root, release.Catalogue)
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the catalogue of charts: %w", err)
	}
	charts, err := release.Read(text)
	if err != nil {
		return err
	}
	findings, failed := 0, 0
	for _, chart := range charts {
		state, found := "same", false
		served, err := release.ServedDigest(cmd.Context(), client, chart)
		switch {
		case err != nil:
			failed++
			fmt.Fprintf(cmd.ErrOrStderr(), "%v\n", err)
			continue
		case chart.Digest == "" && lock:
			if text, err = release.WithDigest(text, chart.Name, served); err != nil {
				return err
			}
			if err := renameio.WriteFile(path, text, 0o644); err != nil {
				return fmt.Errorf("write the catalogue of charts: %w", err)
			}
			state = "locked"
		case chart.Digest == "":
			state, found = "not locked: run gatehouse charts lock", true
		case chart.Digest != served:
			state, found = "differs: the catalogue has "+chart.Digest, true
		}
		if found {
			findings++
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%-30s %-10s %s %s\n", chart.Name, chart.Version, served, state)
	}
	switch {
	case failed > 0:
		return fmt.Errorf("compare the charts: %d of %d could not be read", failed, len(charts))
	case findings > 0:
		return errFindings
	default:
		return nil
	}
}
