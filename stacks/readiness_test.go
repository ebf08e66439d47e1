package stacks

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	collectaws "gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/kubernetes"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/components/componenttest"
	"gatehouse/components/identity"
	"gatehouse/components/release/releasetest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runReadiness makes the job on stand-ins for what earlier layers return.
func runReadiness(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		d := readinessInputs{
			env: env,
			foundation: FoundationOutputs{
				Repositories: map[string]Repository{"gatehouse": {URL: text("registry/gatehouse")}},
				Backups:      Bucket{Name: text("backups")}, Plugins: Bucket{Name: text("plugins")}, Audit: Bucket{Name: text("audit")},
			},
			network: NetworkOutputs{VPCID: text("vpc-1")},
			edge: EdgeOutputs{
				ZoneID: text("Z1"), CertificateARN: text("arn:certificate"), DistributionDomain: text("d.cloudfront.net"), WebACLARN: text("arn:acl"),
			},
			data: DataOutputs{
				Postgres: Postgres{
					Endpoint: text("primary.rds:5432"), Identifier: text("db-1"), Readers: pulumi.ToStringArray([]string{"replica.rds:5432"}).ToStringArrayOutput(),
				},
				Redis: Redis{Endpoint: text("redis.cache:6379")}, Filesystem: Filesystem{ID: text("fs-1")},
				VaultARN: text("arn:aws:backup:us-west-2:1:backup-vault:the-vault"),
			},
			cluster:    ClusterOutputs{Name: text("gatehouse-test-cluster"), Roles: map[string]pulumi.StringOutput{"readiness": text("arn:role/readiness")}},
			namespaces: map[string]pulumi.StringOutput{},
		}
		for _, s := range spaces() {
			d.namespaces[s.Namespace] = text(s.Namespace)
		}
		return deployReadiness(ctx, d)
	})
}

func TestReadinessFollowsTheConfiguration(t *testing.T) {
	c := configtest.Production()
	c.Readiness.Schedule, c.Readiness.Image = "0 */6 * * *", "2.0.0"
	job := runReadiness(t, c).One(t, cronJobType)
	require.Equal(t, "0 */6 * * *", job.Input("spec.schedule"))
	require.Equal(t, "registry/gatehouse:2.0.0", job.Input("spec.jobTemplate.spec.template.spec.containers[0].image"))
	watched, err := alertRules(c)
	require.NoError(t, err)
	require.Equal(t, "12h0m0s", watched.ReadinessMaxAge.String(), "two runs were missed")

	c.Readiness.Enabled = false
	require.Empty(t, runReadiness(t, c).OfType(cronJobType))
	watched, err = alertRules(c)
	require.NoError(t, err)
	require.Zero(t, watched.ReadinessMaxAge)
	require.Empty(t, newPeers(Environment{Config: c}).readinessRuns(Environment{Config: c}))
	require.Empty(t, readinessSecrets(Environment{Config: c}))
}

