package cluster

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Workload is a Deployment.
type Workload struct{ Namespace, Name string }

// ParseWorkload reads NAMESPACE/NAME.
func ParseWorkload(text string) (Workload, error) {
	namespace, name, ok := strings.Cut(text, "/")
	if !ok || namespace == "" || name == "" || strings.Contains(name, "/") {
		return Workload{}, fmt.Errorf("read workload %q: write NAMESPACE/NAME, e.g. backstage/backstage-backend", text)
	}
	return Workload{namespace, name}, nil
}

// String is NAMESPACE/NAME.
func (w Workload) String() string { return w.Namespace + "/" + w.Name }

// replicasKey is where backup-status keeps how many replicas a workload had
// before it was stopped, so that a recovery that was interrupted can be taken
// up again.
func (w Workload) replicasKey() string { return "recovery-replicas." + w.Namespace + "." + w.Name }

// Stop scales a workload to nothing and returns how many replicas it had, also
// when an earlier run has stopped it. A HorizontalPodAutoscaler leaves a
// Deployment without replicas alone ("Implicit maintenance-mode deactivation").
func (c *Cluster) Stop(ctx context.Context, w Workload) (replicas int32, err error) {
	deployment, err := c.typed.AppsV1().Deployments(w.Namespace).Get(ctx, w.Name, metav1.GetOptions{})
	if err != nil {
		return 0, fmt.Errorf("stop %s: %w", w, err)
	}
	replicas = *deployment.Spec.Replicas
	if replicas == 0 {
		return c.recorded(ctx, w)
	}
	if err := c.setStatus(ctx, w.replicasKey(), strconv.Itoa(int(replicas))); err != nil {
		return 0, fmt.Errorf("stop %s: %w", w, err)
	}
	return replicas, c.scale(ctx, w, 0)
}

// recorded is how many replicas a workload had when it was stopped; 0 when it
// was not stopped by a recovery.
func (c *Cluster) recorded(ctx context.Context, w Workload) (int32, error) {
	text, err := c.status(ctx, w.replicasKey())
	if err != nil || text == "" {
		return 0, err
	}
	replicas, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("read how many replicas %s had: %w", w, err)
	}
	return int32(replicas), nil
}

// scale uses the subresource, so that a role of its own is enough: who may
// patch a Deployment may run anything in it.
func (c *Cluster) scale(ctx context.Context, w Workload, replicas int32) error {
	patch := fmt.Appendf(nil, `{"spec":{"replicas":%d}}`, replicas)
	_, err := c.typed.AppsV1().Deployments(w.Namespace).Patch(ctx, w.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: "keeper"}, "scale")
	if err != nil {
		return fmt.Errorf("scale %s to %d: %w", w, replicas, err)
	}
	return nil
}

// AwaitStopped waits until the last pod of a workload is gone.
func (c *Cluster) AwaitStopped(ctx context.Context, w Workload) error {
	deployment, err := c.typed.AppsV1().Deployments(w.Namespace).Get(ctx, w.Name, metav1.GetOptions{})
	if err != nil {
		return fmt.Errorf("wait for the end of %s: %w", w, err)
	}
	selector, err := metav1.LabelSelectorAsSelector(deployment.Spec.Selector)
	if err != nil {
		return fmt.Errorf("wait for the end of %s: %w", w, err)
	}
	left := 0
	err = poll(ctx, func() (bool, error) {
		pods, err := c.typed.CoreV1().Pods(w.Namespace).List(ctx, metav1.ListOptions{LabelSelector: selector.String()})
		if err != nil {
			return false, err
		}
		left = len(pods.Items)
		return left == 0, nil
	})
	if err != nil {
		return fmt.Errorf("wait for the end of %s: %d pods are left: %w", w, left, err)
	}
	return nil
}

// Start gives a workload the replicas back that it had before it was stopped,
// and waits until they are available. One that was not stopped by the keeper
// stays as it is; 0 says so.
func (c *Cluster) Start(ctx context.Context, w Workload) (replicas int32, err error) {
	deployment, err := c.typed.AppsV1().Deployments(w.Namespace).Get(ctx, w.Name, metav1.GetOptions{})
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", w, err)
	}
	if replicas, err = c.recorded(ctx, w); err != nil || replicas == 0 {
		return 0, err
	}
	if *deployment.Spec.Replicas == 0 {
		if err := c.scale(ctx, w, replicas); err != nil {
			return 0, err
		}
	}
	if err := c.awaitRollout(ctx, w); err != nil {
		return replicas, fmt.Errorf("start %s: %w; look at its pods", w, err)
	}
	// The record goes last: a run that is cut off before can be repeated.
	return replicas, c.setStatus(ctx, w.replicasKey(), nil)
}

func (c *Cluster) awaitRollout(ctx context.Context, w Workload) error {
	var available, wanted int32
	err := poll(ctx, func() (bool, error) {
		got, err := c.typed.AppsV1().Deployments(w.Namespace).Get(ctx, w.Name, metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		available, wanted = got.Status.AvailableReplicas, *got.Spec.Replicas
		return got.Status.ObservedGeneration >= got.Generation && got.Status.UpdatedReplicas >= wanted && available >= wanted, nil
	})
	if err != nil {
		return fmt.Errorf("%d of %d replicas are available: %w", available, wanted, err)
	}
	return nil
}

// poll asks every second until done, an error, or the end of ctx.
func poll(ctx context.Context, done func() (bool, error)) error {
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
}
