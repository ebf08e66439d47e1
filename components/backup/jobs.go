package backup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// Limits of the jobs' lives.
const (
	// startingSeconds is how late a run may begin, e.g. after the control plane
	// was away; later, the next one is soon enough.
	startingSeconds = 1800
	// keptJobs are how many ended runs of a kind are kept for their logs.
	keptJobs = 3
	// graceSeconds are for dropping scratch databases, aborting an upload and
	// telling of it.
	graceSeconds = 90
	// drillFailed is the keeper's exit code of a drill that ran and failed.
	drillFailed = 1
)

func newCronJob(ctx *pulumi.Context, name string, args Args, t task, opts ...pulumi.ResourceOption) error {
	spec, err := args.job(t)
	if err != nil {
		return err
	}
	_, err = batchv1.NewCronJob(ctx, name+"-"+t.name, &batchv1.CronJobArgs{
		Metadata: args.metadata(t.name),
		Spec: batchv1.CronJobSpecArgs{
			Schedule: pulumi.String(t.schedule), TimeZone: pulumi.String("Etc/UTC"),
			ConcurrencyPolicy:          pulumi.String("Forbid"),
			StartingDeadlineSeconds:    pulumi.Int(startingSeconds),
			SuccessfulJobsHistoryLimit: pulumi.Int(keptJobs), FailedJobsHistoryLimit: pulumi.Int(keptJobs),
			Suspend:     pulumi.Bool(t.suspended),
			JobTemplate: batchv1.JobTemplateSpecArgs{Metadata: metav1.ObjectMetaArgs{Labels: pulumi.ToStringMap(pod.Labels(args.Labels, App))}, Spec: spec},
		},
	}, opts...)
	return err
}

// newLoginsJob runs once for every keeper: its name is the hash of what it
// does, since a Job cannot change.
func newLoginsJob(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*batchv1.Job, error) {
	t := args.loginsTask()
	spec, err := args.job(t)
	if err != nil {
		return nil, fmt.Errorf("make job %s: %w", t.name, err)
	}
	metadata := args.metadata("")
	metadata.Labels = pulumi.ToStringMap(pod.Labels(args.Labels, App))
	metadata.Name = pulumi.All(args.Image, args.Endpoint, t.args).ApplyT(func(does []any) *string {
		sum := sha256.Sum256([]byte(fmt.Sprint(does...)))
		named := t.name + "-" + hex.EncodeToString(sum[:])[:8]
		return &named
	}).(pulumi.StringPtrOutput)
	// One that failed is made anew, not only awaited again.
	metadata.Annotations = pulumi.StringMap{"pulumi.com/replaceUnready": pulumi.String("true")}
	return batchv1.NewJob(ctx, name+"-"+t.name+"-now", &batchv1.JobArgs{Metadata: metadata, Spec: spec}, opts...)
}

func (a Args) job(t task) (batchv1.JobSpecArgs, error) {
	template, err := pod.Template(pod.Spec{
		App: App, Labels: a.Labels, ServiceAccount: t.account, TokenMounted: t.token,
		Container: pod.Container{
			Image: a.Image, Args: t.args, Env: t.env,
			// 32 MiB of an upload, and PostgreSQL's programs.
			Resources: pod.Resources{CPURequest: "100m", MemoryRequest: "256Mi", CPULimit: "1", MemoryLimit: "512Mi"},
		},
		Priority: pod.Batch, Restart: pod.Never, GraceSeconds: graceSeconds,
	})
	if err != nil {
		return batchv1.JobSpecArgs{}, err
	}
	return batchv1.JobSpecArgs{
		Template: template, BackoffLimit: pulumi.Int(t.retries), ActiveDeadlineSeconds: pulumi.Int(60 * t.minutes),
		PodFailurePolicy: batchv1.PodFailurePolicyArgs{Rules: batchv1.PodFailurePolicyRuleArray{
			// A node that goes away says nothing about the backup.
			batchv1.PodFailurePolicyRuleArgs{
				Action: pulumi.String("Ignore"),
				OnPodConditions: batchv1.PodFailurePolicyOnPodConditionsPatternArray{
					batchv1.PodFailurePolicyOnPodConditionsPatternArgs{Type: pulumi.String("DisruptionTarget"), Status: pulumi.String("True")},
				},
			},
			batchv1.PodFailurePolicyRuleArgs{
				Action: pulumi.String("FailJob"),
				OnExitCodes: batchv1.PodFailurePolicyOnExitCodesRequirementArgs{
					ContainerName: pulumi.String(App), Operator: pulumi.String("In"), Values: pulumi.IntArray{pulumi.Int(drillFailed)},
				},
			},
		}},
	}, nil
}
