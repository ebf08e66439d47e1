package postgres

import (
	"context"

	"gatehouse/checks/evidence"
)

const archiverSQL = `
SELECT pg_is_in_recovery() AS in_recovery,
       archived_count AS archived, coalesce(last_archived_wal, '') AS last_archived,
       coalesce(extract(epoch FROM clock_timestamp() - last_archived_time), 0)::float8 AS archived_seconds_ago,
       failed_count AS failed, coalesce(last_failed_wal, '') AS last_failed,
       coalesce(extract(epoch FROM clock_timestamp() - last_failed_time), 0)::float8 AS failed_seconds_ago,
       CASE WHEN pg_is_in_recovery() THEN '' ELSE pg_walfile_name(pg_current_wal_lsn()) END AS current,
       (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size') AS segment_bytes,
       extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 AS since_startup_seconds
FROM pg_stat_archiver`

func (c *Collector) archiver() evidence.Reader {
	return evidence.Read(evidence.PostgresArchiver, statement(archiverSQL), func(ctx context.Context) (evidence.PostgresArchive, error) {
		return one[evidence.PostgresArchive](ctx, c.primary, archiverSQL)
	})
}
