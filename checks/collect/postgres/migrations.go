package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"gatehouse/checks/evidence"
)

// mostDatabases is how many databases are looked into. Backstage has one a
// plugin.
const mostDatabases = 200

const reachableSQL = `
SELECT datname::text AS name, has_database_privilege(oid, 'CONNECT') AS open FROM pg_database
WHERE datallowconn AND NOT datistemplate AND datname NOT IN ('postgres', 'rdsadmin') ORDER BY datname LIMIT $1`

// knex keeps its migrations in knex_migrations and the lock in
// knex_migrations_lock; Backstage's task scheduler puts a prefix before both.
const journalsSQL = `
SELECT n.nspname::text AS schema, c.relname::text AS name,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS journal,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname || '_lock') AS lock
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relname LIKE '%knex\_migrations' ORDER BY 1, 2`

type journal struct{ Schema, Name, Journal, Lock string }

// migrations reads the journals of all databases, one after the other over a
// connection each.
func (c *Collector) migrations() evidence.Reader {
	return evidence.Read(evidence.PostgresMigrations, "SELECT count(*) FROM knex_migrations, SELECT is_locked FROM knex_migrations_lock of every database", func(ctx context.Context) ([]evidence.PostgresMigration, error) {
		databases, err := query[struct {
			Name string
			Open bool
		}](ctx, c.primary, reachableSQL, mostDatabases+1)
		if err != nil {
			return nil, err
		}
		var errs []error
		if len(databases) > mostDatabases {
			databases = databases[:mostDatabases]
			errs = append(errs, evidence.Problem{Kind: evidence.Unsupported, Message: fmt.Sprintf("there are more than %d databases; the others were not looked into", mostDatabases)})
		}
		found := []evidence.PostgresMigration{}
		for _, database := range databases {
			if !database.Open {
				errs = append(errs, evidence.Problem{Kind: evidence.Denied, Message: fmt.Sprintf("%s may not connect to the database %s", c.user, database.Name)})
				continue
			}
			of, err := c.journals(ctx, database.Name)
			found, errs = append(found, of...), append(errs, err)
			if ctx.Err() != nil {
				break
			}
		}
		return found, errors.Join(errs...)
	})
}

// journals reads those of one database.
func (c *Collector) journals(ctx context.Context, database string) ([]evidence.PostgresMigration, error) {
	config := c.primary.config.Copy()
	config.Database = database
	n := &node{address: c.primary.address, config: config, turn: make(chan struct{}, 1)}
	defer n.close()
	tables, err := query[journal](ctx, n, journalsSQL)
	if err != nil {
		return nil, err
	}
	var found []evidence.PostgresMigration
	var errs []error
	for _, table := range tables {
		state := evidence.PostgresMigration{Database: database, Schema: table.Schema, Table: table.Name}
		err := n.use(ctx, func(conn *pgx.Conn) error {
			sql := fmt.Sprintf(`SELECT (SELECT count(*) FROM %s), (SELECT coalesce(bool_or(is_locked = 1), false) FROM %s)`, table.Journal, table.Lock)
			return conn.QueryRow(ctx, sql).Scan(&state.Applied, &state.Locked)
		})
		if err != nil {
			errs = append(errs, inDatabase(database, err))
			continue
		}
		found = append(found, state)
	}
	return found, errors.Join(errs...)
}

// inDatabase says of which database a problem is.
func inDatabase(database string, err error) error {
	var p evidence.Problem
	if errors.As(err, &p) {
		p.Message = "database " + database + ": " + p.Message
		return p
	}
	return fmt.Errorf("database %s: %w", database, err)
}
