package backup

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// task is one job of the keeper.
type task struct {
	name, schedule string
	// account is the ServiceAccount; token says whether it talks to the
	// Kubernetes API.
	account string
	token   bool
	args    []string
	env     []pod.Env
	// minutes is how long it may take before Kubernetes ends it.
	minutes int
	// retries is how often a run that could not run is begun again. A run that
	// ended with 1, a failed drill, is not: it would fail again.
	retries int
	// suspended jobs wait until a person starts them.
	suspended bool
}

// The logins of PostgreSQL are keeper/postgres.Logins.
const (
	backupLogin = "backup"
	drillLogin  = "drill"
)

// loginsSchedule brings rotated passwords to PostgreSQL. External Secrets reads
// them hourly too; between the two, the old password is the one that works.
const loginsSchedule = "10 * * * *"

// never is the first of January: recoveries are suspended, but Kubernetes
// demands a schedule.
const never = "0 0 1 1 *"

// tasks is the table of the jobs. To add one, add a row.
func (a Args) tasks() []task {
	return []task{
		{
			name: "backup-database", schedule: a.Schedules.Database, account: backupAccount, token: true,
			args: []string{"backup", "database"}, env: append(a.archive(), a.login(backupLogin)...), minutes: 120, retries: 2,
		},
		{
			name: "backup-configuration", schedule: a.Schedules.Configuration, account: backupAccount, token: true,
			args: append([]string{"backup", "configuration"}, flags("--namespace", a.namespaces())...), env: a.archive(), minutes: 15, retries: 2,
		},
		{
			// The rest of the arguments is the instance, which is not known here.
			name: "backup-base", schedule: a.Schedules.Base, account: backupAccount, token: true,
			args: []string{"backup", "base", "--method=snapshot", "--instance=$(RDS_INSTANCE)", "--keep-days=" + strconv.Itoa(a.KeepDays)},
			env:  append(a.archive(), pod.Env{Name: "RDS_INSTANCE", Value: a.Instance}), minutes: 240, retries: 1,
		},
		{
			name: "restore-drill", schedule: a.Schedules.Drill, account: backupAccount, token: true,
			args: []string{"drill", fmt.Sprintf("--max-age=%dh", a.MaxAgeHours), fmt.Sprintf("--max-duration=%dm", a.DrillMaxMinutes)},
			// Slower than promised is a finding, and to be told it must end.
			env: append(a.archive(), a.login(drillLogin)...), minutes: 3 * a.DrillMaxMinutes, retries: 1,
		},
		a.loginsTask(),
		{
			name: "recovery", schedule: never, account: recoveryAccount, token: true, suspended: true,
			args: append([]string{"recover", "--yes"}, flags("--workload", a.workloads())...),
			env:  append(a.archive(), a.master()...), minutes: 240,
		},
	}
}

// loginsTask makes PostgreSQL's logins and sets rotated passwords.
func (a Args) loginsTask() task {
	env := a.master()
	for _, login := range []string{"backstage", backupLogin, drillLogin, "monitor", "portal"} {
		env = append(env, a.secret(password(login), password(login)))
	}
	return task{name: "database-roles", schedule: loginsSchedule, account: loginsAccount, args: []string{"roles"}, env: env, minutes: 10, retries: 4}
}

func password(login string) string { return "PASSWORD_" + strings.ToUpper(login) }

func flags(name string, values []string) []string {
	var all []string
	for _, value := range values {
		all = append(all, name+"="+value)
	}
	return all
}

func (a Args) namespaces() []string { return slices.Sorted(maps.Keys(a.Recovers)) }

// workloads are in the order in which they start: Backstage's namespace comes
// before the portal's, which needs it.
func (a Args) workloads() []string {
	var all []string
	for _, namespace := range a.namespaces() {
		for _, deployment := range a.Recovers[namespace].Deployments {
			all = append(all, namespace+"/"+deployment)
		}
	}
	return all
}

// archive is where backups go and what is told of them.
func (a Args) archive() []pod.Env {
	text := func(value string) pulumi.StringInput { return pulumi.String(value) }
	return []pod.Env{
		{Name: "AWS_REGION", Value: text(a.Region)},
		{Name: "KEEPER_BUCKET", Value: a.Bucket},
		{Name: "KEEPER_KMS_KEY", Value: a.KeyARN},
		{Name: "KEEPER_PUSHGATEWAY", Value: text(a.Pushgateway)},
		{Name: "KEEPER_STATUS_NAMESPACE", Value: text(a.NamespaceName)},
	}
}

// certificates are RDS's certificate authorities in the keeper's image.
const certificates = "/etc/ssl/certs/rds-global-bundle.pem"

func (a Args) server() []pod.Env {
	part := func(i int) pulumi.StringInput {
		return a.Endpoint.ToStringOutput().ApplyT(func(endpoint string) string {
			host, port, _ := strings.Cut(endpoint, ":")
			return []string{host, port}[i]
		}).(pulumi.StringOutput)
	}
	return []pod.Env{
		{Name: "PGHOST", Value: part(0)},
		{Name: "PGPORT", Value: part(1)},
		{Name: "PGSSLMODE", Value: pulumi.String("verify-full")},
		{Name: "PGSSLROOTCERT", Value: pulumi.String(certificates)},
	}
}

func (a Args) login(login string) []pod.Env {
	return append(a.server(), pod.Env{Name: "PGUSER", Value: pulumi.String(login)}, a.secret("PGPASSWORD", password(login)))
}

func (a Args) master() []pod.Env {
	return append(a.server(), a.secret("PGUSER", "MASTER_USERNAME"), a.secret("PGPASSWORD", "MASTER_PASSWORD"))
}

// secret names one key: a job sees no password but its own.
func (a Args) secret(variable, key string) pod.Env {
	return pod.Env{Name: variable, Secret: pod.Key{Name: a.Secret, Key: key}}
}
