// Package backup runs the keeper in the cluster: CronJobs that back up the
// databases, the configuration and the server, the restore drill, the logins of
// PostgreSQL, and a recovery that waits for a person; with their accounts, what
// these may do, and the ConfigMap that tells of the last runs.
//
// What the keeper does is in the folder keeper. The bucket, the keys and the
// IAM role are made in the earlier layers, the alerts on the keeper's metrics
// in alerts.
package backup

import (
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/robfig/cron/v3"

	"gatehouse/components/component"
)

// App is the `app` label of the keeper's pods.
const App = "keeper"

// StatusName is the ConfigMap that holds each task's last result.
const StatusName = "backup-status"

// Args describes the jobs.
type Args struct {
	// Namespace is where they run; NamespaceName is the same, known in plans.
	Namespace     pulumi.StringInput
	NamespaceName string
	// Labels say whose they are.
	Labels map[string]string
	// Image is the keeper's.
	Image pulumi.StringInput
	// RoleARN is the IAM role of the accounts backup and recovery.
	RoleARN pulumi.StringInput
	// Region, Bucket and KeyARN are where backups go.
	Region         string
	Bucket, KeyARN pulumi.StringInput
	// Endpoint is host:port of the primary, Instance its RDS identifier.
	Endpoint, Instance pulumi.StringInput
	// Secret holds the logins' passwords under PASSWORD_LOGIN and the master's
	// under MASTER_USERNAME and MASTER_PASSWORD.
	Secret string
	// Pushgateway is the URL that metrics are pushed to.
	Pushgateway string
	// Schedules are when the jobs run.
	Schedules Schedules
	// KeepDays is when the keeper's own RDS snapshots are deleted; MaxAgeHours
	// and DrillMaxMinutes are what the drill demands.
	KeepDays, MaxAgeHours, DrillMaxMinutes int
	// Recovers are the Deployments that a recovery stops, by namespace. Their
	// namespaces are those whose configuration is backed up.
	Recovers map[string]Recovers
}

// Recovers is what a recovery stops in one namespace.
type Recovers struct {
	Namespace   pulumi.StringInput
	Deployments []string
}

// Schedules are five cron fields each, UTC.
type Schedules struct{ Database, Configuration, Base, Drill string }

// Backup is the jobs.
type Backup struct {
	pulumi.ResourceState
	component.Parts

	// Logins is the Job that makes PostgreSQL's logins; what connects may wait
	// for it.
	Logins *batchv1.Job
}

// New makes the jobs.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Backup, error) {
	b := &Backup{}
	err := component.Register(ctx, "gatehouse:kubernetes:Backup", name, b, func(child pulumi.ResourceOption) error {
		for _, task := range args.tasks() {
			if _, err := cron.ParseStandard(task.schedule); err != nil {
				return fmt.Errorf("schedule %s: %w; write five cron fields such as \"0 */6 * * *\"", task.name, err)
			}
		}
		if err := newAccounts(ctx, name, args, child); err != nil {
			return err
		}
		// The keeper writes the data; Pulumi must not undo that.
		status, err := corev1.NewConfigMap(ctx, name+"-status", &corev1.ConfigMapArgs{
			Metadata: args.metadata(StatusName),
		}, child, pulumi.IgnoreChanges([]string{"data"}))
		if err != nil {
			return err
		}
		for _, task := range args.tasks() {
			if err := newCronJob(ctx, name, args, task, child, component.DependsOn(status)); err != nil {
				return fmt.Errorf("make job %s: %w", task.name, err)
			}
		}
		b.Logins, err = newLoginsJob(ctx, name, args, child)
		return err
	}, opts...)
	return b, err
}

func (a Args) metadata(name string) metav1.ObjectMetaArgs {
	return metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: a.Namespace.ToStringOutput().ToStringPtrOutput(), Labels: pulumi.ToStringMap(a.Labels),
	}
}
