package postgres

import (
	"context"

	"gatehouse/checks/evidence"
)

// Whoever may not see another login's session reads "<insufficient privilege>"
// as its statement (PostgreSQL, "pg_stat_activity").
const sessionsSQL = `
SELECT count(*) FILTER (WHERE a.backend_type = 'client backend')::int AS connections,
       (SELECT sum(CASE name WHEN 'max_connections' THEN setting::int ELSE -setting::int END) FROM pg_settings
        WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections'))::int AS limit,
       coalesce(max(extract(epoch FROM clock_timestamp() - a.query_start))
         FILTER (WHERE a.state = 'active' AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()), 0)::float8 AS longest_query_seconds,
       coalesce(max(extract(epoch FROM clock_timestamp() - a.state_change))
         FILTER (WHERE a.state LIKE 'idle in transaction%'), 0)::float8 AS idle_in_transaction_seconds,
       count(*) FILTER (WHERE NOT (a.client_addr <<= '127.0.0.0/8' OR a.client_addr <<= '::1') AND NOT coalesce(s.ssl, false))::int AS plain,
       count(*) FILTER (WHERE a.wait_event_type = 'Lock')::int AS blocked,
       count(*) FILTER (WHERE a.query = '<insufficient privilege>')::int AS hidden
FROM pg_stat_activity a LEFT JOIN pg_stat_ssl s USING (pid)`

func (c *Collector) sessions() evidence.Reader {
	return evidence.Read(evidence.PostgresSessions, statement(sessionsSQL), func(ctx context.Context) (evidence.PostgresActivity, error) {
		found, err := one[struct {
			evidence.PostgresActivity
			Hidden int
		}](ctx, c.primary, sessionsSQL)
		if err == nil && found.Hidden > 0 {
			return evidence.PostgresActivity{}, c.primary.unseen("pg_stat_activity")
		}
		return found.PostgresActivity, err
	})
}
