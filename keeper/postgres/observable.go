package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// statisticsExtension counts what each statement costs, of all databases. The
// dashboards and the readiness checks read it; RDS loads its library
// (components/postgres).
const statisticsExtension = "pg_stat_statements"

// ensureObservable makes the extension in the logins' databases and lets logins
// read their tables in all databases of logins. PostgreSQL cannot grant what is
// not there yet: a table that a migration makes later is granted by the next run.
func (s Server) ensureObservable(ctx context.Context, logins []Login) error {
	databases, err := s.Databases(ctx)
	if err != nil {
		return err
	}
	for _, database := range databases {
		if !slices.ContainsFunc(logins, func(l Login) bool { return l.Name == database.Owner }) {
			continue
		}
		own := slices.ContainsFunc(logins, func(l Login) bool { return l.Database == database.Name })
		if err := s.observe(ctx, database.Name, own, logins); err != nil {
			return fmt.Errorf("make database %s observable: %w", database.Name, err)
		}
	}
	return nil
}

func (s Server) observe(ctx context.Context, database string, extended bool, logins []Login) error {
	conn, err := s.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if extended {
		if err := statement(ctx, conn, "CREATE EXTENSION IF NOT EXISTS %s", quoteName(statisticsExtension)); err != nil {
			return fmt.Errorf("make the extension %s: %w; run this as RDS's master or as a superuser", statisticsExtension, err)
		}
	}
	for _, login := range logins {
		if len(login.Tables) == 0 {
			continue
		}
		if err := grantTables(ctx, conn, login); err != nil {
			return fmt.Errorf("let %s read its tables: %w", login.Name, err)
		}
	}
	return nil
}

// missingGrants are the statements that a login still needs: of the tables whose
// owners' rights the server's login has.
const missingGrants = `
SELECT CASE WHEN has_schema_privilege($1, n.oid, 'USAGE') THEN '' ELSE format('GRANT USAGE ON SCHEMA %I TO %I; ', n.nspname, $1::text) END
       || format('GRANT SELECT ON %I.%I TO %I', n.nspname, c.relname, $1::text)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relname LIKE ANY ($2) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND pg_has_role(c.relowner, 'USAGE')
  AND NOT (has_table_privilege($1, c.oid, 'SELECT') AND has_schema_privilege($1, n.oid, 'USAGE'))
ORDER BY 1`

func grantTables(ctx context.Context, conn *pgx.Conn, login Login) error {
	var grants []string
	err := each(ctx, conn, missingGrants, func(rows pgx.Rows) error {
		grants = append(grants, "")
		return rows.Scan(&grants[len(grants)-1])
	}, login.Name, login.Tables)
	if err != nil {
		return err
	}
	for _, grant := range grants {
		if _, err := conn.PgConn().Exec(ctx, grant).ReadAll(); err != nil {
			return err
		}
	}
	return nil
}
