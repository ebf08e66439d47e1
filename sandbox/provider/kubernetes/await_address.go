package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
)

var (
	serviceKind    = schema.GroupKind{Kind: "Service"}
	ingressKind    = schema.GroupKind{Group: networkingv1.GroupName, Kind: "Ingress"}
	services       = corev1.SchemeGroupVersion.WithResource("services")
	endpointSlices = discoveryv1.SchemeGroupVersion.WithResource("endpointslices")
)

// serviceProgress: a load balancer has an address. Pods are looked for by
// [cluster.awaitPods].
func serviceProgress(s *corev1.Service) progress {
	if s.Spec.Type == corev1.ServiceTypeLoadBalancer && len(s.Status.LoadBalancer.Ingress) == 0 {
		return progress{waiting: "no load balancer controller has given it an address"}
	}
	return progress{ready: true}
}

// ingressProgress: an ingress controller has taken it up. Services are looked
// for by [cluster.awaitBackends].
func ingressProgress(i *networkingv1.Ingress) progress {
	if len(i.Status.LoadBalancer.Ingress) == 0 {
		return progress{waiting: "no ingress controller has given it an address"}
	}
	return progress{ready: true}
}

// awaitPods waits until a Service has a pod that is ready, as the official
// provider does. One that is headless or names another host has none to wait
// for.
func (c *cluster) awaitPods(ctx context.Context, t target, live *unstructured.Unstructured, deadline time.Time) error {
	var service corev1.Service
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(live.Object, &service); err != nil {
		return fmt.Errorf("read %s: %w", t, err)
	}
	if service.Spec.Type == corev1.ServiceTypeExternalName || service.Spec.ClusterIP == corev1.ClusterIPNone {
		return nil
	}
	return until(ctx, deadline, func(ctx context.Context) error {
		_, ready, err := c.endpoints(ctx, t.namespace, t.name)
		if err == nil && !ready {
			return fmt.Errorf("%s targets no pod that is ready; its selector may match none", t)
		}
		return err
	})
}

// awaitBackends waits until each Service that an Ingress names is there.
func (c *cluster) awaitBackends(ctx context.Context, t target, live *unstructured.Unstructured, deadline time.Time) error {
	var ingress networkingv1.Ingress
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(live.Object, &ingress); err != nil {
		return fmt.Errorf("read %s: %w", t, err)
	}
	for _, rule := range ingress.Spec.Rules {
		if rule.HTTP == nil {
			continue
		}
		for _, path := range rule.HTTP.Paths {
			if path.Backend.Service == nil {
				continue
			}
			name := path.Backend.Service.Name
			if err := until(ctx, deadline, func(ctx context.Context) error {
				return c.backend(ctx, t, rule.Host+path.Path, name)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cluster) backend(ctx context.Context, t target, path, name string) error {
	exists, _, err := c.endpoints(ctx, t.namespace, name)
	if err != nil || exists {
		return err
	}
	service, err := c.objects.Resource(services).Namespace(t.namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return fmt.Errorf("%s sends %s to Service %s, which does not exist", t, path, name)
	}
	if err != nil {
		return err
	}
	if kind, _, _ := unstructured.NestedString(service.Object, "spec", "type"); kind == string(corev1.ServiceTypeExternalName) {
		return nil
	}
	return fmt.Errorf("%s sends %s to Service %s, which has no endpoints", t, path, name)
}

// endpoints says whether a Service has endpoints at all, and a ready one.
func (c *cluster) endpoints(ctx context.Context, namespace, service string) (exist, ready bool, err error) {
	list, err := c.objects.Resource(endpointSlices).Namespace(namespace).
		List(ctx, metav1.ListOptions{LabelSelector: discoveryv1.LabelServiceName + "=" + service})
	if err != nil {
		return false, false, fmt.Errorf("list the endpoints of service %s/%s: %w", namespace, service, err)
	}
	for _, item := range list.Items {
		var slice discoveryv1.EndpointSlice
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &slice); err != nil {
			return false, false, fmt.Errorf("read the endpoints of service %s/%s: %w", namespace, service, err)
		}
		for _, endpoint := range slice.Endpoints {
			ready = ready || endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready
		}
	}
	return len(list.Items) > 0, ready, nil
}

// until asks again and again until there is no error, and gives the last one
// when time is up.
func until(ctx context.Context, deadline time.Time, ask func(context.Context) error) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	var last error
	err := wait.PollUntilContextCancel(ctx, 100*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		err := ask(ctx)
		if err == nil || ctx.Err() == nil {
			last = err // what the end of the time makes fail says nothing
		}
		return err == nil, nil
	})
	switch {
	case err == nil:
		return nil
	case last != nil && errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("not ready in time: %w; mend what is named, annotate %s, or allow more time with customTimeouts", last, annotationSkipAwait)
	default:
		return err
	}
}
