package command

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/spf13/cobra"

	"gatehouse/keeper/backup"
	"gatehouse/keeper/report"
)

func newBackupCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Back up the databases, the configuration or the whole server",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newBackupDatabaseCommand(s), newBackupConfigurationCommand(s), newBackupBaseCommand(s))
	return cmd
}

func newBackupDatabaseCommand(s *settings) *cobra.Command {
	var names []string
	cmd := &cobra.Command{
		Use:   "database",
		Short: "Dump the databases into the bucket, with checksums of all that they hold",
		Example: `  PGHOST=db PGUSER=backup PGPASSWORD=… keeper backup database --bucket backups --kms-key arn:aws:kms:…
  keeper backup database --database portal -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.backUp(cmd.Context(), backup.Database, func(ctx context.Context, k backup.Keeper) (done, error) {
				var err error
				if k.Server, err = s.server(); err != nil {
					return done{}, err
				}
				return manifestDone(k.Database(ctx, names...))
			})
		},
	}
	cmd.Flags().StringArrayVar(&names, "database", nil, "a database to dump; may be repeated (default all)")
	return cmd
}

func newBackupConfigurationCommand(s *settings) *cobra.Command {
	var namespaces []string
	cmd := &cobra.Command{
		Use:   "configuration",
		Short: "Keep the objects of namespaces as YAML; of secrets only names and keys",
		Example: `  keeper backup configuration --namespace developer-portal --namespace backstage
  aws s3 cp s3://BUCKET/configs/2026/11/22/configs_013000.yaml.gz - | gunzip | kubectl apply --dry-run=server -f -`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.backUp(cmd.Context(), backup.Configuration, func(ctx context.Context, k backup.Keeper) (done, error) {
				c, err := s.cluster()
				if err != nil {
					return done{}, err
				}
				found, err := c.Configuration(ctx, namespaces...)
				if err != nil {
					return done{}, err
				}
				s.log.Info("read configuration", "objects", found.Objects, "secrets", len(found.Secrets))
				return manifestDone(k.Configuration(ctx, c.Host, found.Gzipped, found.Secrets))
			})
		},
	}
	cmd.Flags().StringArrayVar(&namespaces, "namespace", []string{"developer-portal", "backstage"}, "a namespace; may be repeated")
	return cmd
}

func newBackupBaseCommand(s *settings) *cobra.Command {
	var method, instance string
	var keepDays int
	cmd := &cobra.Command{
		Use:   "base",
		Short: "Back up the whole server: a snapshot by RDS, or a stream by pg_basebackup",
		Long: `Back up the whole server.

RDS gives nobody the right to stream a base backup, so that there the method is
snapshot; they stay in RDS. pg_basebackup is for PostgreSQL of one's own.`,
		Example: `  keeper backup base --method snapshot --instance gatehouse-staging-postgres --keep-days 35
  PGHOST=db PGUSER=replicator keeper backup base --method pg_basebackup`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch method {
			case "snapshot":
				return s.snapshot(cmd.Context(), instance, keepDays)
			case "pg_basebackup":
				return s.backUp(cmd.Context(), backup.Base, func(ctx context.Context, k backup.Keeper) (done, error) {
					var err error
					if k.Server, err = s.server(); err != nil {
						return done{}, err
					}
					return manifestDone(k.BaseBackup(ctx))
				})
			default:
				return fmt.Errorf("read flags: --method is snapshot or pg_basebackup, not %q", method)
			}
		},
	}
	cmd.Flags().StringVar(&method, "method", "snapshot", "snapshot (RDS) or pg_basebackup (PostgreSQL of one's own)")
	cmd.Flags().StringVar(&instance, "instance", "", "RDS identifier, for snapshots")
	cmd.Flags().IntVar(&keepDays, "keep-days", 35, "age at which a snapshot of the keeper's is deleted; the newest never is")
	return cmd
}

// done is what a backup's end is told with.
type done struct {
	result       any
	started, end time.Time
	bytes        int64
	summary      string
}

func manifestDone(m backup.Manifest, err error) (done, error) {
	if err != nil {
		return done{}, err
	}
	short := struct {
		Manifest string    `json:"manifest"`
		Started  time.Time `json:"started"`
		Bytes    int64     `json:"bytes"`
		Objects  int       `json:"objects"`
	}{m.Key(), m.Started, m.Bytes(), len(m.Parts)}
	return done{
		result: short, started: m.Started, end: m.Finished, bytes: m.Bytes(),
		summary: fmt.Sprintf("backed up %d objects, %d bytes: %s\n", len(m.Parts), m.Bytes(), m.Key()),
	}, nil
}

// backUp runs a backup into the archive and tells of it.
func (s *settings) backUp(ctx context.Context, kind backup.Kind, run func(context.Context, backup.Keeper) (done, error)) error {
	k, err := s.keeper(ctx)
	var d done
	if err == nil {
		d, err = run(ctx, k)
	}
	return s.finish(ctx, kind, d, err)
}

func (s *settings) finish(ctx context.Context, kind backup.Kind, d done, err error) error {
	if err != nil {
		s.tell(ctx, string(kind), nil, report.Failed(s.world.Now()), err)
		return fmt.Errorf("back up the %s: %w", kind, err)
	}
	s.tell(ctx, string(kind), d.result, report.Succeeded(d.end, d.end.Sub(d.started), d.bytes), nil)
	return s.show(d.result, d.summary)
}

func (s *settings) snapshot(ctx context.Context, instance string, keepDays int) error {
	if instance == "" {
		return fmt.Errorf("read flags: --method snapshot needs --instance")
	}
	loaded, err := s.aws(ctx)
	if err != nil {
		return s.finish(ctx, backup.Base, done{}, err)
	}
	taken, err := backup.Snapshots{
		Client: rds.NewFromConfig(loaded), Instance: instance, KeepDays: keepDays, Now: s.world.Now, Log: s.log,
	}.Take(ctx)
	const gib = 1 << 30
	return s.finish(ctx, backup.Base, done{
		result: taken, started: taken.Started, end: taken.Finished, bytes: int64(taken.GiB) * gib,
		summary: fmt.Sprintf("snapshot %s is available; deleted %d older ones\n", taken.Snapshot, len(taken.Deleted)),
	}, err)
}
