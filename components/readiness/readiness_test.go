package readiness_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"gatehouse/components/componenttest"
	"gatehouse/components/readiness"
)

const (
	cronJobType     = "kubernetes:batch/v1:CronJob"
	clusterRoleType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
	bindingType     = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
	roleType        = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	inPod           = "spec.jobTemplate.spec.template.spec."
)

func args() readiness.Args {
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	return readiness.Args{
		Namespace: text("monitoring"), NamespaceName: "monitoring", Labels: map[string]string{"gatehouse/owner": "platform"},
		Image: text("gatehouse:1.0.0"), RoleARN: text("arn:role"), Schedule: "0 5 * * *",
		Bucket: text("audit"), Prefix: "readiness", Pushgateway: "http://pushgateway:9091", Secret: "passwords",
		Targets: readiness.Targets{
			Environment: "test", Namespaces: []string{"developer-portal", "backstage"},
			AWS: readiness.AWS{
				Region: "us-west-2", AccountID: "0123", Prefix: "gatehouse-test",
				Cluster: text("c"), VPC: text("vpc-1"), Database: text("db"), Cache: text("redis"), Filesystem: text("fs-1"), BackupVault: text("vault"),
				Distribution: text("d.cloudfront.net"), WebACL: text("arn:acl"), Certificate: text("arn:certificate"), HostedZone: text("Z1"),
				Buckets: map[string]pulumi.StringInput{"audit": text("audit")}, Repositories: []string{"gatehouse-test/keeper"},
			},
			Primary: text("primary:5432"), Replicas: pulumi.ToStringArray([]string{"replica:5432"}), Database: "portal", RDSCertificates: "/ca.pem",
			PgBouncer: "pgbouncer:6432", Redis: text("redis:6379"), RedisUser: "gatehouse-test-redis-monitor",
			Portal: "https://portal", API: "https://api.portal", Hosts: []string{"portal", "api.portal"},
			Prometheus: "http://prometheus:9090", Alertmanager: "http://alertmanager:9093",
		},
		Portal: map[string]pulumi.StringOutput{"backstage": text("backstage"), "developer-portal": text("developer-portal")},
	}
}

func try(a readiness.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := readiness.New(ctx, "r", a)
		return err
	})
}

func run(t *testing.T, a readiness.Args) componenttest.Registrations {
	t.Helper()
	seen, err := try(a)
	require.NoError(t, err)
	return seen
}

