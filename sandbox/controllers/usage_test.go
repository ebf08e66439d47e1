package controllers_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"

	"gatehouse/sandbox/controllers"
	"gatehouse/sandbox/sandboxtest"
)

const scaledDeployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: none, resources: {requests: {cpu: 200m, memory: 100Mi}}}`

const scaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]`

// scaling is the status of the condition ScalingActive, with its reason.
func scaling(object *unstructured.Unstructured) string {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, each := range conditions {
		if condition := each.(map[string]any); condition["type"] == "ScalingActive" {
			return condition["status"].(string) + " " + condition["reason"].(string)
		}
	}
	return ""
}

func TestAutoscalersHaveMetricsToGoBy(t *testing.T) {
	b := newBench(t)
	b.create("apps", "v1", "deployments", scaledDeployment)
	b.create("autoscaling", "v2", "horizontalpodautoscalers", scaler)
	b.until("autoscaling", "v2", "horizontalpodautoscalers", "web", func(o *unstructured.Unstructured) bool {
		return scaling(o) == "False FailedGetResourceMetric"
	})

	config, err := clientcmd.BuildConfigFromFlags("", sandboxtest.Kubernetes(t))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- controllers.Run(ctx, config, controllers.Options{Usage: true}) }()
	live := b.until("autoscaling", "v2", "horizontalpodautoscalers", "web", func(o *unstructured.Unstructured) bool {
		return scaling(o) == "True ValidMetricFound"
	})
	replicas, _, err := unstructured.NestedInt64(live.Object, "status", "desiredReplicas")
	require.NoError(t, err)
	require.EqualValues(t, 2, replicas, "it must not add pods")

	all, err := b.resource("metrics.k8s.io", "v1beta1", "pods").List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	require.Len(t, all.Items, 2)
	containers, _, err := unstructured.NestedSlice(all.Items[0].Object, "containers")
	require.NoError(t, err)
	require.Equal(t, []any{map[string]any{"name": "web", "usage": map[string]any{"cpu": "60m", "memory": "30Mi"}}}, containers)

	require.NoError(t, b.resource("apps", "v1", "deployments").Delete(t.Context(), "web", metav1.DeleteOptions{}))
	require.Eventually(t, func() bool {
		_, err := b.resource("metrics.k8s.io", "v1beta1", "pods").Get(t.Context(), all.Items[0].GetName(), metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	}, time.Minute, 50*time.Millisecond, "they go with the pod")
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
}
