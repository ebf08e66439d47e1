package run

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/errdefs"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Node runs the pods of one node. Its methods are those of the Virtual Kubelet's
// PodLifecycleHandler and PodNotifier.
type Node struct {
	host *Host
	// address of the node in the cluster.
	address string

	mu     sync.Mutex
	notify func(*corev1.Pod)
}

// Node returns the runtime of the node with an address.
func (h *Host) Node(address string) *Node {
	return &Node{host: h, address: address, notify: func(*corev1.Pod) {}}
}

// Takes says whether a pod is run here: it is known already, or its image is.
func (n *Node) Takes(object *corev1.Pod) bool {
	return n.find(nameOf(object)) != nil || n.host.Programs.Take(object)
}

// NotifyPods takes the function that carries a changed status to the API server.
func (n *Node) NotifyPods(_ context.Context, notify func(*corev1.Pod)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.notify = notify
}

func (n *Node) tell(object *corev1.Pod) {
	n.mu.Lock()
	notify := n.notify
	n.mu.Unlock()
	notify(object) // without the lock: it may wait
}

// CreatePod starts a pod. It never waits: what a pod lacks shows in its status.
func (n *Node) CreatePod(_ context.Context, object *corev1.Pod) error {
	p := newPod(n.host, object, n.address)
	name := nameOf(object)
	n.host.mu.Lock()
	defer n.host.mu.Unlock()
	switch {
	case n.host.closed:
		return fmt.Errorf("start pod %s: the node is ending", name)
	case n.host.pods[name] != nil:
		return fmt.Errorf("start pod %s: the one before it still ends", name)
	}
	n.host.pods[name] = p
	p.start(n.tell)
	return nil
}

// UpdatePod takes what may change in a pod: labels and annotations. Another pod of
// the same name is started when the one before it has ended.
func (n *Node) UpdatePod(ctx context.Context, object *corev1.Pod) error {
	p := n.find(nameOf(object))
	if p == nil {
		return n.CreatePod(ctx, object)
	}
	if p.snapshot().UID != object.UID {
		n.remove(ctx, p, 0)
		return n.CreatePod(ctx, object)
	}
	p.mu.Lock()
	p.object.ObjectMeta = *object.ObjectMeta.DeepCopy()
	p.mu.Unlock()
	return nil
}

// DeletePod has a pod end, and removes it from the API server when it has. It does
// not wait for that.
func (n *Node) DeletePod(ctx context.Context, object *corev1.Pod) error {
	p := n.find(nameOf(object))
	if p == nil {
		return errdefs.NotFoundf("pod %s is not on this node", nameOf(object))
	}
	grace := maxGrace
	if seconds := object.DeletionGracePeriodSeconds; seconds != nil {
		grace = time.Duration(*seconds) * time.Second
	}
	if object.DeletionTimestamp == nil {
		grace = 0 // it is gone from the API server already
	}
	p.mu.Lock()
	p.object.ObjectMeta = *object.ObjectMeta.DeepCopy()
	p.mu.Unlock()
	go n.remove(context.WithoutCancel(ctx), p, grace)
	return nil
}

// remove ends a pod, removes it and its folder, and returns when it is gone.
func (n *Node) remove(ctx context.Context, p *pod, grace time.Duration) {
	p.end(grace)
	<-p.done
	object := p.snapshot()
	now := *metav1.NewDeleteOptions(0)
	now.Preconditions = metav1.NewUIDPreconditions(string(object.UID))
	n.host.mu.Lock()
	closed, mine := n.host.closed, n.host.pods[nameOf(object)] == p
	if mine && !closed {
		delete(n.host.pods, nameOf(object))
	}
	n.host.mu.Unlock()
	if closed || !mine {
		return
	}
	_ = os.RemoveAll(p.folder) // or the next node does
	if object.DeletionTimestamp == nil {
		return
	}
	err := n.host.Client.CoreV1().Pods(object.Namespace).Delete(ctx, object.Name, now)
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		// The library of the kubelet's protocol removes it when its time is over.
		return
	}
}

// GetPod returns a copy of a pod of this node.
func (n *Node) GetPod(_ context.Context, namespace, name string) (*corev1.Pod, error) {
	p := n.find(types.NamespacedName{Namespace: namespace, Name: name})
	if p == nil {
		return nil, errdefs.NotFoundf("pod %s/%s is not on this node", namespace, name)
	}
	object, _ := p.report()
	return object, nil
}

// GetPodStatus returns a copy of the status of a pod of this node.
func (n *Node) GetPodStatus(ctx context.Context, namespace, name string) (*corev1.PodStatus, error) {
	object, err := n.GetPod(ctx, namespace, name)
	if err != nil {
		return nil, err
	}
	return &object.Status, nil
}

// GetPods returns copies of all pods of this node.
func (n *Node) GetPods(context.Context) ([]*corev1.Pod, error) {
	n.host.mu.Lock()
	var all []*pod
	for _, p := range n.host.pods {
		if p.hostIP == n.address {
			all = append(all, p)
		}
	}
	n.host.mu.Unlock()
	var objects []*corev1.Pod
	for _, p := range all {
		object, _ := p.report()
		objects = append(objects, object)
	}
	return objects, nil
}

// find returns a pod of this node, nil when there is none.
func (n *Node) find(name types.NamespacedName) *pod {
	if p := n.host.find(name); p != nil && p.hostIP == n.address {
		return p
	}
	return nil
}
