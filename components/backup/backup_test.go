package backup_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/backup"
	"gatehouse/components/componenttest"
	"gatehouse/keeper/cluster"
	"gatehouse/keeper/command"
	"gatehouse/keeper/postgres"
)

const (
	cronJobType = "kubernetes:batch/v1:CronJob"
	jobType     = "kubernetes:batch/v1:Job"
	roleType    = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
	inPod       = "spec.jobTemplate.spec.template.spec."
)

func args() backup.Args {
	text := func(s string) pulumi.StringInput { return pulumi.String(s) }
	return backup.Args{
		Namespace: text("backstage"), NamespaceName: "backstage", Labels: map[string]string{"gatehouse/owner": "platform"},
		Image: text("keeper:1.0.0"), RoleARN: text("arn:role"), Region: "us-west-2", Bucket: text("backups"), KeyARN: text("arn:key"),
		Endpoint: text("db.example.com:5432"), Instance: text("gatehouse-test-postgres"), Secret: "keeper",
		Pushgateway: "http://pushgateway.monitoring.svc:9091",
		Schedules:   backup.Schedules{Database: "0 */6 * * *", Configuration: "30 1 * * *", Base: "0 3 * * *", Drill: "0 6 * * mon"},
		KeepDays:    35, MaxAgeHours: 12, DrillMaxMinutes: 60,
		Recovers: map[string]backup.Recovers{
			"developer-portal": {Namespace: text("developer-portal"), Deployments: []string{"portal-frontend", "websocket"}},
			"backstage":        {Namespace: text("backstage"), Deployments: []string{"backstage-backend"}},
		},
	}
}

func try(a backup.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := backup.New(ctx, "b", a)
		return err
	})
}

func run(t *testing.T) componenttest.Registrations {
	t.Helper()
	seen, err := try(args())
	require.NoError(t, err)
	return seen
}

