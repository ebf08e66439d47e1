package data_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/data/datatest"
	"gatehouse/sandbox/process"
)

const streaming = "SELECT string_agg(application_name, ' ' ORDER BY application_name) FROM pg_stat_replication WHERE state = 'streaming'"

const both = "postgres-replica-1 postgres-replica-2"

// What leaves a cluster whole is asked of one.
func TestAClusterOfPostgres(t *testing.T) {
	c := datatest.PostgresCluster(t)
	t.Run("a primary is as in production", func(t *testing.T) { aPrimaryIsAsInProduction(t, c) })
	t.Run("logins may what they need", func(t *testing.T) { loginsMayWhatTheyNeed(t, c) })
	t.Run("replicas stream and the log is archived", func(t *testing.T) { replicasStreamAndTheLogIsArchived(t, c) })
}

func replicasStreamAndTheLogIsArchived(t *testing.T, c *datatest.Cluster) {
	require.Equal(t, both, c.Value(t, c.Primary, streaming))
	c.Query(t, c.Primary, "INSERT INTO plugins VALUES ('new', 'New', '1')")
	for _, replica := range c.Replicas {
		c.Await(t, replica, "SELECT count(*) FROM plugins WHERE id = 'new'", "1")
		require.Equal(t, "t", c.Value(t, replica, "SELECT pg_is_in_recovery()"))
	}
	before := len(c.Archived(t))
	c.Archive(t)
	require.Greater(t, len(c.Archived(t)), before)
	c.BreakArchiving(t)()
	require.Equal(t, "t", c.Value(t, c.Primary, "SELECT last_archived_time > last_failed_time FROM pg_stat_archiver"))
}

