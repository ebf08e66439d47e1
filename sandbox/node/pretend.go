package node

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"

	"gatehouse/sandbox/node/run"
)

// ExitCode is an annotation of a pod: its containers end at once with that
// code. It lets a test see a Job fail.
const ExitCode = "gatehouse.sandbox/exit-code"

// pretend reports every pod as running and ready at once, and a pod that is
// meant to end (its restart policy is not Always) as succeeded at once. It runs
// nothing.
type pretend struct {
	client typedcorev1.PodsGetter
	// address of the node.
	address string
	mu      sync.Mutex
	pods    map[types.NamespacedName]*corev1.Pod
	notify  func(*corev1.Pod)
}

func newPretend(client typedcorev1.PodsGetter, address string) *pretend {
	return &pretend{client: client, address: address, pods: map[types.NamespacedName]*corev1.Pod{}, notify: func(*corev1.Pod) {}}
}

// NotifyPods takes the function that carries a changed status to the API server.
func (p *pretend) NotifyPods(_ context.Context, notify func(*corev1.Pod)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notify = notify
}

// CreatePod is called for a new pod, and for one that runs already when the
// node was started again: then nothing about it changes.
func (p *pretend) CreatePod(_ context.Context, pod *corev1.Pod) error {
	if pod.Status.Phase != corev1.PodRunning {
		start(pod, p.address, metav1.NewTime(time.Now()))
	}
	p.keep(pod)
	return nil
}

// UpdatePod is called when labels, annotations or images change.
func (p *pretend) UpdatePod(_ context.Context, pod *corev1.Pod) error {
	p.keep(pod)
	return nil
}

// DeletePod ends the containers at once and then lets the API server remove the
// pod. The library would do that too, but only when the grace period is over.
func (p *pretend) DeletePod(ctx context.Context, pod *corev1.Pod) error {
	end(pod, 0, metav1.NewTime(time.Now()))
	p.mu.Lock()
	delete(p.pods, name(pod))
	notify := p.notify
	p.mu.Unlock()
	notify(pod)
	if pod.DeletionTimestamp == nil {
		return nil // it is gone from the API server already
	}
	now := *metav1.NewDeleteOptions(0)
	now.Preconditions = metav1.NewUIDPreconditions(string(pod.UID))
	err := p.client.Pods(pod.Namespace).Delete(ctx, pod.Name, now)
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		return fmt.Errorf("remove pod %s/%s: %w", pod.Namespace, pod.Name, err)
	}
	return nil
}

// GetPod returns a copy of a pod of this node.
func (p *pretend) GetPod(_ context.Context, namespace, podName string) (*corev1.Pod, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	pod, ok := p.pods[types.NamespacedName{Namespace: namespace, Name: podName}]
	if !ok {
		return nil, errdefs.NotFoundf("pod %s/%s is not on this node", namespace, podName)
	}
	return pod.DeepCopy(), nil
}

// GetPodStatus returns a copy of the status of a pod of this node.
func (p *pretend) GetPodStatus(ctx context.Context, namespace, podName string) (*corev1.PodStatus, error) {
	pod, err := p.GetPod(ctx, namespace, podName)
	if err != nil {
		return nil, err
	}
	return &pod.Status, nil
}

// GetPods returns copies of all pods of this node.
func (p *pretend) GetPods(context.Context) ([]*corev1.Pod, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pods []*corev1.Pod
	for _, pod := range p.pods {
		pods = append(pods, pod.DeepCopy())
	}
	return pods, nil
}

func (p *pretend) keep(pod *corev1.Pod) {
	p.mu.Lock()
	p.pods[name(pod)] = pod.DeepCopy()
	notify := p.notify
	p.mu.Unlock()
	notify(pod) // without the lock: it may wait
}

func name(pod *corev1.Pod) types.NamespacedName {
	return types.NamespacedName{Namespace: pod.Namespace, Name: pod.Name}
}