func TestSchedulesAreTheGuides(t *testing.T) {
	seen := run(t)
	schedules := map[string]any{}
	for _, job := range seen.OfType(cronJobType) {
		schedules[job.Input("metadata.name").(string)] = job.Input("spec.schedule")
		require.Equal(t, "Etc/UTC", job.Input("spec.timeZone"))
		require.Equal(t, "Forbid", job.Input("spec.concurrencyPolicy"))
		require.Equal(t, job.Name == "b-recovery", job.Input("spec.suspend"), "a recovery waits for a person")
		require.Greater(t, job.Input("spec.startingDeadlineSeconds"), 10.0, "less and Kubernetes may miss a run")
		require.Positive(t, job.Input("spec.jobTemplate.spec.activeDeadlineSeconds"))
		require.Equal(t, 3.0, job.Input("spec.failedJobsHistoryLimit"))
		require.Contains(t, job.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:kubernetes:Backup$kubernetes:core/v1:ConfigMap::b-status")
	}
	require.Equal(t, map[string]any{
		"backup-database": "0 */6 * * *", "backup-configuration": "30 1 * * *", "backup-base": "0 3 * * *", "restore-drill": "0 6 * * mon",
		"database-roles": "10 * * * *", "recovery": "0 0 1 1 *",
	}, schedules)
}

func TestPodsAreOwnedAndOrdinary(t *testing.T) {
	for _, job := range run(t).OfType(cronJobType) {
		require.Equal(t, map[string]any{"app": "keeper", "gatehouse/owner": "platform"}, job.Input("spec.jobTemplate.spec.template.metadata.labels"))
		require.Equal(t, "keeper", job.Input("spec.jobTemplate.metadata.labels.app"), "runbooks look for jobs by it")
		require.Equal(t, "gatehouse-batch", job.Input(inPod+"priorityClassName"))
		require.Equal(t, "Never", job.Input(inPod+"restartPolicy"), "or Kubernetes refuses the failure policy")
		require.NotContains(t, job.Input(inPod+"nodeSelector"), "node.kubernetes.io/lifecycle", "spare capacity may be taken back")
		require.Equal(t, "keeper:1.0.0", job.Input(inPod+"containers[0].image"))
		require.Equal(t, "512Mi", job.Input(inPod+"containers[0].resources.limits.memory"))
		rules := job.Input("spec.jobTemplate.spec.podFailurePolicy.rules").([]any)
		require.Equal(t, map[string]any{
			"action": "FailJob", "onExitCodes": map[string]any{"containerName": "keeper", "operator": "In", "values": []any{1.0}},
		}, rules[1])
		require.Equal(t, "keeper", job.Input(inPod+"containers[0].name"))
	}
}

// variables are a job's environment; a Secret's key is written secret:KEY.
func variables(job componenttest.Registration, path string) map[string]string {
	found := map[string]string{}
	for _, entry := range job.Input(path + "containers[0].env").([]any) {
		variable := entry.(map[string]any)
		name := variable["name"].(string)
		if value, ok := variable["value"]; ok {
			found[name] = value.(string)
			continue
		}
		reference := variable["valueFrom"].(map[string]any)["secretKeyRef"].(map[string]any)
		found[name] = "secret:" + reference["key"].(string)
	}
	return found
}

func TestEachJobHasItsOwnLoginAndNoOther(t *testing.T) {
	seen := run(t)
	for job, want := range map[string]map[string]string{
		"backup-database":      {"PGPASSWORD": "secret:PASSWORD_BACKUP"},
		"backup-configuration": {},
		"backup-base":          {},
		"restore-drill":        {"PGPASSWORD": "secret:PASSWORD_DRILL"},
		"recovery":             {"PGUSER": "secret:MASTER_USERNAME", "PGPASSWORD": "secret:MASTER_PASSWORD"},
		"database-roles": {
			"PGUSER": "secret:MASTER_USERNAME", "PGPASSWORD": "secret:MASTER_PASSWORD",
			"PASSWORD_PORTAL": "secret:PASSWORD_PORTAL", "PASSWORD_BACKSTAGE": "secret:PASSWORD_BACKSTAGE", "PASSWORD_MONITOR": "secret:PASSWORD_MONITOR",
			"PASSWORD_BACKUP": "secret:PASSWORD_BACKUP", "PASSWORD_DRILL": "secret:PASSWORD_DRILL",
		},
	} {
		made := seen.Named(t, cronJobType, "b-"+job)
		env := variables(made, inPod)
		secrets := map[string]string{}
		for name, value := range env {
			if strings.HasPrefix(value, "secret:") {
				secrets[name] = value
			}
		}
		require.Equal(t, want, secrets, job)
		if _, ok := want["PGPASSWORD"]; ok {
			require.Equal(t, "db.example.com", env["PGHOST"], job)
			require.Equal(t, "5432", env["PGPORT"], job)
			require.Equal(t, "verify-full", env["PGSSLMODE"], job)
		}
	}
}

// The keeper is asked for what it knows: commands, flags, and logins.
func TestTheKeeperUnderstandsItsJobs(t *testing.T) {
	seen := run(t)
	for _, job := range seen.OfType(cronJobType) {
		var line []string
		for _, arg := range job.Input(inPod + "containers[0].args").([]any) {
			line = append(line, arg.(string))
		}
		var out, problems bytes.Buffer
		code := command.Main(t.Context(), append(line, "--help"), command.World{
			Getenv: func(string) string { return "" }, Now: time.Now, In: strings.NewReader(""), Out: &out, Err: &problems,
		})
		require.Zero(t, code, "%v: %s", line, problems.String())
		require.Contains(t, out.String(), "keeper "+line[0], "help of the command itself")
	}
	env := variables(seen.Named(t, cronJobType, "b-database-roles"), inPod)
	for _, login := range postgres.Logins() {
		require.Contains(t, env, "PASSWORD_"+strings.ToUpper(login.Name))
	}
	require.Equal(t, cluster.StatusName, backup.StatusName)
	require.Equal(t, []any{
		"recover", "--yes", "--workload=backstage/backstage-backend", "--workload=developer-portal/portal-frontend", "--workload=developer-portal/websocket",
	}, seen.Named(t, cronJobType, "b-recovery").Input(inPod+"containers[0].args"))
}

func TestRolesAllowWhatTheKeeperDoesAndNoMore(t *testing.T) {
	seen := run(t)
	var read []string
	for _, rule := range seen.Named(t, roleType, "b-configuration-developer-portal").Input("rules").([]any) {
		rule := rule.(map[string]any)
		require.Equal(t, []any{"list"}, rule["verbs"])
		for _, resource := range rule["resources"].([]any) {
			read = append(read, rule["apiGroups"].([]any)[0].(string)+"/"+resource.(string))
		}
	}
	var kinds []string
	for _, kind := range cluster.Kinds() {
		kinds = append(kinds, kind.Group+"/"+kind.Resource)
	}
	require.ElementsMatch(t, kinds, read)
	require.False(t, slices.Contains(read, "/secrets"))

	status := seen.Named(t, roleType, "b-status")
	require.Equal(t, []any{map[string]any{
		"apiGroups": []any{""}, "resources": []any{"configmaps"}, "resourceNames": []any{"backup-status"}, "verbs": []any{"get", "patch"},
	}}, status.Input("rules"))
	require.Equal(t, []any{"portal-frontend", "websocket"}, seen.Named(t, roleType, "b-recovery-developer-portal").Input("rules[1].resourceNames"))
	require.Equal(t, "recovery", seen.Named(t, bindingType, "b-recovery-backstage").Input("subjects[0].name"))
	require.Nil(t, seen.Named(t, bindingType, "b-recovery-backstage").Input("subjects[1]"), "backups stop nothing")
}

func TestAccounts(t *testing.T) {
	seen := run(t)
	const role = `metadata.annotations["eks.amazonaws.com/role-arn"]`
	for account, arn := range map[string]any{"backup": "arn:role", "recovery": "arn:role", "database-roles": nil} {
		made := seen.Named(t, "kubernetes:core/v1:ServiceAccount", "b-"+account)
		require.Equal(t, arn, made.Input(role), account)
	}
	for job, token := range map[string]bool{"backup-database": true, "restore-drill": true, "database-roles": false} {
		require.Equal(t, token, seen.Named(t, cronJobType, "b-"+job).Input(inPod+"automountServiceAccountToken"), job)
	}
	require.Equal(t, []string{"data"}, seen.One(t, "kubernetes:core/v1:ConfigMap").IgnoreChanges, "the keeper's results stay")
}

// The Job is named by what it does: another image runs again, the same does not.
func TestLoginsJobIsNamedByWhatItDoes(t *testing.T) {
	name := func(change func(*backup.Args)) string {
		a := args()
		change(&a)
		seen, err := try(a)
		require.NoError(t, err)
		job := seen.One(t, jobType)
		require.Equal(t, "b-database-roles-now", job.Name)
		return job.Input("metadata.name").(string)
	}
	first := name(func(*backup.Args) {})
	require.Regexp(t, `^database-roles-[0-9a-f]{8}$`, first)
	require.Equal(t, first, name(func(a *backup.Args) { a.KeepDays = 1 }))
	require.NotEqual(t, first, name(func(a *backup.Args) { a.Image = pulumi.String("keeper:2") }))
	require.NotEqual(t, first, name(func(a *backup.Args) { a.Endpoint = pulumi.String("other:5432") }))
}

func TestBadSchedulesAreRefused(t *testing.T) {
	a := args()
	a.Schedules.Drill = "every monday"
	_, err := try(a)
	require.ErrorContains(t, err, "schedule restore-drill")
	require.ErrorContains(t, err, "write five cron fields")
}
