package kubernetes

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	core "k8s.io/api/core/v1"
	k8smetav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"gatehouse/sandbox/sandboxtest"
)

// refusal is what the container says of itself when it ends.
const refusal = "refused: licence AGPL-3.0-only is not allowed"

// ends plays the kubelet for a Job's pods, which no node takes: each ends at once
// with the code that is set.
func (l live) ends(t *testing.T, code *atomic.Int32) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	t.Cleanup(func() { cancel(); <-done })
	go func() {
		defer close(done)
		_ = wait.PollUntilContextCancel(ctx, 50*time.Millisecond, true, func(ctx context.Context) (bool, error) {
			pods, err := l.others.CoreV1().Pods(l.namespace).List(ctx, k8smetav1.ListOptions{LabelSelector: "job-name"})
			if err != nil {
				return false, nil //nolint:nilerr // the next look tries again
			}
			for _, pod := range pods.Items {
				if pod.Status.Phase != core.PodPending {
					continue
				}
				ended := core.ContainerStateTerminated{ExitCode: code.Load(), Reason: "Completed"}
				pod.Status.Phase = core.PodSucceeded
				if ended.ExitCode != 0 {
					pod.Status.Phase, ended.Reason, ended.Message = core.PodFailed, "Error", refusal
				}
				pod.Status.ContainerStatuses = []core.ContainerStatus{{
					Name: "installer", Image: "x", State: core.ContainerState{Terminated: &ended},
				}}
				_, _ = l.others.CoreV1().Pods(l.namespace).UpdateStatus(ctx, &pod, k8smetav1.UpdateOptions{}) // or the next look
			}
			return false, nil
		})
	}()
}

// A Job that failed says which pod, which container, how and why; the next up runs it
// anew, and one that is done is left alone.
func TestAFailedJobRunsAgainOnTheNextUp(t *testing.T) {
	p := liveProvider(t)
	var code atomic.Int32
	p.ends(t, &code)
	stack := inlineStack(t, func(ctx *pulumi.Context) error {
		on, err := kubernetes.NewProvider(ctx, "sandbox", &kubernetes.ProviderArgs{
			Kubeconfig: pulumi.String(sandboxtest.Kubernetes(t)), ClusterIdentifier: pulumi.String("sandbox"),
		})
		if err != nil {
			return err
		}
		_, err = batchv1.NewJob(ctx, "stage", &batchv1.JobArgs{
			Metadata: metav1.ObjectMetaArgs{
				Name: pulumi.String("plugin-stage-x-0123456789"), Namespace: pulumi.String(p.namespace),
				Annotations: pulumi.StringMap{annotationReplace: pulumi.String("true")},
			},
			Spec: batchv1.JobSpecArgs{
				BackoffLimit: pulumi.Int(4),
				PodFailurePolicy: batchv1.PodFailurePolicyArgs{Rules: batchv1.PodFailurePolicyRuleArray{
					batchv1.PodFailurePolicyRuleArgs{
						Action: pulumi.String("FailJob"),
						OnExitCodes: batchv1.PodFailurePolicyOnExitCodesRequirementArgs{
							Operator: pulumi.String("In"), Values: pulumi.IntArray{pulumi.Int(1), pulumi.Int(2)},
						},
					},
				}},
				Template: corev1.PodTemplateSpecArgs{Spec: corev1.PodSpecArgs{
					RestartPolicy: pulumi.String("Never"),
					NodeSelector:  pulumi.StringMap{"disk": pulumi.String("none")},
					Containers: corev1.ContainerArray{corev1.ContainerArgs{
						Name: pulumi.String("installer"), Image: pulumi.String("registry.k8s.io/pause:3.10"),
					}},
				}},
			},
		}, pulumi.Provider(on))
		return err
	})
	for range 2 { // again and again, as long as it is refused
		code.Store(1)
		_, err := stack.Up(t.Context())
		require.ErrorContains(t, err, "Job "+p.namespace+"/plugin-stage-x-0123456789 failed: PodFailurePolicy")
		require.ErrorContains(t, err, "pod plugin-stage-x-0123456789-")
		require.ErrorContains(t, err, "container installer exited with 1 Error "+refusal)
	}
	code.Store(0)
	up, err := stack.Up(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]int{"same": 2, "replace": 1}, *up.Summary.ResourceChanges)
	up, err = stack.Up(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]int{"same": 3}, *up.Summary.ResourceChanges)
}

// An update that was interrupted left a state in which the Job still runs. What it has
// become since counts.
func TestAJobThatEndedAfterItsUpdate(t *testing.T) {
	p := liveProvider(t)
	var code atomic.Int32
	program := props(map[string]any{
		"metadata": map[string]any{
			"name": "late", "namespace": p.namespace, "annotations": map[string]any{annotationReplace: "true"},
		},
		"spec": map[string]any{"backoffLimit": 0, "template": map[string]any{"spec": map[string]any{
			"restartPolicy": "Never", "nodeSelector": map[string]any{"disk": "none"},
			"containers": []any{map[string]any{"name": "installer", "image": "registry.k8s.io/pause:3.10"}},
		}}},
	})
	job := resourceOf(t, p, "kubernetes:batch/v1:Job", "late")
	job.timeout = 2 * time.Second
	_, err := job.tryCreate(program, false)
	require.ErrorContains(t, err, "0 of 1 pods succeeded")
	kept := initFailed(t, err)
	job.id, job.inputs = resource.ID(kept.GetId()), job.valid(program)
	job.state, err = plugin.UnmarshalProperties(kept.GetProperties(), plugin.MarshalOptions{KeepSecrets: true})
	require.NoError(t, err)

	code.Store(3)
	p.ends(t, &code)
	require.Eventually(t, func() bool {
		live, err := p.others.BatchV1().Jobs(p.namespace).Get(t.Context(), "late", k8smetav1.GetOptions{})
		return err == nil && live.Status.Failed == 1 && len(live.Status.Conditions) > 0
	}, 30*time.Second, 50*time.Millisecond)
	require.True(t, job.diff(program).Replace(), "the state knows nothing of it")

	code.Store(0)
	job.timeout = time.Minute
	job.delete()
	job.create(program)
	require.Equal(t, plugin.DiffNone, job.diff(program).Changes, "it is complete")
	job.delete()
	require.Equal(t, plugin.DiffNone, job.diff(program).Changes, "one that is gone is none")
}
