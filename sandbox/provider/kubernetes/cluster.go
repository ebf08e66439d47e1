package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// callTimeout bounds one request to the API server (not the waiting for what it
// set going) unless kubeClientSettings says otherwise, so that a stalled server
// is told, and not waited for.
const callTimeout = 30 * time.Second

// cluster is the API server that resources live in.
type cluster struct {
	server    string
	namespace string // where an object goes that names none
	timeout   time.Duration
	objects   dynamic.Interface
	mapper    *restmapper.DeferredDiscoveryRESTMapper
}

func connect(s settings, log *diagnostics) (*cluster, error) {
	config, namespace, err := restConfig(s)
	if err != nil {
		return nil, err
	}
	if s.namespace != "" {
		namespace = s.namespace
	}
	config.QPS = -1 // the server is ours alone
	config.UserAgent = "gatehouse-sandbox"
	config.WarningHandlerWithContext = log
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to kubernetes: %w", err)
	}
	// Discovery takes no context; a client-wide limit would end watches.
	bounded := rest.CopyConfig(config)
	bounded.Timeout = s.timeout
	found, err := discovery.NewDiscoveryClientForConfig(bounded)
	if err != nil {
		return nil, fmt.Errorf("connect to kubernetes: %w", err)
	}
	return &cluster{
		server:    config.Host,
		namespace: namespace,
		timeout:   s.timeout,
		objects:   objects,
		mapper:    restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(found)),
	}, nil
}

// target is where one object is, or will be.
type target struct {
	gvk       schema.GroupVersionKind
	namespace string // empty for kinds without namespaces
	name      string
	client    dynamic.ResourceInterface
	cluster   *cluster
}

func (t target) id() string { return string(makeID(t.namespace, t.name)) }

func (t target) String() string { return t.gvk.Kind + " " + t.id() }

// target finds the resource that serves a kind. An empty namespace means the
// default one. A kind unknown so far is looked for once more: its definition
// may be younger than what was discovered.
func (c *cluster) target(gvk schema.GroupVersionKind, namespace, name string) (target, error) {
	mapping, err := c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	if meta.IsNoMatchError(err) {
		c.mapper.Reset()
		mapping, err = c.mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
	}
	if err != nil {
		return target{}, c.explain(fmt.Sprintf("find kind %s", gvk), err)
	}
	t := target{gvk: gvk, name: name, cluster: c}
	if mapping.Scope.Name() != meta.RESTScopeNameNamespace {
		t.client = c.objects.Resource(mapping.Resource)
		return t, nil
	}
	t.namespace = namespace
	if namespace == "" {
		t.namespace = c.namespace
	}
	t.client = c.objects.Resource(mapping.Resource).Namespace(t.namespace)
	return t, nil
}

// get reads the object; nil when there is none.
func (t target) get(ctx context.Context) (*unstructured.Unstructured, error) {
	return t.call(ctx, "read", func(ctx context.Context) (*unstructured.Unstructured, error) {
		live, err := t.client.Get(ctx, t.name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil, nil
		}
		return live, err
	})
}

// applied says how an apply is done.
type applied struct {
	manager string // who will own the fields
	force   bool   // take over fields that another manager owns
	dryRun  bool
}

// apply writes the object by server-side apply. Fields that the kind does not
// have are refused by name.
func (t target) apply(ctx context.Context, object *unstructured.Unstructured, how applied) (*unstructured.Unstructured, error) {
	object = object.DeepCopy()
	object.SetName(t.name)
	object.SetNamespace(t.namespace)
	body, err := object.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("apply %s: %w", t, err)
	}
	options := metav1.PatchOptions{FieldManager: how.manager, Force: &how.force, FieldValidation: metav1.FieldValidationStrict}
	if how.dryRun {
		options.DryRun = []string{metav1.DryRunAll}
	}
	return t.call(ctx, "apply", func(ctx context.Context) (*unstructured.Unstructured, error) {
		return t.client.Patch(ctx, t.name, types.ApplyPatchType, body, options)
	})
}

// validate asks the server what it would say to the object as a new one,
// without keeping it. Taken says that another of its name exists already; the
// server finds that out last.
func (t target) validate(ctx context.Context, object *unstructured.Unstructured, manager string) (taken bool, err error) {
	object = object.DeepCopy()
	object.SetName(t.name)
	object.SetNamespace(t.namespace)
	_, err = t.call(ctx, "preview", func(ctx context.Context) (*unstructured.Unstructured, error) {
		return t.client.Create(ctx, object, metav1.CreateOptions{
			DryRun: []string{metav1.DryRunAll}, FieldManager: manager, FieldValidation: metav1.FieldValidationStrict,
		})
	})
	if apierrors.IsAlreadyExists(err) {
		return true, nil
	}
	return false, err
}

// call bounds one request, and says in its error what was tried with what.
func (t target) call(
	ctx context.Context, verb string, request func(context.Context) (*unstructured.Unstructured, error),
) (*unstructured.Unstructured, error) {
	bounded, cancel := context.WithTimeout(ctx, t.cluster.timeout)
	defer cancel()
	object, err := request(bounded)
	if err != nil {
		return nil, t.cluster.explain(fmt.Sprintf("%s %s", verb, t), err)
	}
	return object, nil
}

// explain says what failed and, where it is known, what to do about it.
func (c *cluster) explain(what string, err error) error {
	var network *net.OpError
	switch {
	case meta.IsNoMatchError(err):
		return fmt.Errorf("%s: %w; is its CustomResourceDefinition applied, and does this resource depend on it?", what, err)
	case apierrors.IsConflict(err):
		return fmt.Errorf("%s: %w; to take these fields over, annotate the resource with %s: \"true\"", what, err, annotationForce)
	case errors.As(err, &network):
		return fmt.Errorf("%s: %w; is the sandbox running at %s? (gatehouse sandbox up)", what, err, c.server)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: the API server at %s did not answer in %s", what, c.server, c.timeout)
	}
	return fmt.Errorf("%s: %w", what, err)
}
