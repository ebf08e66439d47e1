package stacks

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/flows"
	"gatehouse/components/release/releasetest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const deploymentType = "kubernetes:apps/v1:Deployment"

// runPortal makes the portal's workloads, their pooler, access and plugins on
// stand-ins for what earlier layers return.
func runPortal(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	foundation := FoundationOutputs{Repositories: map[string]Repository{}, Plugins: Bucket{Name: text("plugins-bucket")}, Audit: Bucket{Name: text("audit-bucket")}}
	for _, name := range repositories() {
		foundation.Repositories[name] = Repository{URL: text("registry/" + name)}
	}
	data := DataOutputs{
		Postgres: Postgres{
			Endpoint: text("primary.rds:5432"), Database: database,
			Readers: pulumi.ToStringArray([]string{"one.rds:5432", "two.rds:5432"}).ToStringArrayOutput(),
		},
		Redis: Redis{
			Endpoint: text("cache:6379"), ARN: text("arn:aws:elasticache:us-west-2:1:replicationgroup:the-cache"),
			UserARNs: map[string]pulumi.StringOutput{
				"portal": text("arn:aws:elasticache:us-west-2:1:user:the-portal"), "backstage": text("arn:aws:elasticache:us-west-2:1:user:the-backstage"),
			},
		},
	}
	cluster := ClusterOutputs{Roles: map[string]pulumi.StringOutput{}}
	for _, role := range []string{"portal", "backstage", "plugin-installer"} {
		cluster.Roles[role] = text("arn:role/" + role)
	}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		namespaces := map[string]pulumi.StringOutput{}
		for _, s := range spaces() {
			namespaces[s.Namespace] = text(s.Namespace)
		}
		rights, err := deployAccess(ctx, env, cluster, namespaces)
		if err != nil {
			return err
		}
		if err := deployPooler(ctx, env, foundation, data, namespaces); err != nil {
			return err
		}
		p := portal{env: env, foundation: foundation, data: data, cluster: cluster, namespaces: namespaces}
		return p.deployWorkloads(ctx, rights)
	}, inProject(t))
}

// requireWhole fails unless every container of a Deployment has limits and
// probes, and every pod says whose it is.
func requireWhole(t require.TestingT, deployment componenttest.Registration) {
	labels := deployment.Input("spec.template.metadata.labels").(map[string]any)
	for _, label := range []string{"app", "app.kubernetes.io/managed-by", "app.kubernetes.io/part-of", "gatehouse/environment", "gatehouse/owner"} {
		require.NotEmpty(t, labels[label], "%s %s", deployment.Name, label)
	}
	for _, container := range deployment.Input("spec.template.spec.containers").([]any) {
		c := container.(map[string]any)
		limits := c["resources"].(map[string]any)["limits"].(map[string]any)
		require.NotEmpty(t, limits["cpu"], deployment.Name)
		require.NotEmpty(t, limits["memory"], deployment.Name)
		for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
			require.Contains(t, c, probe, "%s %s", deployment.Name, c["name"])
		}
	}
}

// Whatever the configuration says, what is made of it is whole.
func TestEveryPodHasLimitsProbesAndAnOwner(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := configtest.Valid(r)
		deployments := runPortal(t, c).OfType(deploymentType)
		if c.Portal.Strategy == config.BlueGreen {
			require.Len(r, deployments, 7)
		} else {
			require.Len(r, deployments, 4)
		}
		for _, deployment := range deployments {
			requireWhole(r, deployment)
		}
	})
}

// The guides' figures are what a configuration without a word gives.
func TestTheGuidesFigures(t *testing.T) {
	seen := runPortal(t, configtest.Production())
	for name, want := range map[string]struct{ port, least float64 }{
		"portal-frontend": {4400, 4}, "websocket": {4403, 2}, "backstage-backend": {7007, 2},
	} {
		deployment := seen.Named(t, deploymentType, "gatehouse-test-"+name)
		require.Equal(t, map[string]any{"maxSurge": 1.0, "maxUnavailable": 0.0}, deployment.Input("spec.strategy.rollingUpdate"))
		var ports []any
		for _, port := range deployment.Input("spec.template.spec.containers[0].ports").([]any) {
			ports = append(ports, port.(map[string]any)["containerPort"])
		}
		require.ElementsMatch(t, []any{want.port, 9090.0}, ports, name)
		scaler := seen.Named(t, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "gatehouse-test-"+name)
		require.GreaterOrEqual(t, scaler.Input("spec.minReplicas"), want.least, name)
		require.Equal(t, 10.0, scaler.Input("spec.maxReplicas"), name)
		require.Equal(t, 70.0, scaler.Input("spec.metrics[0].resource.target.averageUtilization"), name)
	}
	require.Equal(t, "ClientIP", seen.Named(t, "kubernetes:core/v1:Service", "gatehouse-test-websocket").Input("spec.sessionAffinity"))
	claim := seen.One(t, "kubernetes:core/v1:PersistentVolumeClaim")
	require.Equal(t, "backstage-plugins", claim.Input("metadata.name"))
	require.Equal(t, map[string]any{
		"accessModes": []any{"ReadWriteMany"}, "storageClassName": "efs-sc", "resources": map[string]any{"requests": map[string]any{"storage": "20Gi"}},
	}, claim.Input("spec"))
}

