package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runWatching makes monitoring, dashboards and logging on stand-ins for what
// earlier layers return.
func runWatching(t *testing.T, change func(*config.Config)) componenttest.Registrations {
	t.Helper()
	c := configtest.Production()
	if change != nil {
		change(&c)
	}
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	foundation := FoundationOutputs{
		Repositories: map[string]Repository{"pgbouncer": {URL: text("registry/pgbouncer")}}, Keys: Keys{Logs: text("key-logs")},
	}
	data := DataOutputs{
		Postgres: Postgres{
			Endpoint: text("primary.rds:5432"), Database: database,
			Readers: pulumi.ToStringArray([]string{"one.rds:5432", "two.rds:5432", "three.rds:5432", "four.rds:5432", "five.rds:5432"}).ToStringArrayOutput(),
		},
		Redis: Redis{Endpoint: text("clustercfg.cache.x:6379")},
	}
	cluster := ClusterOutputs{Roles: map[string]pulumi.StringOutput{"fluent-bit": text("arn:role/fluent-bit")}}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		namespaces := map[string]pulumi.StringOutput{}
		for _, s := range spaces() {
			namespaces[s.Namespace] = text(s.Namespace)
		}
		ready, err := deployMonitoring(ctx, env, foundation, data, namespaces)
		if err != nil {
			return err
		}
		require.NotEmpty(t, ready)
		if err := deployDashboards(ctx, env, namespaces); err != nil {
			return err
		}
		return deployLogging(ctx, env, foundation, cluster, namespaces, []pulumi.ResourceOption{pulumi.Provider(env.Providers.Regional)})
	})
}

const logGroupType = "aws:cloudwatch/logGroup:LogGroup"

func TestMonitoringFollowsTheConfiguration(t *testing.T) {
	seen := runWatching(t, func(c *config.Config) {
		c.Monitoring.RetentionDays, c.Data.Postgres.Replicas = 45, 1
		c.Foundation.Secrets[config.RedisLogin] = config.Secret{}
		c.Data.Redis.Shards, c.Data.Redis.ReplicasPerShard = 2, 2
	})
	chart := func(name string) componenttest.Registration {
		for _, r := range seen.OfType("kubernetes:helm.sh/v3:Release") {
			if r.Input("name") == name {
				return r
			}
		}
		t.Fatalf("no release %s", name)
		return componenttest.Registration{}
	}
	require.Equal(t, "45d", chart("monitoring").Input("values.prometheus.prometheusSpec.retention"))
	require.Equal(t, "gatehouse-test", chart("monitoring").Input("values.prometheus.prometheusSpec.externalLabels.cluster"))
	endpoints := map[string]int{}
	for _, m := range seen.OfType("kubernetes:monitoring.coreos.com/v1:ServiceMonitor") {
		endpoints[m.Input("metadata.name").(string)] = len(m.Input("spec.endpoints").([]any))
	}
	require.Equal(t, 2, endpoints["postgres-exporter"], "the primary and one replica")
	require.Equal(t, 6, endpoints["redis-exporter"], "two shards of three")
	require.Equal(t, 4, endpoints["blackbox-exporter"])
	require.Equal(t, "arn:role/fluent-bit", chart("fluent-bit").Input(`values.serviceAccount.annotations["eks.amazonaws.com/role-arn"]`))
	require.Len(t, seen.OfType("kubernetes:core/v1:ConfigMap"), 5, "four dashboards, and the probes of the blackbox exporter")
}

func TestACacheWithoutAMonitorIsNotWatched(t *testing.T) {
	seen := runWatching(t, func(c *config.Config) { delete(c.Foundation.Secrets, config.RedisLogin) })
	for _, d := range seen.OfType(deploymentType) {
		require.NotEqual(t, "redis-exporter", d.Input("metadata.name"))
	}
}

func TestLogsGoWhereTheConfigurationSays(t *testing.T) {
	seen := runWatching(t, nil)
	require.Len(t, seen.OfType(logGroupType), 4)
	for _, group := range seen.OfType(logGroupType) {
		require.Contains(t, group.Input("name"), "/gatehouse/test/", "Fluent Bit's role may write to these alone")
		require.Contains(t, group.Provider, "pulumi:providers:aws")
	}

	loki := config.URL("https://loki.example.com")
	seen = runWatching(t, func(c *config.Config) {
		c.Platform.Logging.Output, c.Platform.Logging.LokiURL = config.LogsToLoki, &loki
	})
	require.Empty(t, seen.OfType(logGroupType))
}
