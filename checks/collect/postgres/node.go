package postgres

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gatehouse/checks/evidence"
)

// node is one server and the connection to it, which one query at a time uses.
type node struct {
	address string
	replica bool
	config  *pgx.ConnConfig
	turn    chan struct{}

	conn   *pgx.Conn
	login  string
	broken error // why no connection can be had, once the server has said so
}

// use hands the connection to ask, and makes it first where there is none.
func (n *node) use(ctx context.Context, ask func(*pgx.Conn) error) error {
	select {
	case n.turn <- struct{}{}:
	case <-ctx.Done():
		return n.problem(ctx.Err())
	}
	defer func() { <-n.turn }()
	if err := n.connect(ctx); err != nil {
		return err
	}
	return n.problem(ask(n.conn))
}

func (n *node) connect(ctx context.Context) error {
	if n.broken != nil {
		return n.broken
	}
	if n.conn != nil && !n.conn.IsClosed() {
		return nil
	}
	conn, login, err := dial(ctx, n.config)
	if err != nil {
		err = n.problem(err)
		var refused *pgconn.PgError
		if errors.As(err, &refused) || isDenied(err) {
			n.broken = err // once more would only be one more failed login
		}
		return err
	}
	n.conn, n.login = conn, login
	return nil
}

// dial connects, and tells which way in the server asked for.
func dial(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, string, error) {
	config = config.Copy()
	asked := &firstMessage{}
	config.BuildFrontend = guarded(asked)
	conn, err := pgx.ConnectConfig(ctx, config)
	return conn, asked.method(), err
}

// close gives the connection back to the server when nobody uses it; else the
// dialer cuts it.
func (n *node) close() {
	select {
	case n.turn <- struct{}{}:
		defer func() { <-n.turn }()
	default:
		return
	}
	if n.conn != nil {
		ctx, cancel := context.WithTimeout(context.Background(), farewell)
		defer cancel()
		_ = n.conn.Close(ctx)
	}
}

// query returns the rows of a statement. Columns go to fields of the same name,
// whatever their case and underscores; fields without a column stay zero.
func query[T any](ctx context.Context, n *node, sql string, args ...any) ([]T, error) {
	var found []T
	err := n.use(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		found, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// one is query for statements that give exactly one row.
func one[T any](ctx context.Context, n *node, sql string, args ...any) (T, error) {
	rows, err := query[T](ctx, n, sql, args...)
	if err == nil && len(rows) != 1 {
		err = evidence.Problem{Kind: evidence.Invalid, Message: n.address + " gave no row"}
	}
	if err != nil {
		var none T
		return none, err
	}
	return rows[0], nil
}

// each asks nodes at the same time, and keeps what some say when others fail.
func each[T any](nodes []*node, ask func(*node) ([]T, error)) ([]T, error) {
	parts, errs := make([][]T, len(nodes)), make([]error, len(nodes))
	var group sync.WaitGroup
	for i, n := range nodes {
		group.Go(func() { parts[i], errs[i] = ask(n) })
	}
	group.Wait()
	all := []T{}
	for _, part := range parts {
		all = append(all, part...)
	}
	return all, errors.Join(errs...)
}

// statement puts SQL on one line, for people.
func statement(sql string) string { return strings.Join(strings.Fields(sql), " ") }
