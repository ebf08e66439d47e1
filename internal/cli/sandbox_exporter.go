package cli

import (
	"github.com/spf13/cobra"

	"gatehouse/sandbox/metrics"
	"gatehouse/sandbox/metrics/pgbouncer"
)

// newSandboxExporterCommand is what `sandbox up` starts as PgBouncer's exporter.
func newSandboxExporterCommand() *cobra.Command {
	var options pgbouncer.Options
	cmd := &cobra.Command{
		Use:     metrics.PoolerExporter,
		Short:   "Be the exporter of a sandbox's PgBouncer, until a signal comes",
		Example: `  gatehouse sandbox pgbouncer-exporter --listen 127.0.0.1:9127 --address 127.0.0.1:6432`,
		Hidden:  true,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := pgbouncer.Run(cmd.Context(), options)
			if cmd.Context().Err() == nil {
				return err
			}
			return nil // asked to end
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&options.Listen, "listen", "", "address that answers /metrics (required)")
	flags.StringVar(&options.Address, "address", "", "host:port of PgBouncer (required)")
	flags.StringVar(&options.Console, "console", "pgbouncer", "the database that is its console")
	flags.StringVar(&options.User, "user", "", "login that may look at the console")
	flags.StringVar(&options.PasswordFile, "password-file", "", "file with its password")
	flags.StringVar(&options.CA, "ca", "", "PEM file that PgBouncer is verified against")
	_ = cmd.MarkFlagRequired("listen")
	_ = cmd.MarkFlagRequired("address")
	return cmd
}
