package postgres

import (
	"context"

	"gatehouse/checks/evidence"
)

const databasesSQL = `
SELECT datname::text AS name, age(datfrozenxid)::bigint AS transaction_age, mxid_age(datminmxid)::bigint AS multixact_age
FROM pg_database ORDER BY datname`

func (c *Collector) databases() evidence.Reader {
	return evidence.Read(evidence.PostgresDatabases, statement(databasesSQL), func(ctx context.Context) ([]evidence.PostgresDatabase, error) {
		return query[evidence.PostgresDatabase](ctx, c.primary, databasesSQL)
	})
}

const extensionsSQL = `SELECT extname::text AS name, extversion AS version FROM pg_extension ORDER BY extname`

func (c *Collector) extensions() evidence.Reader {
	return evidence.Read(evidence.PostgresExtensions, statement(extensionsSQL), func(ctx context.Context) ([]evidence.PostgresExtension, error) {
		return query[evidence.PostgresExtension](ctx, c.primary, extensionsSQL)
	})
}

// guideTables are the tables that the readiness guide looks at ("Database
// Health Check").
var guideTables = []string{"plugins", "installations", "workflows"}

const tablesSQL = `
SELECT schemaname::text AS schema, relname::text AS name, n_live_tup AS rows, n_mod_since_analyze AS changed,
       coalesce(last_analyze, last_autoanalyze) IS NOT NULL
         OR EXISTS (SELECT FROM pg_stats p WHERE p.schemaname = t.schemaname AND p.tablename = t.relname) AS analyzed
FROM pg_stat_user_tables t WHERE relname = ANY($1) ORDER BY 1, 2`

func (c *Collector) tables() evidence.Reader {
	return evidence.Read(evidence.PostgresTables, statement(tablesSQL), func(ctx context.Context) ([]evidence.PostgresTable, error) {
		return query[evidence.PostgresTable](ctx, c.primary, tablesSQL, guideTables)
	})
}

// One that CREATE INDEX CONCURRENTLY builds at this moment is not valid yet, and
// nothing is wrong with it.
const indexesSQL = `
SELECT count(*)::int AS total,
       coalesce(array_agg(indexrelid::regclass::text ORDER BY 1) FILTER (WHERE NOT indisvalid
         AND indexrelid NOT IN (SELECT index_relid FROM pg_stat_progress_create_index WHERE index_relid IS NOT NULL)), '{}') AS invalid
FROM pg_index`

func (c *Collector) indexes() evidence.Reader {
	return evidence.Read(evidence.PostgresIndexes, statement(indexesSQL), func(ctx context.Context) (evidence.PostgresIndexState, error) {
		return one[evidence.PostgresIndexState](ctx, c.primary, indexesSQL)
	})
}
