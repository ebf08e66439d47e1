package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"syscall"

	"github.com/jackc/pgx/v5"

	"gatehouse/checks/evidence"
)

// RDS keeps the login rdsadmin for itself (RDS user guide, "Master user account
// privileges").
const nodesSQL = `
SELECT current_setting('server_version_num')::int AS version,
       pg_is_in_recovery() AS in_recovery,
       EXISTS (SELECT FROM pg_roles WHERE rolname = 'rdsadmin') AS managed,
       extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 AS uptime_seconds`

// nodes asks every node who it is. One that refuses connections is an answer
// too: nobody listens there.
func (c *Collector) nodes() evidence.Reader {
	return evidence.Read(evidence.PostgresNodes, statement(nodesSQL), func(ctx context.Context) ([]evidence.PostgresNode, error) {
		return each(c.all(), func(n *node) ([]evidence.PostgresNode, error) {
			found := evidence.PostgresNode{}
			err := n.use(ctx, func(conn *pgx.Conn) error {
				rows, err := conn.Query(ctx, nodesSQL)
				if err != nil {
					return err
				}
				found, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByNameLax[evidence.PostgresNode])
				found.Login, found.TLS = n.login, protection(conn)
				return err
			})
			found.Address, found.Replica = n.address, n.replica
			if errors.Is(err, syscall.ECONNREFUSED) {
				return []evidence.PostgresNode{{Address: n.address, Replica: n.replica, Refused: true}}, nil
			}
			if err != nil {
				return nil, err
			}
			return []evidence.PostgresNode{found}, nil
		})
	})
}

// protection is the TLS version of a connection.
func protection(conn *pgx.Conn) string {
	if secured, is := conn.PgConn().Conn().(*tls.Conn); is {
		return tls.VersionName(secured.ConnectionState().Version)
	}
	return ""
}
