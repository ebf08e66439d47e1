package keepertest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/keeper/archive"
	"gatehouse/keeper/backup"
	"gatehouse/keeper/postgres"
	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
)

// Portal is a server of the test's own with the portal's logins and databases,
// filled.
type Portal struct {
	Data      *data.Postgres
	Master    postgres.Server
	Passwords map[string]string
}

// NewPortal makes one; Stop ends its server.
func NewPortal(t testing.TB) (portal Portal, stop func()) {
	t.Helper()
	p, stop := datatest.OwnPostgres(t, data.Options{})
	portal = Portal{Data: p, Master: MasterOf(t, p), Passwords: Passwords()}
	_, err := portal.Master.EnsureLogins(t.Context(), postgres.Logins(), portal.Passwords, fixed(1))
	require.NoError(t, err)
	Fill(t, portal.As("portal"), "portal", 2000)
	Exec(t, portal.As("backstage"), "postgres", "CREATE DATABASE backstage_plugin_catalog")
	Exec(t, portal.As("backstage"), "backstage_plugin_catalog", "CREATE TABLE entities AS SELECT i AS id FROM generate_series(1, 300) i")
	return portal, stop
}

// As is the server with one of the logins.
func (p Portal) As(login string) postgres.Server { return p.Master.As(login, p.Passwords[login]) }

// Programs are the client programs.
func (p Portal) Programs() postgres.Programs { return Programs(p.Data) }

// Keeper makes the portal's backups.
func (p Portal) Keeper(t testing.TB, a *archive.Archive, now time.Time) backup.Keeper {
	t.Helper()
	return backup.Keeper{
		Archive: a, Server: p.As("backup"), Programs: p.Programs(), Version: "test",
		Now: func() time.Time { return now }, Log: Log(t),
	}
}

// BackUp makes a backup of all databases.
func (p Portal) BackUp(t testing.TB, a *archive.Archive, now time.Time) backup.Manifest {
	t.Helper()
	m, err := p.Keeper(t, a, now).Database(t.Context())
	require.NoError(t, err)
	return m
}

// Log writes to the test's log.
func Log(t testing.TB) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// Detached is a test whose context outlives it, for cleanups.
func Detached(t testing.TB) testing.TB { return detached{t} }

type detached struct{ testing.TB }

func (detached) Context() context.Context { return context.Background() }

// fixed is a source of randomness that always gives the same byte.
type fixed byte

func (f fixed) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(f)
	}
	return len(p), nil
}
