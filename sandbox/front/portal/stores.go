package portal

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
)

// stores are PostgreSQL, through PgBouncer, and Redis. Each is opened when it is
// first asked: its files are there once it is.
type stores struct {
	Config
	mu       sync.Mutex
	database *pgxpool.Pool
	cache    redis.UniversalClient
}

// poolSize is how many connections the portal holds to each store.
const poolSize = 8

var errNone = errors.New("there is none")

func (s *stores) pool() (*pgxpool.Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.database != nil || s.Config.Database == nil {
		return s.database, none(s.Config.Database == nil)
	}
	pool, err := s.Config.Database.open()
	if err != nil {
		return nil, fmt.Errorf("prepare the portal's database: %w", err)
	}
	s.database = pool
	return pool, nil
}

func (s *stores) client() (redis.UniversalClient, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cache != nil || s.Config.Cache == nil {
		return s.cache, none(s.Config.Cache == nil)
	}
	client, err := s.Config.Cache.open()
	if err != nil {
		return nil, fmt.Errorf("prepare the portal's cache: %w", err)
	}
	s.cache = client
	return client, nil
}

func none(absent bool) error {
	if absent {
		return errNone
	}
	return nil
}

func (d Database) open() (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(d.Address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	connection := config.ConnConfig
	connection.Host, connection.Port, connection.Database, connection.User = host, uint16(number), d.Name, d.User
	connection.Fallbacks = nil
	if connection.Password, err = secret(d.PasswordFile); err != nil {
		return nil, err
	}
	if connection.TLSConfig, err = trust(d.CA); err != nil {
		return nil, err
	}
	connection.TLSConfig.ServerName = host
	// Transactions of one session reach different connections of the pooler.
	connection.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	connection.ConnectTimeout = askLimit
	config.MaxConns = poolSize
	return pgxpool.NewWithConfig(context.Background(), config)
}

func (c Cache) open() (redis.UniversalClient, error) {
	password, err := secret(c.PasswordFile)
	if err != nil {
		return nil, err
	}
	trusted, err := trust(c.CA)
	if err != nil {
		return nil, err
	}
	if c.Primary != "" {
		return redis.NewFailoverClient(&redis.FailoverOptions{
			MasterName: c.Primary, SentinelAddrs: c.Addresses, SentinelUsername: c.User, SentinelPassword: password,
			Username: c.User, Password: password, TLSConfig: trusted, DialTimeout: askLimit, PoolSize: poolSize,
		}), nil
	}
	return redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: c.Addresses, Username: c.User, Password: password, TLSConfig: trusted, DialTimeout: askLimit, PoolSize: poolSize,
	}), nil
}

// trust is the authority in a PEM file alone.
func trust(ca string) (*tls.Config, error) {
	text, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("no certificate in %s", ca)
	}
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, nil
}

// Close ends all connections.
func (s *stores) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.database != nil {
		s.database.Close()
	}
	if s.cache != nil {
		_ = s.cache.Close()
	}
}

// Database asks PostgreSQL itself: PgBouncer alone answers no query.
func (s *stores) Database(ctx context.Context) error {
	pool, err := s.pool()
	if err != nil {
		return err
	}
	var one int
	return pool.QueryRow(ctx, "SELECT 1").Scan(&one)
}

// Cache writes: a replica alone, or a cluster that has lost a shard, may take
// nothing.
func (s *stores) Cache(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	return client.Set(ctx, healthKey, 1, time.Minute).Err()
}

// Keys in the cache.
const (
	healthKey  = "portal:health"
	sessionKey = "portal:session:"
)

func (s *stores) Plugins(ctx context.Context) ([]Plugin, error) {
	pool, err := s.pool()
	if err != nil {
		return nil, err
	}
	rows, err := pool.Query(ctx, "SELECT name, version FROM plugins ORDER BY name LIMIT 1000")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Plugin])
}

func (s *stores) Remember(ctx context.Context, token string, lasts time.Duration) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	return client.Set(ctx, sessionKey+token, 1, lasts).Err()
}

func (s *stores) Known(ctx context.Context, token string) (bool, error) {
	client, err := s.client()
	if err != nil {
		return false, err
	}
	found, err := client.Exists(ctx, sessionKey+token).Result()
	return found == 1, err
}
