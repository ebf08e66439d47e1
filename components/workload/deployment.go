package workload

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

const (
	// reloadAnnotation lets Reloader roll the Deployment when a Secret that
	// its pods use has changed. It is told to leave ConfigMaps alone: pods
	// would roll twice.
	reloadAnnotation = "reloader.stakater.com/auto"
	// checksumAnnotation changes with the files of the ConfigMap, and with it
	// the pod template: so they roll too.
	checksumAnnotation = "checksum/config"
	// unawaitedAnnotation has Pulumi go on before the pods are ready, and
	// forceAnnotation has it take what another has set meanwhile (Pulumi,
	// "Kubernetes Provider: Annotations").
	unawaitedAnnotation = "pulumi.com/skipAwait"
	forceAnnotation     = "pulumi.com/patchForce"
)

// newDeployment replaces pods one by one, never with fewer than before
// (readiness guide, "Rolling Deployment"). It gives its description as text too.
func newDeployment(ctx *pulumi.Context, name string, args Args, slot Slot, opts ...pulumi.ResourceOption) (made *appsv1.Deployment, described pulumi.StringOutput, err error) {
	spec := args.podOf(slot)
	if args.Config != nil {
		annotations := pulumi.StringMap{}
		maps.Copy(annotations, spec.Annotations)
		annotations[checksumAnnotation] = args.Config.checksum()
		spec.Annotations = annotations
		spec.Mounts = append(slices.Clone(spec.Mounts), pod.Mount{Path: args.Config.Path, ConfigMap: args.configName()})
	}
	if args.Claim != nil {
		spec.Mounts = append(slices.Clone(spec.Mounts), args.Claim.mount())
	}
	template, err := pod.Template(spec)
	if err != nil {
		return nil, described, err
	}
	metadata := args.metadata(slot.suffix())
	annotations := pulumi.StringMap{reloadAnnotation: pulumi.String("true")}
	if args.Proved {
		annotations[unawaitedAnnotation], annotations[forceAnnotation] = pulumi.String("true"), pulumi.String("true")
	}
	metadata.Annotations = annotations
	deployment := appsv1.DeploymentSpecArgs{
		Selector: metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(args.selects(slot))},
		Strategy: appsv1.DeploymentStrategyArgs{
			Type:          pulumi.String("RollingUpdate"),
			RollingUpdate: appsv1.RollingUpdateDeploymentArgs{MaxSurge: pulumi.Int(1), MaxUnavailable: pulumi.Int(0)},
		},
		ProgressDeadlineSeconds: pulumi.Int(600), RevisionHistoryLimit: pulumi.Int(10),
		Template: template,
	}
	// Where there is an autoscaler the number is its own; said here too, every
	// up would undo what it did.
	if !args.Replicas.scaled() {
		deployment.Replicas = pulumi.Int(args.Replicas.Min)
	}
	made, err = appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{Metadata: metadata, Spec: deployment}, opts...)
	return made, pulumi.JSONMarshal(deployment), err
}

// fingerprint is the hash of descriptions. A hash tells nothing of the secrets that
// they may have.
func fingerprint(described []pulumi.StringOutput) pulumi.StringOutput {
	var all []any
	for _, each := range described {
		all = append(all, each)
	}
	hashed := pulumi.All(all...).ApplyT(func(texts []any) string {
		sum := sha256.New()
		for _, text := range texts {
			fmt.Fprintf(sum, "%q\n", text)
		}
		return hex.EncodeToString(sum.Sum(nil))[:10]
	})
	return pulumi.Unsecret(hashed).(pulumi.StringOutput)
}

// metadata names an object of the workload.
func (a Args) metadata(suffix string) metav1.ObjectMetaArgs {
	return a.named(a.Name + suffix)
}

func (a Args) named(name string) metav1.ObjectMetaArgs {
	return metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: a.Namespace.ToStringOutput().ToStringPtrOutput(),
		Labels: pulumi.ToStringMap(pod.Labels(a.Labels, a.Pod.App)),
	}
}
