package kubernetes

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestNotReadyInTimeSaysWhy(t *testing.T) {
	p := liveProvider(t)
	program := with(t, deployment(p.namespace), "spec.template.spec.nodeSelector", map[string]any{"disk": "none"})
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	web.timeout = 3 * time.Second

	_, err := web.tryCreate(program, false)
	require.ErrorContains(t, err, "0 of 2 replicas available")
	require.ErrorContains(t, err, "node affinity", "what the scheduler says")
	kept := initFailed(t, err)
	require.Equal(t, p.namespace+"/web", kept.GetId(), "the engine keeps what is there")
	require.NotEmpty(t, kept.GetProperties().GetFields()["metadata"])

	web.timeout = time.Minute
	web.id, web.inputs, web.state = resource.ID(kept.GetId()), web.valid(program), props(map[string]any{})
	web.update(deployment(p.namespace))

	skip := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "skip")
	skip.create(with(t, with(t, program, "metadata.name", "skip"), `metadata.annotations["pulumi.com/skipAwait"]`, "true"))
}

func initFailed(t *testing.T, err error) *pulumirpc.ErrorResourceInitFailed {
	t.Helper()
	told, ok := rpcerror.FromError(err)
	require.True(t, ok)
	require.Len(t, told.Details(), 1)
	return told.Details()[0].(*pulumirpc.ErrorResourceInitFailed)
}

func TestJobs(t *testing.T) {
	p := liveProvider(t)
	job := func(name string) resource.PropertyMap {
		return props(map[string]any{
			"metadata": map[string]any{"name": name, "namespace": p.namespace},
			"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
				"restartPolicy": "Never",
				"containers":    []any{map[string]any{"name": "work", "image": "registry.k8s.io/pause:3.10"}},
			}}},
		})
	}
	good := resourceOf(t, p, "kubernetes:batch/v1:Job", "good")
	good.create(job("good"))
	require.Equal(t, 1.0, good.state["status"].ObjectValue()["succeeded"].NumberValue())
	require.Empty(t, good.refresh(job("good")))

	late := with(t, with(t, job("late"), "spec.activeDeadlineSeconds", 1), "spec.template.spec.nodeSelector", map[string]any{"disk": "none"})
	bad := resourceOf(t, p, "kubernetes:batch/v1:Job", "late")
	_, err := bad.tryCreate(late, false)
	require.ErrorContains(t, err, "DeadlineExceeded")
	require.ErrorContains(t, err, "pulumi.com/replaceUnready")
	kept := initFailed(t, err)
	bad.id, bad.inputs = resource.ID(kept.GetId()), bad.valid(late)
	bad.state, err = plugin.UnmarshalProperties(kept.GetProperties(), plugin.MarshalOptions{KeepSecrets: true})
	require.NoError(t, err)

	require.Equal(t, plugin.DiffNone, bad.diff(late).Changes)
	again := with(t, late, `metadata.annotations["pulumi.com/replaceUnready"]`, "true")
	diff := bad.diff(again)
	require.True(t, diff.Replace())
	require.True(t, diff.DeleteBeforeReplace)
}

func TestNamespaceIsGoneWhenDeleteReturns(t *testing.T) {
	p := liveProvider(t)
	space := resourceOf(t, p, "kubernetes:core/v1:Namespace", "brief")
	space.create(props(map[string]any{}))
	inside := resourceOf(t, p, "kubernetes:core/v1:ConfigMap", "inside")
	inside.create(props(map[string]any{"metadata": map[string]any{"namespace": string(space.id)}, "data": map[string]any{"a": "1"}}))
	space.delete()
	_, err := p.others.CoreV1().Namespaces().Get(t.Context(), string(space.id), metav1.GetOptions{})
	require.True(t, apierrors.IsNotFound(err))
	require.Empty(t, inside.read().ID)
}

func TestDeleteSaysWhatHoldsItBack(t *testing.T) {
	p := liveProvider(t)
	held := resourceOf(t, p, "kubernetes:core/v1:ConfigMap", "held")
	held.create(props(map[string]any{"metadata": map[string]any{"namespace": p.namespace, "finalizers": []any{"example.com/hold"}}}))
	_, err := p.Delete(t.Context(), plugin.DeleteRequest{
		URN: held.urn, Type: held.urn.Type(), ID: held.id,
		Inputs: held.inputs, Outputs: held.state, Timeout: 1,
	})
	require.ErrorContains(t, err, "example.com/hold")
	_, name := splitID(held.id)
	_, err = p.others.CoreV1().ConfigMaps(p.namespace).Patch(t.Context(), name, types.MergePatchType,
		[]byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	held.delete()
}

func TestCancelEndsTheWaiting(t *testing.T) {
	p := liveProvider(t)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	program := with(t, deployment(p.namespace), "spec.template.spec.nodeSelector", map[string]any{"disk": "none"})
	checked := web.valid(program)
	ended := make(chan error, 1)
	go func() {
		_, err := p.Create(t.Context(), plugin.CreateRequest{URN: web.urn, Type: web.urn.Type(), Properties: checked, Timeout: 300})
		ended <- err
	}()
	require.Eventually(t, func() bool {
		_, err := p.others.AppsV1().Deployments(p.namespace).Get(t.Context(), "web", metav1.GetOptions{})
		return err == nil
	}, 10*time.Second, 20*time.Millisecond)
	require.NoError(t, p.SignalCancellation(t.Context()))
	select {
	case err := <-ended:
		require.ErrorContains(t, err, "context canceled")
	case <-time.After(10 * time.Second):
		t.Fatal("the create goes on after the engine cancelled it")
	}
}

func TestStatefulSetAndDaemonSet(t *testing.T) {
	p := liveProvider(t)
	for _, kind := range []string{"StatefulSet", "DaemonSet"} {
		program := without(t, deployment(p.namespace), "spec.replicas")
		if kind == "StatefulSet" {
			program = with(t, program, "spec.serviceName", "web")
		}
		set := resourceOf(t, p, "kubernetes:apps/v1:"+kind, "web")
		set.create(program)
		require.Empty(t, set.refresh(program), kind)
		set.update(with(t, program, "spec.template.spec.containers[0].image", "registry.k8s.io/pause:3.9"))
		set.delete()
	}
}

func TestDeletedWhileWaitedFor(t *testing.T) {
	p := liveProvider(t)
	web := resourceOf(t, p, "kubernetes:apps/v1:Deployment", "web")
	checked := web.valid(with(t, deployment(p.namespace), "spec.template.spec.nodeSelector", map[string]any{"disk": "none"}))
	ended := make(chan error, 1)
	go func() {
		_, err := p.Create(t.Context(), plugin.CreateRequest{URN: web.urn, Type: web.urn.Type(), Properties: checked, Timeout: 300})
		ended <- err
	}()
	require.Eventually(t, func() bool {
		return p.others.AppsV1().Deployments(p.namespace).Delete(t.Context(), "web", metav1.DeleteOptions{}) == nil
	}, 10*time.Second, 20*time.Millisecond)
	require.ErrorContains(t, <-ended, "deleted meanwhile")
}
