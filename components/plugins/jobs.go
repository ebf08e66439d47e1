package plugins

import (
	"fmt"
	"maps"
	"slices"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// Limits of the Jobs' lives.
const (
	// retries are of what could not be done or not be known, such as when the
	// registry does not answer.
	retries = 3
	// startingSeconds is how late a run of the CronJob may begin.
	startingSeconds = 1800
	// keptJobs are how many ended runs of it are kept for their logs.
	keptJobs = 3
)

// The installer's exit codes that another try does not change: what a rule
// refuses, and a wrong request.
var final = []int{1, 2}

// newJob makes a Job that runs once for its name. One that failed is made anew by
// the next up, not only awaited again.
func newJob(ctx *pulumi.Context, name string, args Args, k kind, step Step, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	spec, err := args.job(k, step.Env, args.Notes)
	if err != nil {
		return nil, fmt.Errorf("make job %s: %w", step.Name, err)
	}
	metadata := args.metadata(step.Name, App)
	metadata.Labels = pulumi.ToStringMap(args.labels(k))
	annotations := pulumi.StringMap{"pulumi.com/replaceUnready": pulumi.String("true")}
	if step.Plugin != "" {
		annotations["gatehouse/plugin"] = pulumi.String(step.Plugin)
	}
	metadata.Annotations = annotations
	opts = append(opts, pulumi.IgnoreChanges(args.ignored()), pulumi.Timeouts(&pulumi.CustomTimeouts{Create: k.timeout().String(), Update: k.timeout().String()}))
	return batchv1.NewJob(ctx, name, &batchv1.JobArgs{Metadata: metadata, Spec: spec}, opts...)
}

func newCronJob(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	spec, err := args.job(maintain, args.Maintain, nil)
	if err != nil {
		return fmt.Errorf("make job %s: %w", App, err)
	}
	_, err = batchv1.NewCronJob(ctx, name+"-maintain", &batchv1.CronJobArgs{
		Metadata: args.metadata(App, App),
		Spec: batchv1.CronJobSpecArgs{
			Schedule: pulumi.String(args.Schedule), TimeZone: pulumi.String("Etc/UTC"),
			ConcurrencyPolicy:          pulumi.String("Forbid"),
			StartingDeadlineSeconds:    pulumi.Int(startingSeconds),
			SuccessfulJobsHistoryLimit: pulumi.Int(keptJobs), FailedJobsHistoryLimit: pulumi.Int(keptJobs),
			Suspend: pulumi.Bool(false),
			JobTemplate: batchv1.JobTemplateSpecArgs{
				Metadata: metav1.ObjectMetaArgs{Labels: pulumi.ToStringMap(args.labels(maintain))}, Spec: spec,
			},
		},
	}, opts...)
	return err
}

// ignored are the paths of the notes. Pulumi takes what they were when a Job is there,
// and what they are now when it makes one.
func (a Args) ignored() []string {
	var paths []string
	for _, key := range slices.Sorted(maps.Keys(a.Notes)) {
		paths = append(paths, fmt.Sprintf("spec.template.metadata.annotations[%q]", key))
	}
	return paths
}

// labels are those of a kind's Jobs and pods.
func (a Args) labels(k kind) map[string]string {
	labels := maps.Clone(a.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	labels[jobLabel] = jobValue
	if k.asksPortal {
		labels[needsLabel] = needsValue
	}
	return pod.Labels(labels, App)
}

// job is a Job of a kind. A proxy of the mesh is no hindrance to its end: it is
// an init container that goes on (components/mesh), which Kubernetes ends itself.
func (a Args) job(k kind, env []pod.Env, notes map[string]string) (batchv1.JobSpecArgs, error) {
	mounts := []pod.Mount{{Path: Volume, Claim: a.Claim}}
	if k.judges && a.TrustedRoot != "" {
		mounts = append(mounts, pod.Mount{Path: trustedRootFolder, ConfigMap: trustedRootName})
	}
	var annotations pulumi.StringMap
	if notes != nil {
		annotations = pulumi.ToStringMap(notes)
	}
	template, err := pod.Template(pod.Spec{
		App: App, Labels: a.labels(k), Annotations: annotations, ServiceAccount: App, TokenMounted: true,
		Container: pod.Container{
			Image: a.Image, Args: []string{k.command}, Env: slices.Concat(a.Settings, env), Mounts: mounts, Resources: k.resources,
		},
		Priority: pod.Batch, Restart: pod.Never, Place: k.place, TmpSize: k.tmp, GraceSeconds: int(k.grace.Seconds()),
	})
	if err != nil {
		return batchv1.JobSpecArgs{}, err
	}
	return batchv1.JobSpecArgs{
		Template: template, BackoffLimit: pulumi.Int(retries), ActiveDeadlineSeconds: pulumi.Int(int(k.limit.Seconds())),
		PodFailurePolicy: batchv1.PodFailurePolicyArgs{Rules: batchv1.PodFailurePolicyRuleArray{
			// A node that goes away says nothing about the plugin.
			batchv1.PodFailurePolicyRuleArgs{
				Action: pulumi.String("Ignore"),
				OnPodConditions: batchv1.PodFailurePolicyOnPodConditionsPatternArray{
					batchv1.PodFailurePolicyOnPodConditionsPatternArgs{Type: pulumi.String("DisruptionTarget"), Status: pulumi.String("True")},
				},
			},
			batchv1.PodFailurePolicyRuleArgs{
				Action: pulumi.String("FailJob"),
				OnExitCodes: batchv1.PodFailurePolicyOnExitCodesRequirementArgs{
					ContainerName: pulumi.String(App), Operator: pulumi.String("In"), Values: pulumi.ToIntArray(final),
				},
			},
		}},
	}, nil
}
