package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// stampLayout is a moment in a database's name, UTC.
const stampLayout = "20060102t150405"

func parseStamp(text string) (time.Time, error) { return time.Parse(stampLayout, text) }

// abandonedAfter is the age at which a scratch database belongs to a run that
// was killed.
const abandonedAfter = 6 * time.Hour

// scratchName is a name that no live database has: a stamp and 64 random bits.
func scratchName(now time.Time, random io.Reader) (string, error) {
	var suffix [8]byte
	if _, err := io.ReadFull(random, suffix[:]); err != nil {
		return "", fmt.Errorf("name a scratch database: %w", err)
	}
	return scratchPrefix + now.UTC().Format(stampLayout) + "_" + hex.EncodeToString(suffix[:]), nil
}

// InScratch makes an empty database like d, hands its name to use and drops it
// afterwards, also when use fails or ctx ends. Nobody but the login may connect
// to it. It never touches a database that was there before.
func (s Server) InScratch(ctx context.Context, d Database, now time.Time, random io.Reader, use func(name string) error) (err error) {
	name, err := scratchName(now, random)
	if err != nil {
		return err
	}
	d.Name, d.Owner = name, s.User
	if err := s.Create(ctx, d); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if dropErr := s.Drop(ctx, name); dropErr != nil {
			err = errors.Join(err, fmt.Errorf("%w; drop it by hand, it holds a copy of the data", dropErr))
		}
	}()
	return use(name)
}

// Create makes an empty database as d says, closed to all but its owner. One
// that exists already is an error.
func (s Server) Create(ctx context.Context, d Database) error {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	// template0 is the only one that other locales may be copied from.
	statement := fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE template0 ENCODING %s LC_COLLATE %s LC_CTYPE %s",
		quoteName(d.Name), quoteName(d.Owner), literal(d.Encoding), literal(d.Collate), literal(d.Ctype))
	// Told to stop in the middle, the server would go on making it, and nobody
	// would drop it: see this through first, it takes a second.
	making, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if _, err := conn.Exec(making, statement); err != nil {
		return fmt.Errorf("make database %s: %w", d.Name, err)
	}
	_, err = conn.Exec(making, fmt.Sprintf("REVOKE ALL ON DATABASE %s FROM PUBLIC", quoteName(d.Name)))
	if err = errors.Join(err, ctx.Err()); err != nil {
		return errors.Join(fmt.Errorf("close database %s: %w", d.Name, err), s.Drop(making, d.Name))
	}
	return nil
}

// Drop removes a database of the keeper's own, whoever is connected to it. It
// refuses any other.
func (s Server) Drop(ctx context.Context, name string) error {
	if !ownedByKeeper(name) || isStamped(name, beforeInfix) {
		return fmt.Errorf("drop database %s: it is not the keeper's own", name)
	}
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return fmt.Errorf("drop database %s: %w", name, err)
	}
	defer closeConn(ctx, conn)
	if _, err := conn.Exec(ctx, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", quoteName(name))); err != nil {
		return fmt.Errorf("drop database %s: %w", name, err)
	}
	return nil
}

// DropAbandoned removes the login's scratch databases that a killed run has
// left, and returns their names.
func (s Server) DropAbandoned(ctx context.Context, now time.Time) ([]string, error) {
	conn, err := s.Connect(ctx, Maintenance)
	if err != nil {
		return nil, err
	}
	defer closeConn(ctx, conn)
	var names, dropped []string
	err = each(ctx, conn, `SELECT datname FROM pg_database WHERE starts_with(datname, $1) AND pg_get_userbyid(datdba) = current_user`,
		func(rows pgx.Rows) error {
			names = append(names, "")
			return rows.Scan(&names[len(names)-1])
		}, scratchPrefix)
	if err != nil {
		return nil, fmt.Errorf("list scratch databases: %w", err)
	}
	for _, name := range names {
		stamp, _, _ := strings.Cut(strings.TrimPrefix(name, scratchPrefix), "_")
		made, err := parseStamp(stamp)
		if err != nil || now.Sub(made) < abandonedAfter {
			continue
		}
		if err := s.Drop(ctx, name); err != nil {
			return dropped, err
		}
		dropped = append(dropped, name)
	}
	return dropped, nil
}

// literal quotes a string for statements that take no parameters.
func literal(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if strings.Contains(text, `\`) {
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}
