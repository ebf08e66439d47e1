package kubernetes

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// mostReasons bounds what an error quotes of each kind of reason.
const mostReasons = 4

// reasons gathers why an object is not ready: its conditions, its pods and the
// warnings among its events. What cannot be read is left out: the error that
// these belong to matters more.
func (c *cluster) reasons(ctx context.Context, t target, object *unstructured.Unstructured) string {
	// The waiting may have ended because its time was up; the reasons are
	// still worth a moment.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	defer cancel()
	said := conditionsNotMet(object)
	if t.namespace != "" {
		said = append(said, c.podReasons(ctx, t.namespace, object)...)
		said = append(said, c.eventReasons(ctx, t.namespace, object.GetName())...)
	}
	if len(said) == 0 {
		return ""
	}
	return " (" + strings.Join(said, "; ") + ")"
}

// conditionsNotMet quotes the conditions that say No with a message.
func conditionsNotMet(object *unstructured.Unstructured) []string {
	var out []string
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, entry := range conditions {
		condition, _ := entry.(map[string]any)
		message, _ := condition["message"].(string)
		bad := condition["status"] == "False" || condition["type"] == "ReplicaFailure" || condition["type"] == "Failed"
		if bad && message != "" {
			out = append(out, fmt.Sprintf("%v: %s", condition["type"], message))
		}
	}
	return out
}

func (c *cluster) podReasons(ctx context.Context, namespace string, object *unstructured.Unstructured) []string {
	selector, found, _ := unstructured.NestedStringMap(object.Object, "spec", "selector", "matchLabels")
	if !found {
		return nil
	}
	pods, err := c.objects.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(namespace).
		List(ctx, metav1.ListOptions{LabelSelector: labels.SelectorFromSet(selector).String()})
	if err != nil {
		return nil
	}
	// The newest pod tells how it ended; those before it were retries.
	slices.SortStableFunc(pods.Items, func(a, b unstructured.Unstructured) int {
		return b.GetCreationTimestamp().Compare(a.GetCreationTimestamp().Time)
	})
	var out []string
	for _, item := range pods.Items {
		var pod corev1.Pod
		if runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &pod) != nil {
			continue
		}
		if reason := podReason(&pod); reason != "" && len(out) < mostReasons {
			out = append(out, "pod "+pod.Name+": "+reason)
		}
	}
	return out
}

// podReason says in a line why a pod is not ready; nothing when it is.
func podReason(pod *corev1.Pod) string {
	var said []string
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if waiting := status.State.Waiting; waiting != nil && waiting.Reason != "" {
			said = append(said, fmt.Sprintf("container %s %s %s", status.Name, waiting.Reason, waiting.Message))
		}
		if ended := status.State.Terminated; ended != nil && ended.ExitCode != 0 {
			said = append(said, fmt.Sprintf("container %s exited with %d %s %s", status.Name, ended.ExitCode, ended.Reason, ended.Message))
		}
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Status == corev1.ConditionFalse && condition.Message != "" && len(said) == 0 {
			said = append(said, condition.Message)
		}
	}
	if pod.Status.Message != "" {
		said = append(said, pod.Status.Message)
	}
	if len(said) == 0 && pod.Status.Phase != corev1.PodRunning && pod.Status.Phase != corev1.PodSucceeded {
		said = append(said, string(pod.Status.Phase))
	}
	return strings.TrimSpace(strings.Join(said, ", "))
}

// eventReasons quotes warnings about the object and about what it made, whose
// names begin with its own.
func (c *cluster) eventReasons(ctx context.Context, namespace, name string) []string {
	events, err := c.objects.Resource(schema.GroupVersionResource{Version: "v1", Resource: "events"}).Namespace(namespace).
		List(ctx, metav1.ListOptions{FieldSelector: "type=Warning"})
	if err != nil {
		return nil
	}
	var out []string
	for _, event := range events.Items {
		about, _, _ := unstructured.NestedString(event.Object, "involvedObject", "name")
		message, _, _ := unstructured.NestedString(event.Object, "message")
		ours := about == name || strings.HasPrefix(about, name+"-")
		if ours && message != "" && !slices.Contains(out, message) && len(out) < mostReasons {
			out = append(out, message)
		}
	}
	return out
}
