package command

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gatehouse/keeper/drill"
	"gatehouse/keeper/postgres"
	"gatehouse/keeper/report"
)

// drillTask is the drill's name in metrics and in the status.
const drillTask = "drill"

func newDrillCommand(s *settings) *cobra.Command {
	var maxAge, maxDuration time.Duration
	cmd := &cobra.Command{
		Use:   "drill",
		Short: "Restore the newest backup into scratch databases and compare it; failure exits with 1",
		Long: `Restore the newest database backup into scratch databases, compare rows and
checksums of every table with those that were taken with the dump, and measure.

The scratch databases are made and dropped by the drill, on the server that
PGHOST names; the login needs CREATEDB and nothing else. No live database is
touched. The result goes to drills/ in the bucket, to the ConfigMap backup-status
and to the Pushgateway.`,
		Example: `  PGHOST=db PGUSER=drill PGPASSWORD=… keeper drill --max-age 12h --max-duration 1h`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			d := drill.Drill{
				Programs: postgres.Programs(s.programs), MaxAge: maxAge, MaxDuration: maxDuration,
				Now: s.world.Now, Random: s.world.Random, Log: s.log,
			}
			var err error
			if d.Archive, err = s.archive(ctx); err == nil {
				d.Scratch, err = s.server()
			}
			var result drill.Result
			if err == nil {
				result, err = d.Run(ctx)
			}
			if err != nil && !errors.Is(err, drill.ErrFailed) {
				s.tell(ctx, drillTask, nil, report.Failed(s.world.Now()), err)
				return err
			}
			s.tell(ctx, drillTask, result, drillMetrics(result), err)
			return errors.Join(s.show(result, drillWords(result)), err)
		},
	}
	cmd.Flags().DurationVar(&maxAge, "max-age", 12*time.Hour, "how old the newest backup may be")
	cmd.Flags().DurationVar(&maxDuration, "max-duration", time.Hour, "how long restoring may take")
	return cmd
}

func drillMetrics(r drill.Result) []report.Metric {
	took := seconds(r.DurationSeconds)
	metrics := report.Drilled(r.Passed, r.Finished, took, seconds(r.BackupAgeSeconds))
	if r.Passed {
		return append(metrics, report.Succeeded(r.Finished, took, r.Bytes)...)
	}
	return append(metrics, report.Failed(r.Finished)...)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func drillWords(r drill.Result) string {
	var b strings.Builder
	verdict := "passed"
	if !r.Passed {
		verdict = "FAILED"
	}
	fmt.Fprintf(&b, "restore drill %s: %s\n", verdict, r.Backup)
	fmt.Fprintf(&b, "  %d databases, %d tables, %d rows, %d bytes restored in %.1f s; the backup was %s old\n",
		r.Databases, r.Tables, r.Rows, r.Bytes, r.DurationSeconds, seconds(r.BackupAgeSeconds).Round(time.Second))
	for _, problem := range r.Problems {
		fmt.Fprintf(&b, "  - %s\n", problem)
	}
	return b.String()
}
