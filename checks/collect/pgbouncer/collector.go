// Package pgbouncer reads PgBouncer's admin console, which speaks PostgreSQL's
// protocol without prepared statements and knows nothing but SHOW and commands
// (PgBouncer, "Admin console"). It only ever says SHOW.
package pgbouncer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"gatehouse/checks/collect/bounded"
	"gatehouse/checks/collect/postgres"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// console is the database that is the admin console.
const console = "pgbouncer"

// farewell is how long a console has to hear that we leave.
const farewell = time.Second

// Collector reads one console, over one connection.
type Collector struct {
	address string
	config  *pgx.ConnConfig
	dialer  *bounded.Dialer
	turn    chan struct{}

	conn   *pgx.Conn
	broken error // why no connection can be had, once the console has said so
}

// New prepares a collector; nothing is connected before something is read.
func New(ctx context.Context, t target.PgBouncer) (*Collector, error) {
	password, err := t.Password.Resolve(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	config, err := postgres.Config(t.Address, console, t.User, password, postgres.TLS{Mode: t.TLS, CA: t.CA})
	if err != nil {
		return nil, err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	c := &Collector{address: t.Address, config: config, dialer: &bounded.Dialer{}, turn: make(chan struct{}, 1)}
	config.DialFunc = c.dialer.Dial
	return c, nil
}

// Readers read what the judges of poolers know.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{c.settings(), c.databases(), c.pools(), c.clients()}
}

// Identity is the login of the console: it has no way to ask.
func (c *Collector) Identity(ctx context.Context) (string, error) {
	if _, err := c.show(ctx, "VERSION"); err != nil {
		return "", err
	}
	return c.config.User + "@" + c.address, nil
}

// Close ends the connection. What still reads then fails.
func (c *Collector) Close() {
	select {
	case c.turn <- struct{}{}:
		if c.conn != nil {
			ctx, cancel := context.WithTimeout(context.Background(), farewell)
			defer cancel()
			_ = c.conn.Close(ctx)
		}
		<-c.turn
	default: // somebody reads: the dialer cuts it
	}
	c.dialer.Close()
}

// row is one row of the console's, by column: versions differ in their columns.
type row map[string]string

// show asks for one list.
func (c *Collector) show(ctx context.Context, what string) ([]row, error) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, postgres.Problem(c.address, c.config.User, ctx.Err())
	}
	defer func() { <-c.turn }()
	if c.broken != nil {
		return nil, c.broken
	}
	if c.conn == nil || c.conn.IsClosed() {
		conn, err := pgx.ConnectConfig(ctx, c.config.Copy())
		if err != nil {
			err = postgres.Problem(c.address, c.config.User, err)
			var p evidence.Problem
			if errors.As(err, &p) && p.Kind == evidence.Denied {
				c.broken = err // once more would only be one more failed login
			}
			return nil, err
		}
		c.conn = conn
	}
	found, err := rows(ctx, c.conn, "SHOW "+what)
	return found, postgres.Problem(c.address, c.config.User, err)
}

func rows(ctx context.Context, conn *pgx.Conn, sql string) ([]row, error) {
	answer, err := conn.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer answer.Close()
	var found []row
	for answer.Next() {
		each := row{}
		for i, value := range answer.RawValues() {
			each[answer.FieldDescriptions()[i].Name] = string(value)
		}
		found = append(found, each)
	}
	return found, answer.Err()
}