// variables are the environment of a workload's main container.
func variables(t *testing.T, seen componenttest.Registrations, name string) map[string]any {
	t.Helper()
	found := map[string]any{}
	for _, item := range seen.Named(t, deploymentType, "gatehouse-test-"+name).Input("spec.template.spec.containers[0].env").([]any) {
		variable := item.(map[string]any)
		require.NotContains(t, found, variable["name"], "said once")
		found[variable["name"].(string)] = variable["value"]
	}
	return found
}

func TestTheGuidesVariables(t *testing.T) {
	c := configtest.Production()
	seen := runPortal(t, c)
	backstage := variables(t, seen, "backstage-backend")
	for name, want := range map[string]any{
		"NODE_ENV": "production", "PLUGIN_INSTALL_MODE": "dynamic", "BACKSTAGE_ROOT": "/app",
		"DYNAMIC_PLUGINS_PATH": "/opt/backstage/dynamic-plugins", "S3_PLUGIN_BUCKET": "plugins-bucket",
		"POSTGRES_HOST": "pgbouncer.backstage.svc.cluster.local", "REDIS_USER": "the-backstage", "REDIS_CACHE": "the-cache",
	} {
		require.Equal(t, want, backstage[name], name)
	}
	require.NotContains(t, backstage, "CI_CD_TRIGGER_URL")
	trigger := config.URL("https://ci.example.com/run")
	c.Portal.Plugins.CITriggerURL = &trigger
	require.Equal(t, "https://ci.example.com/run", variables(t, runPortal(t, c), "backstage-backend")["CI_CD_TRIGGER_URL"])

	frontend := variables(t, seen, "portal-frontend")
	for name, want := range map[string]any{
		"DATABASE_READ_HOST": "pgbouncer-read.backstage.svc.cluster.local", "DATABASE_READ_NAME": "portal_read",
		"REDIS_URL": "rediss://cache:6379", "REDIS_USER": "the-portal", "CORS_ORIGINS": "https://" + string(c.Edge.Domain),
	} {
		require.Equal(t, want, frontend[name], name)
	}
	require.Equal(t, "socket.io", variables(t, seen, "websocket")["REDIS_ADAPTER_PREFIX"])
}

// No value of a secret is in a variable: names that sound like one come from
// Secrets.
func TestNoVariableHoldsASecret(t *testing.T) {
	seen := runPortal(t, configtest.Production())
	for _, name := range []string{"portal-frontend", "websocket", "backstage-backend"} {
		for variable := range variables(t, seen, name) {
			for _, word := range []string{"PASSWORD", "SECRET", "TOKEN", "_KEY"} {
				require.False(t, strings.Contains(variable, word) && variable != "REDIS_KEY_PREFIX", variable)
			}
		}
		require.Len(t, seen.Named(t, deploymentType, "gatehouse-test-"+name).Input("spec.template.spec.containers[0].envFrom"), 1)
	}
}

// The flows name pods by labels and accounts, which are written here and there.
func TestFlowsAndPodsAgree(t *testing.T) {
	c := configtest.Production()
	seen := runPortal(t, c)
	p := newPeers(Environment{Name: "test", Config: c})
	for name, peer := range map[string]flows.Workload{
		"portal-frontend": p.frontend, "websocket": p.websocket, "backstage-backend": p.backstage, "pgbouncer": p.pooler,
	} {
		deployment := seen.Named(t, deploymentType, "gatehouse-test-"+name)
		require.Equal(t, peer.Namespace, deployment.Input("metadata.namespace"), name)
		require.Subset(t, deployment.Input("spec.template.metadata.labels"), anyOf(peer.Labels), name)
		require.Equal(t, peer.ServiceAccount, deployment.Input("spec.template.spec.serviceAccountName"), name)
	}
}

func anyOf(labels map[string]string) map[string]any {
	converted := map[string]any{}
	for key, value := range labels {
		converted[key] = value
	}
	return converted
}

func TestBlueGreenRunsBothImages(t *testing.T) {
	c := configtest.Production()
	active := config.Green
	c.Portal.Strategy, c.Portal.Active = config.BlueGreen, &active
	c.Portal.Images.Backstage = "1.0.0"
	image := func(slot string) any {
		return runPortal(t, c).Named(t, deploymentType, "gatehouse-test-backstage-backend-"+slot).Input("spec.template.spec.containers[0].image")
	}
	require.Equal(t, "registry/backstage-backend:1.0.0", image("green"), "both run the same until told otherwise")
	c.Portal.GreenImages = &config.GreenImages{PortalFrontend: "2.0.0", WebSocket: "2.0.0", Backstage: "2.0.0"}
	require.Equal(t, "registry/backstage-backend:1.0.0", image("blue"))
	require.Equal(t, "registry/backstage-backend:2.0.0", image("green"))
	require.Equal(t, "green", runPortal(t, c).Named(t, "kubernetes:core/v1:Service", "gatehouse-test-backstage-backend").Input("spec.selector.slot"))
}

// A real API server takes every object, in namespaces that enforce the
// restricted standard, and warns of none.
func TestTheServerTakesThePortal(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs a Kubernetes API server; run make test")
	}
	rolling, blueGreen, active := configtest.Production(), configtest.Production(), config.Blue
	blueGreen.Portal.Strategy, blueGreen.Portal.Active = config.BlueGreen, &active
	for _, c := range []config.Config{rolling, blueGreen} {
		objects := releasetest.Objects(t, runPortal(t, c))
		require.Greater(t, len(objects), 25)
		releasetest.DryRun(t, objects)
	}
}
