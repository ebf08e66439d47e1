package run

import (
	"path/filepath"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// newPod makes a pod that has not started. What its status says that ran before was
// lost with the node that ran it.
func newPod(h *Host, object *corev1.Pod, hostIP string) *pod {
	local, _ := Loopback(Address(object.UID))
	p := &pod{
		host: h, hostIP: hostIP, local: local, folder: h.folder(object.UID), done: make(chan struct{}), dirty: make(chan struct{}, 1),
		object: object.DeepCopy(), tokens: map[string]issued{}, begin: metav1.Now(), conditions: object.Status.Conditions,
		grace: maxGrace,
	}
	if seconds := object.Spec.TerminationGracePeriodSeconds; seconds != nil {
		p.grace = min(maxGrace, time.Duration(*seconds)*time.Second)
	}
	add := func(spec corev1.Container, policy corev1.RestartPolicy, known []corev1.ContainerStatus) *container {
		c := &container{
			spec: spec, policy: policy, folder: filepath.Join(p.folder, "containers", spec.Name),
			state: waiting("PodInitializing", ""), over: make(chan struct{}),
		}
		if program, digest, there := h.Programs.in(h.Images, spec.Image); there {
			c.program, c.digest = &program, digest
		}
		if i := slices.IndexFunc(known, func(s corev1.ContainerStatus) bool { return s.Name == spec.Name }); i >= 0 && known[i].State.Running != nil {
			c.restarts = known[i].RestartCount + 1
			c.last = terminated(codeLost, "ContainerStatusUnknown", "the node was started again", known[i].State.Running.StartedAt.Time)
			p.lost = true
		}
		return c
	}
	for _, spec := range object.Spec.InitContainers {
		policy := corev1.RestartPolicyOnFailure
		if object.Spec.RestartPolicy == corev1.RestartPolicyNever {
			policy = corev1.RestartPolicyNever
		}
		if sidecar(spec) {
			policy = corev1.RestartPolicyAlways
		}
		p.first = append(p.first, add(spec, policy, object.Status.InitContainerStatuses))
	}
	for _, spec := range object.Spec.Containers {
		p.main = append(p.main, add(spec, object.Spec.RestartPolicy, object.Status.ContainerStatuses))
	}
	return p
}

// sidecar says whether an init container runs beside the others.
func sidecar(spec corev1.Container) bool {
	return spec.RestartPolicy != nil && *spec.RestartPolicy == corev1.ContainerRestartPolicyAlways
}
