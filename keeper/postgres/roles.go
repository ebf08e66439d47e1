package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Login is a user of PostgreSQL and all that it may do.
type Login struct {
	Name string
	// CreateDB lets it make databases, which are then its own.
	CreateDB bool
	// Memberships are PostgreSQL's predefined roles that it is given.
	Memberships []string
	// Database is made for it and owned by it; "" for none.
	Database string
	// Connections bounds its sessions; -1 for no bound of its own.
	Connections int
	// Tables are those that it may read in the databases of all logins, as
	// patterns of LIKE.
	Tables []string
	// Settings are its sessions' defaults by parameter, e.g. statement_timeout.
	Settings map[string]string
}

// Logins are the portal's logins, each with the least that its work takes.
func Logins() []Login {
	return []Login{
		// The portal's frontend, through the pooler.
		{
			Name: "portal", Database: "portal", Connections: -1,
			Settings: map[string]string{"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
		},
		// Backstage makes one database a plugin. Its migrations may take minutes.
		{
			Name: "backstage", CreateDB: true, Database: "backstage", Connections: -1,
			Settings: map[string]string{"statement_timeout": "5min", "lock_timeout": "30s", "idle_in_transaction_session_timeout": "60s"},
		},
		// The exporter and the readiness checks read statistics, which migrations
		// have run, and how many plugins there are; no other data.
		{
			Name: "monitor", Memberships: []string{"pg_monitor"}, Connections: 10,
			Tables:   []string{`%knex\_migrations`, `%knex\_migrations\_lock`, "plugins"},
			Settings: map[string]string{"statement_timeout": "15s", "lock_timeout": "5s", "default_transaction_read_only": "on"},
		},
		// Dumps read everything and write nothing.
		{
			Name: "backup", Memberships: []string{"pg_read_all_data"}, Connections: 10,
			Settings: map[string]string{"default_transaction_read_only": "on", "lock_timeout": "120s"},
		},
		// Restore drills make scratch databases; a login of its own, since the
		// one that reads everything should not write, nor the other way round.
		{Name: "drill", CreateDB: true, Connections: 10},
	}
}

// Done says what EnsureLogins did to a login.
type Done struct {
	Login string `json:"login"`
	// Created and Password say whether the login is new, and whether its
	// password was set; otherwise it had the right one already.
	Created  bool `json:"created"`
	Password bool `json:"passwordSet"`
	// Database is the database that was made for it, if any.
	Database string `json:"databaseCreated,omitempty"`
}

// rolesLock is the advisory lock of EnsureLogins on one server.
const rolesLock = 0x6b65657065720002

// EnsureLogins makes the logins as they are described, and sets each one's
// password unless it works already. Then it makes the databases observable: with
// the statistics of statements, and open to those who watch. The server's login
// needs CREATEROLE and CREATEDB, and may grant the memberships and make the
// extension, as RDS's master may. It is safe to repeat and to run twice at once.
func (s Server) EnsureLogins(ctx context.Context, logins []Login, passwords map[string]string, random io.Reader) ([]Done, error) {
	for _, login := range logins {
		if passwords[login.Name] == "" {
			return nil, fmt.Errorf("ensure login %s: there is no password for it", login.Name)
		}
	}
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return nil, err
	}
	defer closeConn(ctx, conn)
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(rolesLock)); err != nil {
		return nil, fmt.Errorf("wait for another run: %w", err)
	}
	var all []Done
	for _, login := range logins {
		done, err := s.ensure(ctx, conn, login, passwords[login.Name], random)
		if err != nil {
			return all, fmt.Errorf("ensure login %s: %w", login.Name, err)
		}
		all = append(all, done)
	}
	return all, s.ensureObservable(ctx, logins)
}

