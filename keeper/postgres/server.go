// Package postgres is what the keeper asks of PostgreSQL: dumps and restores
// through PostgreSQL's own programs, an inventory that tells whether two
// databases hold the same, scratch databases, the swap of a recovered database,
// and the logins of the portal.
//
// Where dumps go is the business of the packages archive and backup.
package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Maintenance is the database that is connected to for work on the others.
const Maintenance = "postgres"

// Server is a PostgreSQL server and the login that is used on it.
type Server struct {
	Host, Port     string
	User, Password string
	// SSLMode and SSLRootCert are libpq's: "verify-full" and the file of RDS's
	// certificate authorities, unless PostgreSQL is on loopback.
	SSLMode, SSLRootCert string
}

// FromEnvironment reads libpq's variables (PostgreSQL, "Environment Variables")
// with getenv, so that people and programs are configured alike.
func FromEnvironment(getenv func(string) string) (Server, error) {
	s := Server{
		Host: getenv("PGHOST"), Port: getenv("PGPORT"), User: getenv("PGUSER"), Password: getenv("PGPASSWORD"),
		SSLMode: getenv("PGSSLMODE"), SSLRootCert: getenv("PGSSLROOTCERT"),
	}
	if s.Host == "" || s.User == "" {
		return Server{}, fmt.Errorf("find the database server: set PGHOST and PGUSER (and PGPASSWORD)")
	}
	if s.Port == "" {
		s.Port = "5432"
	}
	if s.SSLMode == "" {
		s.SSLMode = "verify-full"
	}
	return s, nil
}

// String is host:port, without the login.
func (s Server) String() string { return s.Host + ":" + s.Port }

// As is the same server with another login.
func (s Server) As(user, password string) Server {
	s.User, s.Password = user, password
	return s
}

// Connect opens a session in a database. The session never waits for ever for
// a lock, nor is it ended for being idle while the keeper works elsewhere.
func (s Server) Connect(ctx context.Context, database string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(s.dsn(database))
	if err != nil {
		// pgx quotes the settings in its error; the password is masked there,
		// but there is no need to rely on it.
		return nil, fmt.Errorf("connect to %s: the settings of the connection are not valid", s)
	}
	config.ConnectTimeout = 30 * time.Second
	config.RuntimeParams["application_name"] = "keeper"
	config.RuntimeParams["lock_timeout"] = "60s"
	config.RuntimeParams["statement_timeout"] = "0"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to %s as %s: %w", s, s.User, err)
	}
	return conn, nil
}

// dsn is libpq's keyword form of the connection.
func (s Server) dsn(database string) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	settings := []string{"host", s.Host, "port", s.Port, "user", s.User, "password", s.Password, "dbname", database, "sslmode", s.SSLMode}
	if s.SSLRootCert != "" {
		settings = append(settings, "sslrootcert", s.SSLRootCert)
	}
	var words []string
	for i := 0; i < len(settings); i += 2 {
		words = append(words, settings[i]+"='"+quote.Replace(settings[i+1])+"'")
	}
	return strings.Join(words, " ")
}

// environment is what PostgreSQL's programs are given: nothing of the keeper's
// own environment but what they need to run. The password is never an argument,
// which others could see.
func (s Server) environment(database string) []string {
	env := []string{
		"PGHOST=" + s.Host, "PGPORT=" + s.Port, "PGUSER=" + s.User, "PGPASSWORD=" + s.Password,
		"PGDATABASE=" + database, "PGSSLMODE=" + s.SSLMode, "PGAPPNAME=keeper", "PGCONNECT_TIMEOUT=30",
		// A role's own limits are for applications, not for dumps.
		"PGOPTIONS=-c statement_timeout=0 -c idle_in_transaction_session_timeout=0",
	}
	if s.SSLRootCert != "" {
		env = append(env, "PGSSLROOTCERT="+s.SSLRootCert)
	}
	return env
}

// each runs a query and hands every row to scan.
func each(ctx context.Context, q interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}, sql string, scan func(pgx.Rows) error, args ...any,
) error {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// quoteName quotes identifiers for statements that take no parameters.
func quoteName(parts ...string) string { return pgx.Identifier(parts).Sanitize() }

// closeConn ends a session even when ctx is over.
func closeConn(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}
