package stacks

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/release/releasetest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const externalSecretType = "kubernetes:external-secrets.io/v1:ExternalSecret"

func runExternalSecrets(t *testing.T, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		cluster := ClusterOutputs{Roles: map[string]pulumi.StringOutput{"external-secrets": text("arn:role")}}
		_, err = deployExternalSecrets(ctx, env, DataOutputs{Postgres: Postgres{MasterSecretARN: text("arn:master")}}, cluster, namespacesOf())
		return err
	})
}

// Each workload is given what it needs under the names that it reads.
func TestSecretsOfTheCluster(t *testing.T) {
	want := map[string][]string{
		"developer-portal/portal-frontend": {
			"DATABASE_PASSWORD", "ENCRYPTION_KEY", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "JWT_SIGNING_KEY", "SESSION_KEY",
		},
		"developer-portal/websocket": {"JWT_SIGNING_KEY", "SESSION_KEY"},
		"backstage/backstage": {
			"AUTH_GITHUB_CLIENT_ID", "AUTH_GITHUB_CLIENT_SECRET", "BACKEND_SECRET", "GITHUB_TOKEN", "POSTGRES_PASSWORD",
		},
		"backstage/pgbouncer": {"userlist.txt"},
		"backstage/keeper": {
			"MASTER_PASSWORD", "MASTER_USERNAME", "PASSWORD_BACKSTAGE", "PASSWORD_BACKUP", "PASSWORD_DRILL", "PASSWORD_MONITOR", "PASSWORD_PORTAL",
		},
		"monitoring/alertmanager-receivers": {"pagerduty-routing-key", "slack-webhook"},
		"monitoring/grafana-admin":          {"admin-password", "admin-user"},
		"monitoring/postgres-exporter":      {"postgres_exporter.yml"},
		"monitoring/readiness":              {"GATEHOUSE_PGBOUNCER_PASSWORD", "GATEHOUSE_POSTGRES_PASSWORD"},
	}
	c := configtest.Production()
	c.Monitoring.DeadMansSwitch = false
	delete(c.Foundation.Secrets, config.RedisLogin)
	require.Equal(t, want, secretKeys(runExternalSecrets(t, c)))

	c.Monitoring.DeadMansSwitch = true
	c.Foundation.Secrets[config.RedisLogin] = config.Secret{}
	more := secretKeys(runExternalSecrets(t, c))
	require.Contains(t, more["monitoring/alertmanager-receivers"], "dead-mans-switch")
	require.Equal(t, []string{"REDIS_PASSWORD", "REDIS_USER"}, more["monitoring/redis-exporter"])
	require.Contains(t, more["monitoring/readiness"], "GATEHOUSE_REDIS_PASSWORD")
}

// secretKeys are the keys of the Secrets, sorted, by namespace and name.
func secretKeys(seen componenttest.Registrations) map[string][]string {
	found := map[string][]string{}
	for _, secret := range seen.OfType(externalSecretType) {
		var keys []string
		for _, data := range secret.Input("spec.data").([]any) {
			keys = append(keys, data.(map[string]any)["secretKey"].(string))
		}
		if template, ok := secret.Input("spec.target.template.data").(map[string]any); ok {
			keys = nil
			for key := range template {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
		found[secret.Input("metadata.namespace").(string)+"/"+secret.Input("metadata.name").(string)] = keys
	}
	return found
}

// Every entry that is read is one that the committed environments have.
func TestSecretsAreConfigured(t *testing.T) {
	for name, c := range environments() {
		for _, secret := range runExternalSecrets(t, c).OfType(externalSecretType) {
			for _, data := range secret.Input("spec.data").([]any) {
				key := data.(map[string]any)["remoteRef"].(map[string]any)["key"].(string)
				if key == "arn:master" {
					continue
				}
				require.Contains(t, c.Foundation.Secrets, strings.TrimPrefix(key, "gatehouse-test/"), "%s: %s", name, secret.Name)
			}
		}
	}
}

func TestOnlyTheKeepersNamespaceReadsTheMasterLogin(t *testing.T) {
	seen := runExternalSecrets(t, configtest.Production())
	store := seen.Named(t, "kubernetes:external-secrets.io/v1:ClusterSecretStore", "gatehouse-test-secret-store-gatehouse-rds")
	require.Equal(t, []any{map[string]any{"namespaces": []any{"backstage"}}}, store.Input("spec.conditions"))
}

func TestVaultKeepsOursAndNotRDSs(t *testing.T) {
	c := configtest.Production()
	c.Platform.Secrets.Store = config.StoreVault
	c.Platform.Secrets.Vault = &config.Vault{Address: "https://vault.example.com", Path: "secret", MountPath: "kubernetes", Role: "portal"}
	seen := runExternalSecrets(t, c)
	const storeType = "kubernetes:external-secrets.io/v1:ClusterSecretStore"
	require.Equal(t, "https://vault.example.com", seen.Named(t, storeType, "gatehouse-test-secret-store-gatehouse").Input("spec.provider.vault.server"))
	require.NotNil(t, seen.Named(t, storeType, "gatehouse-test-secret-store-gatehouse-rds").Input("spec.provider.aws"))
}

// TestServerAcceptsTheWayIn asks a real API server for all of this file's and
// the routes' objects.
func TestServerAcceptsTheWayIn(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	c := configtest.Production()
	seen := append(runExternalSecrets(t, c), runIngress(t, c)...)
	releasetest.DryRun(t, releasetest.Objects(t, seen))
}
