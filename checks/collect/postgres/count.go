package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/checks/evidence"
)

// countLimit is when the guide's query is given up: it reads the whole table.
const countLimit = 5 * time.Second

const whereSQL = `
SELECT quote_ident(schemaname) || '.' || quote_ident(relname) AS name FROM pg_stat_user_tables
WHERE relname = 'plugins' ORDER BY schemaname <> 'public', schemaname LIMIT 1`

// count times the guide's own query (readiness guide, "Performance
// Validation"): SELECT count(*) FROM plugins.
func (c *Collector) count() evidence.Reader {
	return evidence.Read(evidence.PostgresCount, "SELECT count(*) FROM plugins", func(ctx context.Context) (evidence.PostgresTiming, error) {
		found, err := query[struct{ Name string }](ctx, c.primary, whereSQL)
		if err != nil || len(found) == 0 {
			return evidence.PostgresTiming{}, err
		}
		timing := evidence.PostgresTiming{Table: found[0].Name}
		err = c.primary.use(ctx, func(conn *pgx.Conn) error {
			return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, `SELECT set_config('statement_timeout', $1, true)`, countLimit.String()); err != nil {
					return err
				}
				start := time.Now() // a stopwatch: nothing is decided by the hour
				err := tx.QueryRow(ctx, `SELECT count(*) FROM `+timing.Table).Scan(&timing.Rows)
				timing.Seconds = time.Since(start).Seconds()
				return err
			})
		})
		var stopped *pgconn.PgError
		if errors.As(err, &stopped) && stopped.Code == "57014" {
			timing.Cut = true
			return timing, nil
		}
		return timing, err
	})
}
