package kubernetes

import (
	"testing"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	k8smetav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/sandbox/sandboxtest"
)

// An ignored annotation of a Job's template makes no difference to a Job that is
// there, and a new Job has its new value: how Jobs are told who asked for them.
func TestAnIgnoredNoteOfAJob(t *testing.T) {
	p := liveProvider(t)
	name, who := "job-1", "alice"
	stack := inlineStack(t, func(ctx *pulumi.Context) error {
		on, err := kubernetes.NewProvider(ctx, "sandbox", &kubernetes.ProviderArgs{
			Kubeconfig: pulumi.String(sandboxtest.Kubernetes(t)), ClusterIdentifier: pulumi.String("sandbox"), EnablePatchForce: pulumi.Bool(true),
		})
		if err != nil {
			return err
		}
		_, err = batchv1.NewJob(ctx, "job", &batchv1.JobArgs{
			Metadata: metav1.ObjectMetaArgs{
				Name: pulumi.String(name), Namespace: pulumi.String(p.namespace),
				Annotations: pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")},
			},
			Spec: batchv1.JobSpecArgs{Template: corev1.PodTemplateSpecArgs{
				Metadata: metav1.ObjectMetaArgs{
					Labels: pulumi.StringMap{"app": pulumi.String("job")}, Annotations: pulumi.StringMap{"gatehouse/requested-by": pulumi.String(who)},
				},
				Spec: corev1.PodSpecArgs{RestartPolicy: pulumi.String("Never"), Containers: corev1.ContainerArray{corev1.ContainerArgs{
					Name: pulumi.String("job"), Image: pulumi.String("registry.k8s.io/pause:3.10"),
				}}},
			}},
		}, pulumi.Provider(on), pulumi.IgnoreChanges([]string{`spec.template.metadata.annotations["gatehouse/requested-by"]`}))
		return err
	})
	up := func() map[string]int {
		done, err := stack.Up(t.Context())
		require.NoError(t, err)
		return *done.Summary.ResourceChanges
	}
	asked := func() string {
		job, err := p.others.BatchV1().Jobs(p.namespace).Get(t.Context(), name, k8smetav1.GetOptions{})
		require.NoError(t, err)
		return job.Spec.Template.Annotations["gatehouse/requested-by"]
	}
	require.Equal(t, 3, up()["create"])
	require.Equal(t, "alice", asked())
	who = "bob"
	require.Equal(t, map[string]int{"same": 3}, up())
	require.Equal(t, "alice", asked())
	name = "job-2"
	require.Equal(t, 1, up()["replace"])
	require.Equal(t, "bob", asked())
}
