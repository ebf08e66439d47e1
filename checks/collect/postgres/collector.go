// Package postgres reads PostgreSQL: a primary and its replicas, with the
// protocol itself and a login that may read statistics. It writes nothing:
// every session is read-only, and each statement has a limit on the server too.
//
// PgBouncer's console is read by checks/collect/pgbouncer; what RDS says of its
// instances by checks/collect/aws.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"gatehouse/checks/collect/bounded"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// Collector reads the nodes of one environment, over one connection each.
type Collector struct {
	primary  *node
	replicas []*node
	dialer   *bounded.Dialer
	user     string
}

// New prepares a collector; nothing is connected before something is read. It
// fails when the target itself is wrong: no address, a password or a CA that
// cannot be read.
func New(ctx context.Context, t target.Postgres) (*Collector, error) {
	password, err := t.Password.Resolve(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	c := &Collector{dialer: &bounded.Dialer{}, user: t.User}
	for i, address := range append([]string{t.Primary}, t.Replicas...) {
		config, err := Config(address, t.Database, t.User, password, TLS{Mode: t.TLS, CA: t.CA})
		if err != nil {
			return nil, err
		}
		config.DialFunc = c.dialer.Dial
		config.RuntimeParams["default_transaction_read_only"] = "on"
		config.RuntimeParams["statement_timeout"] = statementLimit
		config.RuntimeParams["lock_timeout"] = lockLimit
		n := &node{address: address, replica: i > 0, config: config, turn: make(chan struct{}, 1)}
		if n.replica {
			c.replicas = append(c.replicas, n)
			continue
		}
		c.primary = n
	}
	return c, nil
}

// What the server itself allows a statement of ours: less than the 10 seconds
// that a query of a run has, so that nothing goes on when we are gone.
const (
	statementLimit = "8s"
	lockLimit      = "2s"
)

// TLS is how a connection is protected.
type TLS struct {
	// Mode is PostgreSQL's sslmode: disable, require, verify-ca or, when it is
	// empty, verify-full.
	Mode string
	// CA is a PEM file, "" for the system's.
	CA string
}

// Config makes the configuration of a connection of the target alone: neither
// the user's environment nor their password file has a say. It is PgBouncer's
// too, whose protocol is the same.
func Config(address, database, user, password string, t TLS) (*pgx.ConnConfig, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("read the address %q: %w; write it as host:port", address, err)
	}
	mode := t.Mode
	switch mode {
	case "":
		mode = "verify-full"
	case "disable", "require", "verify-ca", "verify-full":
	default:
		return nil, fmt.Errorf("read the TLS mode %q: it is none of disable, require, verify-ca, verify-full", mode)
	}
	// Values that could be misread are set on the parsed configuration instead.
	config, err := pgx.ParseConfig(fmt.Sprintf(
		"host=localhost port=%s user=gatehouse password=none dbname=postgres sslmode=%s sslrootcert='%s' "+
			"sslcert='' sslkey='' passfile='' target_session_attrs=any", port, mode, quote.Replace(t.CA)))
	if err != nil {
		if cause := errors.Unwrap(err); cause != nil {
			err = cause
		}
		return nil, fmt.Errorf("prepare a connection to %s: %w", address, err)
	}
	config.Host, config.User, config.Password, config.Database = host, user, password, database
	if config.TLSConfig != nil && config.TLSConfig.ServerName != "" {
		config.TLSConfig.ServerName = host
	}
	config.Fallbacks = nil
	config.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend { return guarded(&firstMessage{})(r, w) }
	config.RuntimeParams = map[string]string{"application_name": "gatehouse"}
	// Statements are not prepared: a pooler in between would lose them.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	return config, nil
}

// quote escapes a value of a connection string.
var quote = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// Readers read what the judges of databases know.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{
		c.nodes(), c.settings(), c.replication(), c.receivers(), c.archiver(), c.sessions(), c.roles(), c.rules(),
		c.databases(), c.extensions(), c.tables(), c.indexes(), c.migrations(), c.count(),
	}
}

// Identity is the login, as the primary knows it.
func (c *Collector) Identity(ctx context.Context) (string, error) {
	who, err := one[struct{ Who string }](ctx, c.primary, `SELECT current_user::text AS who`)
	if err != nil {
		return "", err
	}
	return who.Who + "@" + c.primary.address, nil
}

// Close ends all connections. What still reads then fails.
func (c *Collector) Close() {
	for _, n := range c.all() {
		n.close()
	}
	c.dialer.Close()
}

func (c *Collector) all() []*node { return append([]*node{c.primary}, c.replicas...) }
