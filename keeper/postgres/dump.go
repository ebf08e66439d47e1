package postgres

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Database says how a database was made, so that a copy is made alike.
type Database struct {
	Name     string `json:"name"`
	Owner    string `json:"owner"`
	Encoding string `json:"encoding"`
	Collate  string `json:"collate"`
	Ctype    string `json:"ctype"`
}

// Prefixes and infixes of databases that the keeper makes itself. They are no
// part of a backup.
const (
	scratchPrefix = "keeper_scratch_"
	restoredInfix = "_restored_"
	beforeInfix   = "_before_"
)

// Databases lists the databases that hold the portal's data: all that can be
// connected to, but the server's own and the keeper's.
func (s Server) Databases(ctx context.Context) ([]Database, error) {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return nil, err
	}
	defer closeConn(ctx, conn)
	var found []Database
	err = each(ctx, conn, `
		SELECT datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database
		WHERE datallowconn AND NOT datistemplate AND datname NOT IN ('postgres', 'rdsadmin') ORDER BY 1`,
		func(rows pgx.Rows) error {
			var d Database
			err := rows.Scan(&d.Name, &d.Owner, &d.Encoding, &d.Collate, &d.Ctype)
			if !ownedByKeeper(d.Name) {
				found = append(found, d)
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list databases of %s: %w", s, err)
	}
	return found, nil
}

func ownedByKeeper(name string) bool {
	return strings.HasPrefix(name, scratchPrefix) || isStamped(name, restoredInfix) || isStamped(name, beforeInfix)
}

// isStamped says whether a name ends in infix and a stamp of ours.
func isStamped(name, infix string) bool {
	i := strings.LastIndex(name, infix)
	if i < 0 {
		return false
	}
	_, err := parseStamp(name[i+len(infix):])
	return err == nil
}

// Version is the server's version, e.g. "15.18".
func (s Server) Version(ctx context.Context) (string, error) {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return "", err
	}
	defer closeConn(ctx, conn)
	version, _, _ := strings.Cut(conn.PgConn().ParameterStatus("server_version"), " ")
	return version, nil
}

// MatchVersion refuses client programs of another major version than the
// server's: an older pg_dump cannot read a newer server, and a newer pg_restore
// sets what an older server does not know.
func (p Programs) MatchVersion(ctx context.Context, s Server) error {
	server, err := s.Version(ctx)
	if err != nil {
		return err
	}
	client, err := p.Version(ctx, "pg_dump")
	if err != nil {
		return err
	}
	fields := strings.Fields(client) // pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
	number := fields[min(2, len(fields)-1)]
	if want, has := majorOf(server), majorOf(number); want != has {
		return fmt.Errorf("use PostgreSQL's programs: they are version %s and the server is %s; run an image of keeper that is built for %s", has, server, want)
	}
	return nil
}

func majorOf(version string) string {
	major, _, _ := strings.Cut(version, ".")
	return major
}

// Dump is a dump that is being read, with the inventory of the same moment.
type Dump struct {
	io.ReadCloser
	Inventory Inventory

	conn *pgx.Conn
}

// Dump begins a dump of a database in PostgreSQL's custom format, compressed.
// The inventory is taken in the very snapshot that pg_dump reads from. Whoever
// reads to io.EOF has all of it; Close ends pg_dump in any case.
func (p Programs) Dump(ctx context.Context, s Server, database string) (*Dump, error) {
	conn, err := s.Connect(ctx, database)
	if err != nil {
		return nil, err
	}
	d := &Dump{conn: conn}
	if err := d.begin(ctx, p, s, database); err != nil {
		closeConn(ctx, conn)
		return nil, fmt.Errorf("dump %s: %w", database, err)
	}
	return d, nil
}

func (d *Dump) begin(ctx context.Context, p Programs, s Server, database string) error {
	tx, err := d.conn.BeginTx(ctx, oneMoment)
	if err != nil {
		return err
	}
	var snapshot string
	if err := tx.QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&snapshot); err != nil {
		return fmt.Errorf("export a snapshot: %w", err)
	}
	if d.Inventory, err = TakeInventory(ctx, tx); err != nil {
		return err
	}
	d.ReadCloser, err = stream(p.command(ctx, "pg_dump", s.environment(database),
		"--format=custom", "--compress=6", "--snapshot="+snapshot, "--no-password",
		"--lock-wait-timeout="+strconv.Itoa(lockWaitMillis)))
	return err
}

// lockWaitMillis is how long pg_dump waits for a table that a migration holds.
const lockWaitMillis = 120_000

// Close ends pg_dump and gives the snapshot back.
func (d *Dump) Close() error {
	err := d.ReadCloser.Close()
	closeConn(context.Background(), d.conn)
	return err
}

// Base begins a base backup of the whole server as a gzipped tar, with the log
// that makes it whole. The login needs REPLICATION, which RDS gives to nobody:
// there, snapshots take its place.
func (p Programs) Base(ctx context.Context, s Server) (io.ReadCloser, error) {
	out, err := stream(p.command(ctx, "pg_basebackup", s.environment("replication"),
		"--pgdata=-", "--format=tar", "--wal-method=fetch", "--gzip", "--checkpoint=fast", "--no-password"))
	if err != nil {
		return nil, fmt.Errorf("make a base backup of %s: %w", s, err)
	}
	return out, nil
}
