package pgbouncer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// row is one row of an answer of the console, by column.
type row map[string]string

// console is a connection to the console. It knows the simple protocol alone.
type console struct{ conn *pgconn.PgConn }

func (o Options) connect(ctx context.Context) (*console, error) {
	config, err := pgconn.ParseConfig("")
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	host, port, err := net.SplitHostPort(o.Address)
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	config.Host, config.Port, config.Database, config.User, config.Fallbacks = host, uint16(number), o.Console, o.User, nil
	password, err := os.ReadFile(o.PasswordFile)
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	config.Password = strings.TrimRight(string(password), "\r\n")
	authority, err := os.ReadFile(o.CA)
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		return nil, errors.New("connect to PgBouncer: there is no certificate in " + o.CA)
	}
	config.TLSConfig = &tls.Config{RootCAs: roots, ServerName: host, MinVersion: tls.VersionTLS12}
	conn, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to PgBouncer: %w", err)
	}
	return &console{conn}, nil
}

func (c *console) close(ctx context.Context) { _ = c.conn.Close(ctx) }

// show asks SHOW what.
func (c *console) show(ctx context.Context, what string) ([]row, error) {
	results, err := c.conn.Exec(ctx, "SHOW "+what).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("ask PgBouncer to SHOW %s: %w", what, err)
	}
	var rows []row
	for _, result := range results {
		for _, values := range result.Rows {
			r := row{}
			for i, value := range values {
				r[result.FieldDescriptions[i].Name] = string(value)
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}
