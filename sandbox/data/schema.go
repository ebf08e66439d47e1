package data

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// role is a login of PostgreSQL.
type role struct {
	name string
	// options and then grants are PostgreSQL's words.
	options string
	grants  []string
}

func roles() []role {
	return []role{
		{name: replicationUser, options: "REPLICATION"},
		{name: BackstageUser, options: "CREATEDB"},
		{name: PortalUser},
		{name: MonitorUser, grants: []string{"pg_monitor"}},
		{name: BackupUser, options: "REPLICATION", grants: []string{"pg_read_all_data"}},
	}
}

// postgresUsers are all logins.
func postgresUsers() []string {
	names := []string{Superuser}
	for _, role := range roles() {
		names = append(names, role.name)
	}
	return names
}

func postgresSecrets() []string {
	var secrets []string
	for _, name := range postgresUsers() {
		secrets = append(secrets, postgresSecret(name))
	}
	return secrets
}

// database is one that the portal needs, with what is in it.
type database struct{ name, owner, schema string }

// catalog is the database of Backstage's catalog plugin: it has one a plugin.
const catalog = "backstage_plugin_catalog"

func databases() []database {
	return []database{
		{Database, PortalUser, portalSchema + migrations("20240101000000_plugins.js", "20240201000000_workflows.js")},
		{catalog, BackstageUser, migrations("20200511113813_init.js", "20230525141717_stitch_queue.js")},
	}
}

// portalSchema are the tables that the guide asks the statistics of.
const portalSchema = `
CREATE TABLE IF NOT EXISTS plugins (id text PRIMARY KEY, name text NOT NULL, version text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS installations (id bigserial PRIMARY KEY, plugin_id text NOT NULL REFERENCES plugins, environment text NOT NULL, status text NOT NULL);
CREATE TABLE IF NOT EXISTS workflows (id bigserial PRIMARY KEY, name text NOT NULL, state text NOT NULL);
INSERT INTO plugins (id, name, version) VALUES ('catalog', 'Software catalog', '1.0.0'), ('techdocs', 'TechDocs', '1.0.0') ON CONFLICT DO NOTHING;
INSERT INTO installations (plugin_id, environment, status) SELECT id, 'sandbox', 'installed' FROM plugins WHERE NOT EXISTS (SELECT FROM installations);
INSERT INTO workflows (name, state) SELECT 'install ' || id, 'done' FROM plugins WHERE NOT EXISTS (SELECT FROM workflows);
`

// migrations are knex's two tables, as Backstage has them, with the names of the
// migrations that have run and no lock.
func migrations(names ...string) string {
	var text strings.Builder
	text.WriteString(`
CREATE TABLE IF NOT EXISTS knex_migrations (id serial PRIMARY KEY, name varchar(255), batch integer, migration_time timestamptz);
CREATE TABLE IF NOT EXISTS knex_migrations_lock (index serial PRIMARY KEY, is_locked integer);
INSERT INTO knex_migrations_lock (is_locked) SELECT 0 WHERE NOT EXISTS (SELECT FROM knex_migrations_lock);
`)
	for _, name := range names {
		fmt.Fprintf(&text, "INSERT INTO knex_migrations (name, batch, migration_time) SELECT %[1]s, 1, now() WHERE NOT EXISTS (SELECT FROM knex_migrations WHERE name = %[1]s);\n", literal(name))
	}
	return text.String()
}

// watched lets the login that watches count what is in the tables, and see whom
// the server lets in.
const watched = `
GRANT SELECT ON ALL TABLES IN SCHEMA public TO ` + MonitorUser + `;
GRANT SELECT ON pg_hba_file_rules TO ` + MonitorUser + `;
GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO ` + MonitorUser + `;
`

// furnish makes logins, databases and what is in them.
func (m member) furnish(ctx context.Context) error {
	conn, err := m.connect(ctx, Superuser)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := m.makeRoles(ctx, conn); err != nil {
		return fmt.Errorf("make the logins of %s: %w", m.name, err)
	}
	for _, database := range databases() {
		if err := m.makeDatabase(ctx, conn, database); err != nil {
			return fmt.Errorf("make the database %s: %w", database.name, err)
		}
	}
	// Or nobody could tell, until the first segment is full, that archiving works.
	const archive = "SELECT pg_switch_wal() FROM pg_stat_archiver WHERE archived_count = 0"
	if _, err := conn.Exec(ctx, archive); err != nil {
		return fmt.Errorf("archive the log of %s: %w", m.name, err)
	}
	return nil
}

func (m member) makeRoles(ctx context.Context, conn *pgx.Conn) error {
	// Statistics of statements are no place for passwords.
	statements := []string{"SET pg_stat_statements.track_utility = off"}
	for _, role := range roles() {
		secret, err := readSecret(m.Dir, postgresSecret(role.name))
		if err != nil {
			return err
		}
		verb, err := either(ctx, conn, "ALTER", "CREATE", "SELECT FROM pg_roles WHERE rolname = $1", role.name)
		if err != nil {
			return err
		}
		statements = append(statements, fmt.Sprintf("%s ROLE %s LOGIN %s PASSWORD %s", verb, role.name, role.options, literal(secret)))
		for _, granted := range role.grants {
			statements = append(statements, fmt.Sprintf("GRANT %s TO %s", granted, role.name))
		}
	}
	// One transaction, so that one wait for the disk.
	_, err := conn.PgConn().Exec(ctx, strings.Join(statements, ";\n")).ReadAll()
	return err
}

// either returns yes when the query finds anything.
func either(ctx context.Context, conn *pgx.Conn, yes, no, query string, args ...any) (string, error) {
	var found bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS ("+query+")", args...).Scan(&found); err != nil {
		return "", err
	}
	if found {
		return yes, nil
	}
	return no, nil
}

func (m member) makeDatabase(ctx context.Context, conn *pgx.Conn, d database) error {
	create, err := either(ctx, conn, "", "CREATE DATABASE "+d.name+" OWNER "+d.owner, "SELECT FROM pg_database WHERE datname = $1", d.name)
	if err != nil {
		return err
	}
	if create != "" {
		if _, err := conn.Exec(ctx, create); err != nil {
			return err
		}
	}
	inside, err := m.connect(ctx, d.name)
	if err != nil {
		return err
	}
	defer func() { _ = inside.Close(context.WithoutCancel(ctx)) }()
	schema := fmt.Sprintf("SET client_min_messages = warning; SET ROLE %s; %s RESET ROLE; ", d.owner, d.schema) + watched
	if m.hasStatements() {
		schema += "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;"
	}
	if create != "" { // statistics of the tables; later, the server sees to them
		schema += "ANALYZE;"
	}
	_, err = inside.PgConn().Exec(ctx, schema).ReadAll()
	return err
}

// literal quotes a string for SQL.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
