package target_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

func TestOutputsNameTheSystems(t *testing.T) {
	outputs := map[string]any{
		"clusterName": "gatehouse-staging-cluster", "vpcId": "vpc-1", "databaseIdentifier": "gatehouse-staging-postgres",
		"databaseEndpoint": "db:5432", "databaseReaders": []any{"ro:5432"}, "redisEndpoint": "cache:6379",
		"backupVaultArn": "arn:aws:backup:us-west-2:1:backup-vault:v", "backupBucket": "b",
		"repositoryUrls": map[string]any{"websocket": "1.dkr.ecr.us-west-2.amazonaws.com/gatehouse-staging/websocket"},
		"namespaces":     []any{"backstage", "developer-portal", "monitoring"},
		"portalUrl":      "https://portal.example.com", "apiUrl": "https://api.portal.example.com",
	}
	got := target.FromOutputs("staging", "us-west-2", "1", outputs)
	require.Equal(t, []string{"backstage", "developer-portal"}, got.Namespaces)
	require.Equal(t, "gatehouse-staging", got.AWS.Prefix)
	require.Equal(t, "gatehouse-staging-redis", got.AWS.Cache)
	require.Equal(t, "v", got.AWS.BackupVault)
	require.Equal(t, []string{"gatehouse-staging/websocket"}, got.AWS.Repositories)
	require.Equal(t, []string{"ro:5432"}, got.Postgres.Replicas)
	require.True(t, got.Redis.Managed)
	require.Equal(t, []string{"portal.example.com", "api.portal.example.com"}, got.DNS.Names)
	require.Equal(t, "/healthcheck", got.Web.APIHealth)
	require.Contains(t, got.Missing[evidence.Prometheus], "add a section prometheus to targets.yaml")
	require.NotContains(t, got.Missing, evidence.Postgres)

	none := target.FromOutputs("staging", "us-west-2", "1", nil)
	require.Nil(t, none.Postgres)
	require.NotEmpty(t, none.Missing[evidence.Postgres])
}

func TestNamedSectionsTakeTheirPlace(t *testing.T) {
	base := target.FromOutputs("staging", "us-west-2", "1", map[string]any{"databaseEndpoint": "db:5432", "redisEndpoint": "c:6379"})
	named, err := target.Parse("targets.yaml", []byte("postgres: {primary: \"other:5432\"}\nprometheus: {url: \"http://127.0.0.1:9090\"}\nthresholds: {DB-3: {archiveAge: 30m}}\n"))
	require.NoError(t, err)
	got := named.Over(base)
	require.Equal(t, "staging", got.Environment)
	require.Equal(t, "other:5432", got.Postgres.Primary)
	require.Empty(t, got.Postgres.User, "a section is taken whole")
	require.Equal(t, []string{"c:6379"}, got.Redis.Addresses)
	require.NotContains(t, got.Missing, evidence.Prometheus)
	require.Equal(t, "30m", got.Thresholds["DB-3"]["archiveAge"])
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"postgress: {}":                                       "field postgress not found",
		"redis: {addresses: []}":                              "redis.addresses: want at least one HOST:PORT",
		"aws: {accountId: \"1\"}":                             "aws.region is missing",
		"web: {portal: x, api: \"https://a\"}":                "web.portal: want a URL",
		"prometheus: {url: \"ftp://x\"}":                      "prometheus.url: want a URL",
		"pgbouncer: {address: x}":                             `pgbouncer.address: want HOST:PORT, found "x"`,
		"redis: {addresses: [\"a:1\"], password: {vault: x}}": "line 1: want {env: NAME} or {file: PATH}",
		"a: [": "targets.yaml:",
	} {
		_, err := target.Parse("targets.yaml", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestSecretsStayWhereTheyAre(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("s3cret \n"), 0o600))
	t.Setenv("GATEHOUSE_TEST_PASSWORD", "hunter2")
	for secret, want := range map[target.Secret]string{
		{File: file}:                     "s3cret ",
		{Env: "GATEHOUSE_TEST_PASSWORD"}: "hunter2",
		{}:                               "",
	} {
		got, err := secret.Resolve(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.NotContains(t, secret.String(), "hunter2")
	}
	for secret, want := range map[target.Secret]string{
		{Env: "GATEHOUSE_NOWHERE"}: "the variable GATEHOUSE_NOWHERE is not set",
		{File: file + "x"}:         "no such file",
		{File: file, Env: "A"}:     "keep one",
	} {
		_, err := secret.Resolve(t.Context())
		require.ErrorContains(t, err, want)
	}
}
