// Package redis reads Redis: every node of a cluster, or the sentinels and what
// they watch. It only asks about state; it reads no key.
//
// What AWS says of an ElastiCache replication group is read by
// checks/collect/aws.
package redis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"gatehouse/checks/collect/bounded"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// readLimit is how long one answer may take when the context allows more.
const readLimit = 10 * time.Second

// poolSize bounds the connections to one node, of which as many are made as
// queries run at once. After as many failures to connect, the client would go on
// trying in the background.
const poolSize = 64

// Collector reads the nodes of one environment, over a connection or two each.
type Collector struct {
	target   target.Redis
	password string
	tls      *tls.Config
	dialer   *bounded.Dialer

	mutex   sync.Mutex
	clients map[door]*redis.Client

	turn  chan struct{} // held while the topology is found
	known *evidence.RedisMap
}

// door is a way to a node: as the user of the checks, or as nobody.
type door struct {
	address   string
	anonymous bool
}

// New prepares a collector; nothing is connected before something is read. It
// fails when the target itself is wrong: no address, a password or a CA that
// cannot be read.
func New(ctx context.Context, t target.Redis) (*Collector, error) {
	if len(t.Addresses) == 0 {
		return nil, errors.New("connect to Redis: the target names no address")
	}
	for _, address := range t.Addresses {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return nil, fmt.Errorf("read the address %q: %w; write it as host:port", address, err)
		}
	}
	password, err := t.Password.Resolve(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to Redis: %w", err)
	}
	c := &Collector{target: t, password: password, dialer: &bounded.Dialer{}, clients: map[door]*redis.Client{}, turn: make(chan struct{}, 1)}
	if !t.TLS {
		return c, nil
	}
	c.tls = &tls.Config{MinVersion: tls.VersionTLS12}
	if t.CA == "" {
		return c, nil
	}
	pem, err := os.ReadFile(t.CA)
	if err != nil {
		return nil, fmt.Errorf("read the CA of Redis: %w", err)
	}
	c.tls.RootCAs = x509.NewCertPool()
	if !c.tls.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read the CA of Redis: there is no certificate in %s", t.CA)
	}
	return c, nil
}

// Readers read what the judges of caches know.
func (c *Collector) Readers() []evidence.Reader {
	return []evidence.Reader{c.topology(), c.nodes(), c.clusters(), c.sentinels(), c.settings(), c.access()}
}

// Identity is the user of the checks: asking who one is takes a right that a
// monitoring user does not need.
func (c *Collector) Identity(context.Context) (string, error) {
	user := c.target.User
	if user == "" {
		user = "default"
	}
	return user + "@" + c.target.Addresses[0], nil
}

// Close ends all connections. What still reads then fails.
func (c *Collector) Close() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, client := range c.clients {
		_ = client.Close()
	}
	c.dialer.Close()
}

// client returns the client of a node; it connects when it is used.
func (c *Collector) client(d door) *redis.Client {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if client, made := c.clients[d]; made {
		return client
	}
	o := &redis.Options{
		Addr: d.address, Dialer: c.dial, Protocol: 2, MaxRetries: -1, PoolSize: poolSize,
		ReadTimeout: readLimit, WriteTimeout: readLimit, ContextTimeoutEnabled: true, DisableIdentity: true,
	}
	if !d.anonymous {
		o.Username, o.Password = c.target.User, c.password
	}
	c.clients[d] = redis.NewClient(o)
	return c.clients[d]
}

func (c *Collector) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := c.dialer.Dial(ctx, network, address)
	if err != nil || c.tls == nil {
		return conn, err
	}
	config := c.tls.Clone()
	config.ServerName = c.name(address)
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secured, nil
}

// name is what a node's certificate must be for. Nodes that a cluster tells of
// by their address alone have the certificate of the name in the target.
func (c *Collector) name(address string) string {
	host, _, _ := net.SplitHostPort(address)
	seed, _, _ := net.SplitHostPort(c.target.Addresses[0])
	if net.ParseIP(host) != nil && net.ParseIP(seed) == nil {
		return seed
	}
	return host
}