func (s Server) ensure(ctx context.Context, conn *pgx.Conn, login Login, password string, random io.Reader) (Done, error) {
	done := Done{Login: login.Name}
	var err error
	if done.Created, err = ensureRole(ctx, conn, login); err != nil {
		return done, err
	}
	if login.Database != "" {
		made, err := s.ensureDatabase(ctx, conn, login)
		if err != nil {
			return done, err
		}
		if made {
			done.Database = login.Database
		}
	}
	works, err := s.works(ctx, login.Name, password)
	if err != nil || works {
		return done, err
	}
	secret, err := verifier(password, random)
	if err != nil {
		return done, err
	}
	if err := statement(ctx, conn, "ALTER ROLE %s PASSWORD %s", quoteName(login.Name), literal(secret)); err != nil {
		return done, err
	}
	done.Password = true
	if works, err = s.works(ctx, login.Name, password); err != nil || !works {
		return done, errors.Join(fmt.Errorf("its new password does not work"), err)
	}
	return done, nil
}

func ensureRole(ctx context.Context, conn *pgx.Conn, login Login) (created bool, err error) {
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, login.Name).Scan(&there); err != nil {
		return false, err
	}
	name := quoteName(login.Name)
	if !there {
		if err := statement(ctx, conn, "CREATE ROLE %s LOGIN", name); err != nil {
			return false, err
		}
	}
	createDB := "NOCREATEDB"
	if login.CreateDB {
		createDB = "CREATEDB"
	}
	if err := statement(ctx, conn, "ALTER ROLE %s LOGIN NOCREATEROLE %s CONNECTION LIMIT %d", name, createDB, login.Connections); err != nil {
		return !there, err
	}
	for parameter, value := range login.Settings {
		if err := statement(ctx, conn, "ALTER ROLE %s SET %s = %s", name, quoteName(parameter), literal(value)); err != nil {
			return !there, err
		}
	}
	for _, membership := range login.Memberships {
		if err := statement(ctx, conn, "GRANT %s TO %s", quoteName(membership), name); err != nil {
			return !there, err
		}
	}
	// The master restores and renames what belongs to the login. From version
	// 16 on, making a role does not make its maker a member that may do so.
	return !there, statement(ctx, conn, `DO $$ BEGIN IF NOT pg_has_role(current_user, %s, 'MEMBER') THEN EXECUTE 'GRANT %s TO ' || quote_ident(current_user); END IF; END $$`,
		literal(login.Name), name)
}

// ensureDatabase makes a login's database, or makes it the owner's: RDS makes
// the first one for its master. Others may connect to it, as backup and monitor
// must, but make nothing in it.
func (s Server) ensureDatabase(ctx context.Context, conn *pgx.Conn, login Login) (made bool, err error) {
	there, err := exists(ctx, conn, login.Database)
	if err != nil {
		return false, err
	}
	database, owner := quoteName(login.Database), quoteName(login.Name)
	if !there {
		if err := statement(ctx, conn, "CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING 'UTF8'", database, owner); err != nil {
			return false, err
		}
	} else if err := statement(ctx, conn, "ALTER DATABASE %s OWNER TO %s", database, owner); err != nil {
		return false, err
	}
	if err := statement(ctx, conn, "REVOKE CREATE, TEMPORARY ON DATABASE %s FROM PUBLIC", database); err != nil {
		return !there, err
	}
	inside, err := s.Connect(ctx, login.Database)
	if err != nil {
		return !there, err
	}
	defer closeConn(ctx, inside)
	// The default since version 15, though not in a database from before.
	return !there, statement(ctx, inside, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
}

// works says whether a login gets in with a password.
func (s Server) works(ctx context.Context, name, password string) (bool, error) {
	conn, err := s.As(name, password).Connect(ctx, Maintenance)
	if err == nil {
		closeConn(ctx, conn)
		return true, nil
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == invalidPassword {
		return false, nil
	}
	return false, err
}

// invalidPassword is PostgreSQL's error code for a wrong password.
const invalidPassword = "28P01"

func statement(ctx context.Context, conn *pgx.Conn, format string, args ...any) error {
	if _, err := conn.Exec(ctx, fmt.Sprintf(format, args...)); err != nil {
		var refused *pgconn.PgError
		if errors.As(err, &refused) { // without the statement, which may hold a verifier
			return fmt.Errorf("%s (SQLSTATE %s)", refused.Message, refused.Code)
		}
		return err
	}
	return nil
}
