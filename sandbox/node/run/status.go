package run

import (
	"errors"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// finish decides how the pod has ended; cause is why it was ended, nil when it
// ended by itself.
func (p *pod) finish(cause error) {
	p.change(func() {
		p.phase = corev1.PodSucceeded
		for _, c := range slices.Concat(p.first, p.main) {
			if sidecar(c.spec) {
				continue
			}
			if c.state.Terminated == nil || c.state.Terminated.ExitCode != 0 {
				p.phase = corev1.PodFailed
			}
		}
		if errors.Is(cause, errDeadline) {
			p.phase, p.reason = corev1.PodFailed, "DeadlineExceeded"
			p.message = "Pod was active on the node longer than the specified deadline"
		}
	})
}

// report is the pod with its status now. It is false when nothing is to be told.
func (p *pod) report() (*corev1.Pod, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	object := p.object.DeepCopy()
	object.Status = p.status()
	return object, !p.quiet
}

// status is made under the pod's lock.
func (p *pod) status() corev1.PodStatus {
	status := *p.object.Status.DeepCopy()
	status.Phase, status.Reason, status.Message = p.phase, p.reason, p.message
	status.HostIP, status.HostIPs = p.hostIP, []corev1.HostIP{{IP: p.hostIP}}
	ip := Address(p.object.UID).String()
	status.PodIP, status.PodIPs = ip, []corev1.PodIP{{IP: ip}}
	status.StartTime = &p.begin
	status.InitContainerStatuses, status.ContainerStatuses = nil, nil
	allReady := true
	for _, c := range p.first {
		status.InitContainerStatuses = append(status.InitContainerStatuses, p.containerStatus(c))
		allReady = allReady && (c.ready || !sidecar(c.spec))
	}
	pending := true
	for _, c := range p.main {
		status.ContainerStatuses = append(status.ContainerStatuses, p.containerStatus(c))
		allReady = allReady && c.ready
		pending = pending && c.state.Waiting != nil && c.restarts == 0 && c.last.Terminated == nil
	}
	if p.phase == "" {
		status.Phase = corev1.PodRunning
		if pending {
			status.Phase, status.Message = corev1.PodPending, p.holdup
		}
	}
	own := map[corev1.PodConditionType]bool{
		corev1.PodReadyToStartContainers: p.volumesReady && p.phase == "",
		corev1.PodInitialized:            p.initialized || len(p.first) == 0,
		corev1.ContainersReady:           allReady && p.phase == "",
		corev1.PodReady:                  allReady && p.phase == "" && p.gates(),
		corev1.PodScheduled:              true,
	}
	for _, kind := range []corev1.PodConditionType{
		corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled,
	} {
		p.conditions = set(p.conditions, kind, own[kind], p.phase)
	}
	status.Conditions = append([]corev1.PodCondition{}, p.conditions...)
	return status
}

// gates says whether the readiness gates of others are open.
func (p *pod) gates() bool {
	for _, gate := range p.object.Spec.ReadinessGates {
		open := false
		for _, c := range p.conditions {
			open = open || c.Type == gate.ConditionType && c.Status == corev1.ConditionTrue
		}
		if !open {
			return false
		}
	}
	return true
}

// set sets a condition, and keeps its time when it stays the same.
func set(conditions []corev1.PodCondition, kind corev1.PodConditionType, is bool, phase corev1.PodPhase) []corev1.PodCondition {
	condition := corev1.PodCondition{Type: kind, Status: corev1.ConditionFalse, LastTransitionTime: metav1.Now()}
	switch {
	case is:
		condition.Status = corev1.ConditionTrue
	case phase != "" && kind != corev1.PodReadyToStartContainers:
		condition.Reason = "PodCompleted"
	case kind == corev1.ContainersReady || kind == corev1.PodReady:
		condition.Reason = "ContainersNotReady"
	}
	changed := []corev1.PodCondition{}
	for _, old := range conditions {
		if old.Type != kind {
			changed = append(changed, old)
			continue
		}
		if old.Status == condition.Status {
			condition.LastTransitionTime = old.LastTransitionTime
		}
	}
	return append(changed, condition)
}

// Scheme is that of the ID of a container that is a process.
const Scheme = "process"

func (p *pod) containerStatus(c *container) corev1.ContainerStatus {
	started := c.started
	scheme := Scheme
	if c.program == nil {
		scheme = "none" // it only pretends
	}
	state := c.state
	if state.Waiting != nil && state.Waiting.Reason == "PodInitializing" && !p.volumesReady {
		state = waiting("ContainerCreating", p.holdup)
	}
	ready := c.ready
	if state.Terminated != nil && state.Terminated.ExitCode == 0 && p.isInit(c) && !sidecar(c.spec) {
		ready = true // that is how a kubelet tells of one that has done its work
	}
	return corev1.ContainerStatus{
		Name: c.spec.Name, Image: c.spec.Image, ImageID: imageID(c.spec.Image, c.digest),
		ContainerID: fmt.Sprintf("%s://%s/%s/%d", scheme, p.object.UID, c.spec.Name, c.restarts),
		State:       state, LastTerminationState: c.last, RestartCount: c.restarts, Ready: ready, Started: &started,
	}
}

func (p *pod) isInit(c *container) bool {
	for _, first := range p.first {
		if first == c {
			return true
		}
	}
	return false
}