func aPrimaryIsAsInProduction(t *testing.T, c *datatest.Cluster) {
	for setting, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "ssl": "on", "password_encryption": "scram-sha-256",
		"wal_level": "replica", "archive_mode": "on", "data_checksums": "on", "listen_addresses": process.Loopback,
		"shared_preload_libraries": "pg_stat_statements",
	} {
		require.Equal(t, want, c.Value(t, c.Primary, "SHOW "+setting), setting)
	}
	require.Equal(t, "0", c.Value(t, c.Primary, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%PASSWORD%' AND pid <> pg_backend_pid()"))
	require.Equal(t, "0", c.Value(t, c.Primary, `SELECT count(*) FROM pg_stat_statements WHERE query ~ 'ROLE \w+ LOGIN'`), "no password in the statistics")

	t.Run("only with TLS", func(t *testing.T) {
		config, err := pgx.ParseConfig("postgres://" + c.PostgresEndpoints.Primary + "/portal?sslmode=disable")
		require.NoError(t, err)
		config.User, config.Password = data.MonitorUser, c.Password(t, data.MonitorUser)
		_, err = pgx.ConnectConfig(t.Context(), config)
		require.ErrorContains(t, err, "no pg_hba.conf entry")
	})
	t.Run("only with the password", func(t *testing.T) {
		config, err := pgx.ParseConfig("postgres://" + c.PostgresEndpoints.Primary + "/portal?sslmode=verify-full&sslrootcert=" + c.CA)
		require.NoError(t, err)
		config.User, config.Password = data.MonitorUser, "wrong"
		_, err = pgx.ConnectConfig(t.Context(), config)
		require.ErrorContains(t, err, "password authentication failed")
	})
}

func loginsMayWhatTheyNeed(t *testing.T, c *datatest.Cluster) {
	try := func(user, database, statement string) error {
		_, err := c.Connect(t, c.Primary, user, database).Exec(t.Context(), statement)
		return err
	}
	const migrated = "SELECT name FROM knex_migrations"
	require.NoError(t, try(data.MonitorUser, data.Database, "SELECT query FROM pg_stat_statements"))
	require.NoError(t, try(data.MonitorUser, data.Database, migrated))
	require.NoError(t, try(data.MonitorUser, "backstage_plugin_catalog", migrated))
	require.NoError(t, try(data.MonitorUser, data.Database, "SELECT auth_method FROM pg_hba_file_rules"))
	require.NoError(t, try(data.MonitorUser, data.Database, "SELECT id FROM plugins"))
	require.ErrorContains(t, try(data.PortalUser, data.Database, "SELECT auth_method FROM pg_hba_file_rules"), "permission denied")
	require.ErrorContains(t, try(data.MonitorUser, data.Database, "DELETE FROM plugins"), "permission denied")
	require.NoError(t, try(data.PortalUser, data.Database, "INSERT INTO workflows (name, state) VALUES ('a', 'b')"))
	require.Error(t, try(data.PortalUser, data.Database, "CREATE DATABASE other"))
	require.NoError(t, try(data.BackstageUser, "backstage_plugin_catalog", "CREATE DATABASE backstage_plugin_app"))
	require.NoError(t, try(data.BackupUser, data.Database, "SELECT * FROM plugins"))
	require.ErrorContains(t, try(data.BackupUser, data.Database, "DELETE FROM plugins"), "permission denied")
	require.Equal(t, "2", c.Value(t, c.Primary, "SELECT count(DISTINCT tablename) FROM pg_stats WHERE tablename IN ('plugins', 'workflows')"))
}

func TestAStartIsSafeToRepeatAndKeepsTheData(t *testing.T) {
	c := datatest.PostgresCluster(t)
	c.Query(t, c.Primary, "INSERT INTO plugins VALUES ('kept', 'Kept', '1'); CREATE TABLE mine ()")
	identifier := c.Value(t, c.Primary, "SELECT system_identifier FROM pg_control_system()")
	for _, server := range append(c.Replicas, c.Primary) {
		require.NoError(t, server.Healthy(t.Context()))
		server.Stop(t)
		require.Error(t, server.Healthy(t.Context()))
	}
	for _, server := range append([]*datatest.Server{c.Primary}, c.Replicas...) {
		server.Start(t)
		if server.Settle != nil {
			require.NoError(t, server.Settle(t.Context()))
		}
	}
	require.Equal(t, identifier, c.Value(t, c.Primary, "SELECT system_identifier FROM pg_control_system()"))
	require.Equal(t, "4", c.Value(t, c.Primary, "SELECT count(*) + (SELECT count(*) FROM knex_migrations) - 1 FROM plugins"), "nothing twice")
	for _, replica := range c.Replicas {
		c.Await(t, replica, "SELECT count(*) FROM plugins WHERE id = 'kept'", "1")
		require.NoDirExists(t, filepath.Join(c.Folder(replica), "unproven"))
	}
}

func TestACrashIsMended(t *testing.T) {
	c := datatest.PostgresCluster(t)
	c.Query(t, c.Primary, "INSERT INTO plugins VALUES ('kept', 'Kept', '1')")
	for range 3 {
		c.Primary.Kill(t)
		c.Replicas[0].Kill(t)
		c.Primary.Start(t)
		c.Replicas[0].Start(t)
	}
	require.Equal(t, "1", c.Value(t, c.Replicas[0], "SELECT count(*) FROM plugins WHERE id = 'kept'"))
	c.Await(t, c.Primary, streaming, both)
}

func TestABrokenReplicaIsMadeAnew(t *testing.T) {
	c := datatest.PostgresCluster(t)
	replica := c.Replicas[0]
	for name, damage := range map[string]func(t *testing.T){
		"its control file is gone": func(t *testing.T) {
			require.NoError(t, os.Remove(filepath.Join(c.Folder(replica), "cluster", "global", "pg_control")))
		},
		"its folder is gone": func(t *testing.T) { require.NoError(t, os.RemoveAll(c.Folder(replica))) },
		"it never streamed": func(t *testing.T) {
			require.NoError(t, os.WriteFile(filepath.Join(c.Folder(replica), "unproven"), nil, 0o600))
		},
		"the primary remembers it no more": func(t *testing.T) {
			c.Query(t, c.Primary, "SELECT pg_drop_replication_slot('postgres_replica_1')")
		},
		"it fell behind": func(t *testing.T) {
			c.Query(t, c.Primary, "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'")
			c.Query(t, c.Primary, "SELECT pg_reload_conf()")
			for range 80 { // files of the log that the slot needs are reused after max_wal_size
				c.Query(t, c.Primary, "SELECT pg_create_restore_point('x'), pg_switch_wal()")
			}
			c.Query(t, c.Primary, "CHECKPOINT")
			c.Await(t, c.Primary, "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'postgres_replica_1'", "lost")
			c.Query(t, c.Primary, "ALTER SYSTEM RESET ALL")
			c.Query(t, c.Primary, "SELECT pg_reload_conf()")
		},
	} {
		t.Run(name, func(t *testing.T) {
			replica.Stop(t)
			damage(t)
			mark := filepath.Join(c.Folder(replica), "cluster", "the-old-copy")
			if _, err := os.Stat(filepath.Dir(mark)); err == nil {
				require.NoError(t, os.WriteFile(mark, nil, 0o600))
			}
			replica.Start(t)
			require.NoFileExists(t, mark, "it is another copy")
			c.Await(t, c.Primary, streaming, both)
		})
	}
}

func TestAPrimaryThatIsLostIsMadeAnewWithItsReplicas(t *testing.T) {
	for name, damage := range map[string]func(c *datatest.Cluster) error{
		"its folder is gone":   func(c *datatest.Cluster) error { return os.RemoveAll(c.Folder(c.Primary)) },
		"its password is gone": func(c *datatest.Cluster) error { return os.Remove(c.Users[data.Superuser]) },
	} {
		t.Run(name, func(t *testing.T) {
			c := datatest.PostgresCluster(t)
			before := c.Value(t, c.Primary, "SELECT system_identifier FROM pg_control_system()")
			for _, server := range append(c.Replicas, c.Primary) {
				server.Stop(t)
			}
			require.NoError(t, damage(c))
			for _, server := range append([]*datatest.Server{c.Primary}, c.Replicas...) {
				server.Start(t)
				require.NotEqual(t, before, c.Value(t, server, "SELECT system_identifier FROM pg_control_system()"))
			}
			c.Await(t, c.Primary, streaming, both)
		})
	}
}
