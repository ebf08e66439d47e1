package pooler

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func some() settings {
	return settings{
		primary: "primary.rds:5432", readers: []string{"one.rds:5433", "two.rds:5433"}, database: "portal",
		pool: Pool{Mode: Transaction, Size: 20, Reserve: 5, MaxClients: 500},
		port: 6432, ca: "/ca.pem", users: "/users.txt", sockets: "/run/p",
	}
}

// lines are the settings by name.
func lines(t *testing.T, s settings) map[string]string {
	t.Helper()
	text, err := render(s)
	require.NoError(t, err)
	found := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " = "); ok {
			require.NotContains(t, found, name, "said once")
			found[name] = value
		}
	}
	return found
}

func TestDatabasesLeadToPrimaryAndReplicas(t *testing.T) {
	found := lines(t, some())
	require.Equal(t, "host=primary.rds port=5432", found["portal"])
	require.Equal(t, "host=one.rds,two.rds port=5433 dbname=portal", found["portal_read"])
	require.Equal(t, "host=primary.rds port=5432 pool_size=5", found["*"])

	alone := some()
	alone.readers = nil
	require.Equal(t, "host=primary.rds port=5432 dbname=portal", lines(t, alone)["portal_read"])
}

func TestPoolsFollowTheArguments(t *testing.T) {
	found := lines(t, some())
	for name, want := range map[string]string{
		"pool_mode": "transaction", "max_client_conn": "500", "default_pool_size": "20", "reserve_pool_size": "5",
		"max_user_connections": "60", "max_prepared_statements": "200",
		"server_tls_sslmode": "verify-full", "server_tls_ca_file": "/ca.pem", "auth_type": "scram-sha-256", "auth_file": "/users.txt",
		"admin_users": "", "stats_users": "monitor",
	} {
		require.Contains(t, found, name)
		require.Equal(t, want, found[name], name)
	}
	byStatement := some()
	byStatement.pool.Mode, byStatement.pool.Size = Statement, 1
	found = lines(t, byStatement)
	require.NotContains(t, found, "max_prepared_statements")
	require.Equal(t, "host=primary.rds port=5432 pool_size=1", found["*"])
}

func TestAddressesThatCannotBeUsed(t *testing.T) {
	for want, mutate := range map[string]func(*settings){
		"read the primary's address":  func(s *settings) { s.primary = "primary" },
		"read a replica's address":    func(s *settings) { s.readers = []string{"one"} },
		"one for all hosts, not 1 an": func(s *settings) { s.readers = []string{"one:1", "two:2"} },
	} {
		wrong := some()
		mutate(&wrong)
		_, err := render(wrong)
		require.ErrorContains(t, err, want)
	}
}
