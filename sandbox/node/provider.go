package node

import (
	"context"

	"github.com/virtual-kubelet/virtual-kubelet/node"
	corev1 "k8s.io/api/core/v1"

	"gatehouse/sandbox/node/run"
)

// provider runs the pods that can be, and has all others pretend.
type provider struct {
	*pretend
	run *run.Node
}

// handler is what the pods of a node are given to.
type handler interface {
	node.PodLifecycleHandler
	node.PodNotifier
}

func (c *cluster) provider(m member) handler {
	pretend := newPretend(c.client.CoreV1(), m.address)
	if c.host == nil {
		return pretend
	}
	return &provider{pretend: pretend, run: c.host.Node(m.address)}
}

// of returns who has a pod, or is to have it.
func (p *provider) of(pod *corev1.Pod) handler {
	if p.run.Takes(pod) {
		return p.run
	}
	return p.pretend
}

// NotifyPods implements the PodNotifier.
func (p *provider) NotifyPods(ctx context.Context, notify func(*corev1.Pod)) {
	p.pretend.NotifyPods(ctx, notify)
	p.run.NotifyPods(ctx, notify)
}

// CreatePod implements the PodLifecycleHandler.
func (p *provider) CreatePod(ctx context.Context, pod *corev1.Pod) error {
	return p.of(pod).CreatePod(ctx, pod)
}

// UpdatePod implements the PodLifecycleHandler.
func (p *provider) UpdatePod(ctx context.Context, pod *corev1.Pod) error {
	if _, err := p.pretend.GetPod(ctx, pod.Namespace, pod.Name); err == nil {
		return p.pretend.UpdatePod(ctx, pod) // another label or image does not make it run
	}
	return p.of(pod).UpdatePod(ctx, pod)
}

// DeletePod implements the PodLifecycleHandler.
func (p *provider) DeletePod(ctx context.Context, pod *corev1.Pod) error {
	if _, err := p.pretend.GetPod(ctx, pod.Namespace, pod.Name); err == nil {
		return p.pretend.DeletePod(ctx, pod)
	}
	return p.of(pod).DeletePod(ctx, pod)
}

// GetPod implements the PodLifecycleHandler.
func (p *provider) GetPod(ctx context.Context, namespace, name string) (*corev1.Pod, error) {
	if pod, err := p.run.GetPod(ctx, namespace, name); err == nil {
		return pod, nil
	}
	return p.pretend.GetPod(ctx, namespace, name)
}

// GetPodStatus implements the PodLifecycleHandler.
func (p *provider) GetPodStatus(ctx context.Context, namespace, name string) (*corev1.PodStatus, error) {
	pod, err := p.GetPod(ctx, namespace, name)
	if err != nil {
		return nil, err
	}
	return &pod.Status, nil
}

// GetPods implements the PodLifecycleHandler.
func (p *provider) GetPods(ctx context.Context) ([]*corev1.Pod, error) {
	running, err := p.run.GetPods(ctx)
	if err != nil {
		return nil, err
	}
	pretending, err := p.pretend.GetPods(ctx)
	return append(running, pretending...), err
}