// start fills the status of a pod whose containers have just started, or have
// ended already when they are meant to.
func start(pod *corev1.Pod, address string, now metav1.Time) {
	status := &pod.Status
	status.Phase = corev1.PodRunning
	status.StartTime = &now
	status.HostIP = address
	status.HostIPs = []corev1.HostIP{{IP: address}}
	status.PodIP = podIP(pod, address)
	status.PodIPs = []corev1.PodIP{{IP: status.PodIP}}
	status.InitContainerStatuses = nil
	for _, container := range pod.Spec.InitContainers {
		state := terminated(0, now)
		if container.RestartPolicy != nil && *container.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			state = running(now) // a sidecar
		}
		status.InitContainerStatuses = append(status.InitContainerStatuses, containerStatus(pod, container, state))
	}
	status.ContainerStatuses = nil
	for _, container := range pod.Spec.Containers {
		status.ContainerStatuses = append(status.ContainerStatuses, containerStatus(pod, container, running(now)))
	}
	setConditions(pod, corev1.ConditionTrue, now)
	if code, set := exitCode(pod); set || pod.Spec.RestartPolicy != corev1.RestartPolicyAlways {
		end(pod, code, now)
	}
}

// end fills the status of a pod whose containers have all ended with code.
func end(pod *corev1.Pod, code int32, now metav1.Time) {
	pod.Status.Phase = corev1.PodSucceeded
	if code != 0 {
		pod.Status.Phase = corev1.PodFailed
	}
	for _, statuses := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
		for i := range statuses {
			if statuses[i].State.Terminated == nil {
				statuses[i].State = terminated(code, now)
			}
			statuses[i].Ready = false
			statuses[i].Started = new(bool)
		}
	}
	setConditions(pod, corev1.ConditionFalse, now)
}

func containerStatus(pod *corev1.Pod, container corev1.Container, state corev1.ContainerState) corev1.ContainerStatus {
	up := state.Running != nil
	return corev1.ContainerStatus{
		Name: container.Name, Image: container.Image, ImageID: container.Image,
		ContainerID: fmt.Sprintf("none://%s/%s", pod.UID, container.Name),
		State:       state, Ready: up || state.Terminated.ExitCode == 0, Started: &up,
	}
}

func running(now metav1.Time) corev1.ContainerState {
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}
}

func terminated(code int32, now metav1.Time) corev1.ContainerState {
	reason := "Completed"
	if code != 0 {
		reason = "Error"
	}
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
		ExitCode: code, Reason: reason, StartedAt: now, FinishedAt: now,
	}}
}

// setConditions sets the conditions that a kubelet owns; the scheduler's and
// readiness gates of others stay as they are.
func setConditions(pod *corev1.Pod, ready corev1.ConditionStatus, now metav1.Time) {
	own := map[corev1.PodConditionType]corev1.ConditionStatus{
		corev1.PodReadyToStartContainers: ready,
		corev1.PodInitialized:            corev1.ConditionTrue,
		corev1.ContainersReady:           ready,
		corev1.PodReady:                  ready,
		corev1.PodScheduled:              corev1.ConditionTrue,
	}
	var conditions []corev1.PodCondition
	for _, old := range pod.Status.Conditions {
		if _, ours := own[old.Type]; !ours {
			conditions = append(conditions, old)
		}
	}
	for _, kind := range []corev1.PodConditionType{
		corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled,
	} {
		conditions = append(conditions, corev1.PodCondition{Type: kind, Status: own[kind], LastTransitionTime: now})
	}
	pod.Status.Conditions = conditions
}

func exitCode(pod *corev1.Pod) (int32, bool) {
	code, err := strconv.ParseInt(pod.Annotations[ExitCode], 10, 32)
	return int32(code), err == nil
}

// podIP is the node's address on the host's network, and else the pod's own.
func podIP(pod *corev1.Pod, address string) string {
	if pod.Spec.HostNetwork {
		return address
	}
	return run.Address(pod.UID).String()
}
