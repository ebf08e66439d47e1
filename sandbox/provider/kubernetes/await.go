package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// progress says how far an object is on its way to being ready.
type progress struct {
	ready   bool
	waiting string // what is missing still
	failed  string // why it will never be ready; empty while it may
}

// readiness judges one kind. To wait for another kind, write its function in a
// file of its own and add a line to readinessOf.
type readiness func(*unstructured.Unstructured) (progress, error)

// readinessOf is the table of kinds that are waited for; nil for the others,
// which are ready as soon as they are applied. A PersistentVolumeClaim is not
// waited for: most bind to their first consumer.
func readinessOf(kind schema.GroupKind) readiness {
	switch kind {
	case schema.GroupKind{Group: "apps", Kind: "Deployment"}:
		return typed(deploymentProgress)
	case schema.GroupKind{Group: "apps", Kind: "StatefulSet"}:
		return typed(statefulSetProgress)
	case schema.GroupKind{Group: "apps", Kind: "DaemonSet"}:
		return typed(daemonSetProgress)
	case jobKind:
		return typed(jobProgress)
	case schema.GroupKind{Kind: "Pod"}:
		return typed(podProgress)
	case schema.GroupKind{Kind: "Namespace"}:
		return typed(namespaceProgress)
	case crdKind:
		return typed(crdProgress)
	case serviceKind:
		return typed(serviceProgress)
	case ingressKind:
		return typed(ingressProgress)
	}
	return nil
}

// typed lets a readiness function read the kind's own Go type.
func typed[T any](judge func(*T) progress) readiness {
	return func(object *unstructured.Unstructured) (progress, error) {
		var own T
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &own); err != nil {
			return progress{}, fmt.Errorf("read %s %s: %w", object.GetKind(), object.GetName(), err)
		}
		return judge(&own), nil
	}
}

// await waits until the object is ready, by watching it. It gives the object as
// it was last seen, also with an error, which then says what is missing and why.
func (c *cluster) await(
	ctx context.Context, t target, live *unstructured.Unstructured, deadline time.Time,
) (*unstructured.Unstructured, error) {
	judge := readinessOf(t.gvk.GroupKind())
	if judge == nil || annotated(live, annotationSkipAwait) {
		return live, nil
	}
	state, err := judge(live)
	if err == nil && !state.ready && state.failed == "" {
		live, state, err = t.watch(ctx, judge, live, deadline)
	}
	switch {
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return live, fmt.Errorf("wait for %s: %w", t, err)
	case state.ready:
		return live, c.afterReady(ctx, t, live, deadline)
	case state.failed != "":
		return live, fmt.Errorf("%s failed: %s%s", t, state.failed, c.reasons(ctx, t, live))
	}
	return live, fmt.Errorf("%s was not ready in time: %s%s; mend what is named, or allow more time with customTimeouts or %s",
		t, state.waiting, c.reasons(ctx, t, live), annotationTimeout)
}

// watch follows the object until judge says ready or failed.
func (t target) watch(
	ctx context.Context, judge readiness, live *unstructured.Unstructured, deadline time.Time,
) (*unstructured.Unstructured, progress, error) {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	var state progress
	deleted := errors.New("it was deleted meanwhile")
	// Of what was deleted before the watch began no event tells.
	present := func(store cache.Store) (bool, error) {
		if len(store.List()) == 0 {
			return false, deleted
		}
		return false, nil
	}
	_, err := watchtools.UntilWithSync(ctx, t.listWatch(), &unstructured.Unstructured{}, present, func(event watch.Event) (bool, error) {
		if event.Type == watch.Deleted {
			return false, deleted
		}
		seen, ok := event.Object.(*unstructured.Unstructured)
		if !ok {
			return false, nil
		}
		live = seen
		var err error
		state, err = judge(seen)
		return state.ready || state.failed != "", err
	})
	return live, state, timedOut(ctx, err)
}

// awaitGone waits until the object is deleted, or another is in its place.
func (t target) awaitGone(ctx context.Context, live *unstructured.Unstructured, deadline time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	// Most are gone at once, and need no watch.
	if now, err := t.get(ctx); err == nil && now == nil {
		return nil
	}
	last := live
	gone := func(store cache.Store) (bool, error) { return len(store.List()) == 0, nil }
	_, err := watchtools.UntilWithSync(ctx, t.listWatch(), &unstructured.Unstructured{}, gone, func(event watch.Event) (bool, error) {
		seen, ok := event.Object.(*unstructured.Unstructured)
		if event.Type == watch.Deleted || (ok && seen.GetUID() != live.GetUID()) {
			return true, nil
		}
		if ok {
			last = seen
		}
		return false, nil
	})
	err = timedOut(ctx, err)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s is not gone in time%s", t, holdsBack(last))
	}
	if err != nil {
		return fmt.Errorf("wait until %s is gone: %w", t, err)
	}
	return nil
}

// timedOut turns the watch's own way of saying that time is up, or that the
// engine cancelled, into the context's.
func timedOut(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func holdsBack(object *unstructured.Unstructured) string {
	var said []string
	if finalizers := object.GetFinalizers(); len(finalizers) > 0 {
		said = append(said, "its finalizers "+strings.Join(finalizers, ", ")+" hold it back; the controllers that own them must run")
	}
	said = append(said, conditionsNotMet(object)...)
	if len(said) == 0 {
		return ""
	}
	return ": " + strings.Join(said, "; ")
}

func (t target) listWatch() *cache.ListWatch {
	only := fields.OneTermEqualSelector("metadata.name", t.name).String()
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.FieldSelector = only
			return t.client.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.FieldSelector = only
			return t.client.Watch(ctx, options)
		},
	}
}

// afterReady waits for what other objects show: each kind's own.
func (c *cluster) afterReady(ctx context.Context, t target, live *unstructured.Unstructured, deadline time.Time) error {
	switch t.gvk.GroupKind() {
	case crdKind:
		return c.awaitServed(ctx, live)
	case serviceKind:
		return c.awaitPods(ctx, t, live, deadline)
	case ingressKind:
		return c.awaitBackends(ctx, t, live, deadline)
	}
	return nil
}
