// Package readiness runs the readiness checks in the cluster: a CronJob that
// judges the checklist, keeps each run in S3 and pushes it to the Pushgateway;
// with its account, what this may read, and where the systems are.
//
// What is judged is in the folder checks. The IAM role is made by identity, the
// bucket in the foundation, the alerts on the metrics in alerts.
package readiness

import (
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/robfig/cron/v3"

	"gatehouse/components/access"
	"gatehouse/components/component"
	"gatehouse/components/pod"
)

// App is the name of the CronJob and of its ServiceAccount, and the label `app`
// of its pods.
const App = "readiness"

// ConfigName is the ConfigMap that holds targets.yaml.
const ConfigName = "readiness-targets"

// folder is where the job sees the ConfigMap.
const folder = "/etc/gatehouse"

// Limits of the job's life.
const (
	// startingSeconds is how late a run may begin.
	startingSeconds = 1800
	keptJobs        = 3
	// limitMinutes is how long a run may take; what is missing then is UNKNOWN.
	// deadlineSeconds leaves time to keep and to push it.
	limitMinutes    = 10
	deadlineSeconds = 15 * 60
	// retries are of a run that could not run.
	retries = 2
)

// Args describes the job.
type Args struct {
	// Namespace is where it runs; NamespaceName is the same, known in plans.
	Namespace     pulumi.StringInput
	NamespaceName string
	// Labels say whose it is.
	Labels map[string]string
	// Image is that of gatehouse.
	Image pulumi.StringInput
	// RoleARN is the IAM role of the account.
	RoleARN pulumi.StringInput
	// Schedule is when it runs: five cron fields, UTC.
	Schedule string
	// Bucket and Prefix are where runs are kept; the prefix has no slash at its
	// ends.
	Bucket pulumi.StringInput
	Prefix string
	// Pushgateway is the URL that metrics are pushed to.
	Pushgateway string
	// Secret holds the passwords that Targets name as variables.
	Secret string
	// Targets are the systems.
	Targets Targets
	// Portal are the portal's own namespaces by name: only in them ConfigMaps
	// are listed.
	Portal map[string]pulumi.StringOutput
}

// Readiness is the job.
type Readiness struct {
	pulumi.ResourceState
	component.Parts
}

// New makes the job. It fails when the schedule is none.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Readiness, error) {
	r := &Readiness{}
	err := component.Register(ctx, "gatehouse:kubernetes:Readiness", name, r, func(child pulumi.ResourceOption) error {
		if _, err := cron.ParseStandard(args.Schedule); err != nil {
			return fmt.Errorf("schedule: %w; write five cron fields such as \"0 5 * * *\"", err)
		}
		_, err := access.NewAccount(ctx, name, access.AccountArgs{
			Name: App, Namespace: args.Namespace, Labels: args.Labels, RoleARN: args.RoleARN,
		}, child)
		if err != nil {
			return err
		}
		if err := newRoles(ctx, name, args, child); err != nil {
			return err
		}
		config, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
			Metadata: args.metadata(ConfigName), Data: pulumi.StringMap{"targets.yaml": args.Targets.yaml()},
		}, child)
		if err != nil {
			return err
		}
		return newCronJob(ctx, name, args, child, component.DependsOn(config))
	}, opts...)
	return r, err
}

func (a Args) metadata(name string) metav1.ObjectMetaArgs {
	return metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: a.Namespace.ToStringOutput().ToStringPtrOutput(), Labels: pulumi.ToStringMap(a.Labels),
	}
}

func newCronJob(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	template, err := pod.Template(pod.Spec{
		App: App, Labels: args.Labels, ServiceAccount: App, TokenMounted: true,
		Container: pod.Container{
			Image: args.Image, Args: args.command(), Env: args.env(),
			Mounts: []pod.Mount{{Path: folder, ConfigMap: ConfigName}},
			// Thousands of pods and what is made of them.
			Resources: pod.Resources{CPURequest: "100m", MemoryRequest: "256Mi", CPULimit: "1", MemoryLimit: "512Mi"},
		},
		Priority: pod.Batch, Restart: pod.Never,
	})
	if err != nil {
		return fmt.Errorf("make job %s: %w", App, err)
	}
	_, err = batchv1.NewCronJob(ctx, name, &batchv1.CronJobArgs{
		Metadata: args.metadata(App),
		Spec: batchv1.CronJobSpecArgs{
			Schedule: pulumi.String(args.Schedule), TimeZone: pulumi.String("Etc/UTC"),
			ConcurrencyPolicy:          pulumi.String("Forbid"),
			StartingDeadlineSeconds:    pulumi.Int(startingSeconds),
			SuccessfulJobsHistoryLimit: pulumi.Int(keptJobs), FailedJobsHistoryLimit: pulumi.Int(keptJobs),
			JobTemplate: batchv1.JobTemplateSpecArgs{
				Metadata: metav1.ObjectMetaArgs{Labels: pulumi.ToStringMap(pod.Labels(args.Labels, App))},
				Spec: batchv1.JobSpecArgs{
					Template: template, BackoffLimit: pulumi.Int(retries), ActiveDeadlineSeconds: pulumi.Int(deadlineSeconds),
					PodFailurePolicy: batchv1.PodFailurePolicyArgs{Rules: batchv1.PodFailurePolicyRuleArray{
						// A node that goes away says nothing about readiness.
						batchv1.PodFailurePolicyRuleArgs{
							Action: pulumi.String("Ignore"),
							OnPodConditions: batchv1.PodFailurePolicyOnPodConditionsPatternArray{
								batchv1.PodFailurePolicyOnPodConditionsPatternArgs{Type: pulumi.String("DisruptionTarget"), Status: pulumi.String("True")},
							},
						},
					}},
				},
			},
		},
	}, opts...)
	return err
}

// command is how gatehouse is called. That items fail is what the run is to
// find, and no failure of the Job: the metrics tell of it. A Job that failed
// could not judge.
func (a Args) command() []string {
	return []string{
		"check", "--targets=" + folder + "/targets.yaml", "--fail-on=never", fmt.Sprintf("--timeout=%dm", limitMinutes),
		"--history=s3://$(REPORTS_BUCKET)/" + a.Prefix, "--push=" + a.Pushgateway, "--output=text",
	}
}

func (a Args) env() []pod.Env {
	env := []pod.Env{
		{Name: "AWS_REGION", Value: pulumi.String(a.Targets.AWS.Region)},
		{Name: "REPORTS_BUCKET", Value: a.Bucket},
	}
	for _, variable := range a.Targets.variables() {
		env = append(env, pod.Env{Name: variable, Secret: pod.Key{Name: a.Secret, Key: variable}})
	}
	return env
}