func TestTheJob(t *testing.T) {
	job := run(t, args()).One(t, cronJobType)
	for path, want := range map[string]any{
		"metadata.name": "readiness", "metadata.namespace": "monitoring",
		"spec.schedule": "0 5 * * *", "spec.timeZone": "Etc/UTC", "spec.concurrencyPolicy": "Forbid",
		"spec.jobTemplate.metadata.labels.app": "readiness",
		"spec.jobTemplate.spec.backoffLimit":   2.0,
		inPod + "restartPolicy":                "Never",
		inPod + "serviceAccountName":           "readiness",
		inPod + "priorityClassName":            "gatehouse-batch",
		inPod + "containers[0].image":          "gatehouse:1.0.0",
		inPod + "containers[0].args": []any{
			"check", "--targets=/etc/gatehouse/targets.yaml", "--fail-on=never", "--timeout=10m",
			"--history=s3://$(REPORTS_BUCKET)/readiness", "--push=http://pushgateway:9091", "--output=text",
		},
	} {
		require.Equal(t, want, job.Input(path), path)
	}
	require.Greater(t, job.Input("spec.jobTemplate.spec.activeDeadlineSeconds"), 600.0, "longer than the run, to keep and to push it")
	require.Contains(t, job.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:kubernetes:Readiness$kubernetes:core/v1:ConfigMap::r")
}

func TestPasswordsComeFromTheSecretAlone(t *testing.T) {
	variables := func(a readiness.Args) map[string]any {
		found := map[string]any{}
		for _, each := range run(t, a).One(t, cronJobType).Input(inPod + "containers[0].env").([]any) {
			variable := each.(map[string]any)
			found[variable["name"].(string)] = variable["value"]
			if variable["value"] == nil {
				found[variable["name"].(string)] = variable["valueFrom"].(map[string]any)["secretKeyRef"].(map[string]any)["name"]
			}
		}
		return found
	}
	want := map[string]any{
		"AWS_REGION": "us-west-2", "REPORTS_BUCKET": "audit",
		"GATEHOUSE_POSTGRES_PASSWORD": "passwords", "GATEHOUSE_PGBOUNCER_PASSWORD": "passwords", "GATEHOUSE_REDIS_PASSWORD": "passwords",
	}
	require.Equal(t, want, variables(args()))
	without := args()
	without.Targets.RedisUser = ""
	delete(want, "GATEHOUSE_REDIS_PASSWORD")
	require.Equal(t, want, variables(without))
}

func TestTheAccountReadsAndNoSecrets(t *testing.T) {
	seen := run(t, args())
	for _, each := range seen.One(t, clusterRoleType).Input("rules").([]any) {
		rule := each.(map[string]any)
		require.NotContains(t, rule["resources"], "secrets")
		require.NotContains(t, rule["resources"], "configmaps", "those of other namespaces")
		for _, resource := range append(rule["resources"].([]any), rule["apiGroups"].([]any)...) {
			require.NotContains(t, resource, "*")
		}
		if rule["verbs"].([]any)[0] != "list" {
			require.Equal(t, map[string]any{
				"apiGroups": []any{"authorization.k8s.io"}, "resources": []any{"subjectaccessreviews"}, "verbs": []any{"create"},
			}, rule)
		}
	}
	binding := seen.One(t, bindingType)
	require.Equal(t, []any{map[string]any{"kind": "ServiceAccount", "namespace": "monitoring", "name": "readiness"}}, binding.Input("subjects"))
	require.Equal(t, "gatehouse-readiness", binding.Input("roleRef.name"))
	roles := seen.OfType(roleType)
	require.Len(t, roles, 2)
	for _, role := range roles {
		require.Equal(t, []any{
			map[string]any{"apiGroups": []any{""}, "resources": []any{"configmaps"}, "verbs": []any{"list"}},
			map[string]any{"apiGroups": []any{""}, "resources": []any{"configmaps"}, "resourceNames": []any{"backup-status"}, "verbs": []any{"get"}},
		}, role.Input("rules"))
	}
	account := seen.One(t, "kubernetes:core/v1:ServiceAccount")
	require.Equal(t, map[string]any{"eks.amazonaws.com/role-arn": "arn:role"}, account.Input("metadata.annotations"))
}

func TestTargets(t *testing.T) {
	file := func(a readiness.Args) (map[string]any, string) {
		text := run(t, a).One(t, "kubernetes:core/v1:ConfigMap").Input("data").(map[string]any)["targets.yaml"].(string)
		var made map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(text), &made))
		return made, text
	}
	hostile := args()
	hostile.Targets.AWS.AccountID = "0123\nevil: true # \"'"
	made, text := file(hostile)
	require.Equal(t, hostile.Targets.AWS.AccountID, made["aws"].(map[string]any)["accountId"])
	require.NotContains(t, made, "evil")
	require.Contains(t, made, "redis")
	require.NotContains(t, strings.ToLower(text), "password: g", "the variable's name and not the password")

	made, first := file(args())
	require.Equal(t, "0123", made["aws"].(map[string]any)["accountId"], "text and no number")
	_, second := file(args())
	require.Equal(t, first, second)
	without := args()
	without.Targets.RedisUser = ""
	made, _ = file(without)
	require.NotContains(t, made, "redis", "without a user nobody can ask it")
}

func TestWrongSchedulesAreRefused(t *testing.T) {
	wrong := args()
	wrong.Schedule = "daily"
	_, err := try(wrong)
	require.ErrorContains(t, err, "write five cron fields")
}