// What the checks read is what the outputs of the stack would have told them.
func TestTheChecksReadTheTargets(t *testing.T) {
	c := configtest.Staging()
	text := runReadiness(t, c).One(t, "kubernetes:core/v1:ConfigMap").Input("data").(map[string]any)["targets.yaml"].(string)
	got, err := target.Parse("targets.yaml", []byte(text))
	require.NoError(t, err)
	env := Environment{Config: c}
	repositoryURLs := map[string]any{}
	for _, name := range repositories() {
		repositoryURLs[name] = "registry/gatehouse-test/" + name
	}
	want := target.FromOutputs("test", string(c.Environment.Region), string(c.Environment.AccountID), map[string]any{
		"namespaces":  []any{"developer-portal", "backstage", "monitoring"},
		"clusterName": "gatehouse-test-cluster", "vpcId": "vpc-1", "databaseIdentifier": "db-1", "filesystemId": "fs-1",
		"backupVaultArn": "arn:aws:backup:us-west-2:1:backup-vault:the-vault", "distributionDomain": "d.cloudfront.net",
		"webAclArn": "arn:acl", "certificateArn": "arn:certificate", "hostedZoneId": "Z1",
		"backupBucket": "backups", "pluginBucket": "plugins", "auditBucket": "audit", "repositoryUrls": repositoryURLs,
		"databaseEndpoint": "primary.rds:5432", "databaseReaders": []any{"replica.rds:5432"}, "redisEndpoint": "redis.cache:6379",
		"portalUrl": "https://" + portalHost(env), "apiUrl": "https://" + apiHost(env),
	})
	slices.Sort(got.AWS.Repositories)
	require.Equal(t, want.Environment, got.Environment)
	require.Equal(t, want.Namespaces, got.Namespaces)
	require.Equal(t, want.AWS, got.AWS)
	want.Postgres.CA = got.Postgres.CA // the path in the image
	require.Equal(t, want.Postgres, got.Postgres)
	want.Redis.User = redisUserName(Environment{Prefix: "gatehouse-test", Config: c}, "monitor")
	require.Equal(t, want.Redis, got.Redis)
	want.Web.Token, want.Web.User, want.Web.Password = target.Secret{}, "", target.Secret{} // there are no logins for it
	require.Equal(t, want.Web, got.Web)
	require.Equal(t, want.DNS, got.DNS)
	require.Equal(t, target.Secret{Env: target.PgBouncerPassword}, got.PgBouncer.Password)
	require.Len(t, got.Missing, 2, "no state and no artefacts: %v", got.Missing)
}

func rights(readers []evidence.Reader) []string {
	var all []string
	for _, r := range readers {
		all = append(all, r.Rights...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The role may do what the collectors ask, and beside it keep its runs.
func TestTheRoleHasTheRightsOfTheCollectors(t *testing.T) {
	collector, err := collectaws.New(t.Context(), target.AWS{Region: "us-west-2", Endpoint: "http://127.0.0.1:1"})
	require.NoError(t, err)
	t.Cleanup(collector.Close)
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	resources := identity.Resources{Database: text("arn:database")}
	without := identity.Workloads(resources)
	require.False(t, slices.ContainsFunc(without, func(w identity.Workload) bool { return w.Name == "readiness" }))

	resources.Reports, resources.ReportsKey = text("arn:reports"), text("arn:key")
	workloads := identity.Workloads(resources)
	at := slices.IndexFunc(workloads, func(w identity.Workload) bool { return w.Name == "readiness" })
	require.GreaterOrEqual(t, at, 0)
	var read []string
	for _, statement := range workloads[at].Statements {
		if statement.ID == "Read" {
			read = slices.Sorted(slices.Values(statement.Actions))
		}
	}
	require.Equal(t, rights(collector.Readers()), read)
}

// The account may list what the collectors ask, but no secrets.
func TestTheAccountHasTheRightsOfTheCollectors(t *testing.T) {
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(kubeconfig, []byte(`{apiVersion: v1, kind: Config, current-context: c,
  clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}], contexts: [{name: c, context: {cluster: c}}]}`), 0o600))
	collector, err := kubernetes.New(t.Context(), target.Kubernetes{Kubeconfig: kubeconfig}, nil)
	require.NoError(t, err)
	t.Cleanup(collector.Close)

	granted := map[string]bool{}
	for _, each := range runReadiness(t, configtest.Staging()).One(t, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole").Input("rules").([]any) {
		rule := each.(map[string]any)
		for _, resource := range rule["resources"].([]any) {
			granted[rule["verbs"].([]any)[0].(string)+" "+strings.TrimSuffix(resource.(string)+"."+rule["apiGroups"].([]any)[0].(string), ".")] = true
		}
	}
	used := map[string]bool{}
	for _, right := range rights(collector.Readers()) {
		if right == "get /version" || strings.HasSuffix(right, "in the portal's namespaces") {
			continue // everybody may; a Role in each of them
		}
		require.True(t, granted[right], "the account lacks %q", right)
		used[right] = true
	}
	require.Len(t, granted, len(used), "it has more than it needs: %v of %v", granted, used)
}

// A real API server takes every object and warns of none.
func TestTheServerTakesTheReadinessChecks(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs a Kubernetes API server; run make test")
	}
	objects := releasetest.Objects(t, runReadiness(t, configtest.Production()))
	require.GreaterOrEqual(t, len(objects), 8)
	releasetest.DryRun(t, objects)
}
