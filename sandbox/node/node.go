// Package node is the sandbox's nodes: kubelets without a container runtime, in
// one process. It registers a Node for each that a real environment would have,
// takes the pods that the scheduler gives them and reports those as running and
// ready, without running anything. It also binds PersistentVolumeClaims, as a
// CSI driver's provisioner would, and runs the stand-ins of package controllers.
//
// The protocol with the API server is the Virtual Kubelet's; what happens to a
// pod is behind its [node.PodLifecycleHandler], which is where a runtime that
// really runs something would go.
package node

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/virtual-kubelet/virtual-kubelet/node"
	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/record"

	"gatehouse/sandbox/controllers"
)

// workers is how many pods a node handles at a time.
const workers = 8

// Options describe the nodes.
type Options struct {
	// Region is where the nodes pretend to be, by default us-west-2; they are
	// spread over its zones a, b and c.
	Region string
	// AWSEndpoint is the emulator that secrets are read from; empty has their
	// values made up.
	AWSEndpoint string
	// Volumes is the folder that PersistentVolumes point into. Nothing is
	// created there while nothing runs.
	Volumes string
	// Usage has the metrics of pods made up, as if there were a metrics server.
	Usage bool
	// Monitoring is where the cluster's rules and routes are brought to.
	Monitoring controllers.Monitoring
	// Listen is the address that answers /healthz, such as 127.0.0.1:40000.
	// Empty means none.
	Listen string
	// Ready is called once, when all nodes are registered and take pods. It may
	// be nil.
	Ready func()
}

// Run is the nodes until ctx ends. It returns ctx's error then, and another one
// when the API server cannot be worked with.
func Run(ctx context.Context, config *rest.Config, o Options) error {
	if o.Region == "" {
		o.Region = "us-west-2"
	}
	config = rest.CopyConfig(config)
	config.QPS = -1 // the server is ours alone: no pacing
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("run nodes: %w", err)
	}
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		return fmt.Errorf("run nodes: ask the API server for its version: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	f := &cluster{client: client, version: version.GitVersion, group: group}
	if err := f.watch(ctx); err != nil {
		return fmt.Errorf("run nodes: %w", err)
	}
	ready := make(chan struct{})
	group.Go(func() error { return f.join(ctx, fleet(o.Region), ready) })
	group.Go(func() error { return bindVolumes(ctx, client, o.Volumes) })
	group.Go(func() error {
		return controllers.Run(ctx, config, controllers.Options{
			AWSEndpoint: o.AWSEndpoint, Region: o.Region, Usage: o.Usage, Monitoring: o.Monitoring,
		})
	})
	if o.Ready != nil {
		group.Go(func() error {
			select {
			case <-ready:
				o.Ready()
			case <-ctx.Done():
			}
			return nil
		})
	}
	if o.Listen != "" {
		group.Go(func() error { return serveHealth(ctx, o.Listen, ready) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("run nodes: %w", err)
	}
	return nil
}

// Pretended names, sorted, what the process of the nodes only pretends, for the
// status of the sandbox.
func Pretended() []string {
	return slices.Sorted(slices.Values(append(controllers.Pretended(), "containers", "volumes")))
}

// cluster is what the nodes share.
type cluster struct {
	client  kubernetes.Interface
	version string
	group   *errgroup.Group
	all     informers.SharedInformerFactory
	events  record.EventBroadcaster
}

// watch starts what all nodes watch. It is in sync when it returns: a pod may
// need any ConfigMap or Secret at once.
func (c *cluster) watch(ctx context.Context) error {
	c.all = informers.NewSharedInformerFactory(c.client, 0)
	// Asking for the informers is what makes the factory start them.
	c.all.Core().V1().ConfigMaps().Informer()
	c.all.Core().V1().Secrets().Informer()
	c.all.Core().V1().Services().Informer()
	c.events = record.NewBroadcaster(record.WithContext(ctx))
	c.events.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: c.client.CoreV1().Events("")})
	c.group.Go(func() error { <-ctx.Done(); c.events.Shutdown(); return nil })
	return synced(ctx, c.all)
}

// join runs the nodes, and closes ready when all are registered.
func (c *cluster) join(ctx context.Context, members []member, ready chan<- struct{}) error {
	joined := make([]<-chan struct{}, len(members))
	for i, m := range members {
		registered, err := c.member(ctx, m)
		if err != nil {
			return fmt.Errorf("node %s: %w", m.name, err)
		}
		joined[i] = registered
	}
	for _, one := range joined {
		select {
		case <-one:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	close(ready)
	return nil
}

// member starts one node; the channel closes when it is registered.
func (c *cluster) member(ctx context.Context, m member) (<-chan struct{}, error) {
	registered, err := register(c.client, object(m, c.version))
	if err != nil {
		return nil, err
	}
	pods, err := c.podController(ctx, m)
	if err != nil {
		return nil, err
	}
	c.group.Go(func() error { return pods.Run(ctx, workers) })
	c.group.Go(func() error { // announced only when pods are really taken
		select {
		case <-pods.Ready():
			return registered.Run(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return registered.Ready(), nil
}

func register(client kubernetes.Interface, spec *corev1.Node) (*node.NodeController, error) {
	nodes := client.CoreV1().Nodes()
	return node.NewNodeController(node.NewNaiveNodeProvider(), spec.DeepCopy(), nodes,
		node.WithNodeEnableLeaseV1(client.CoordinationV1().Leases(corev1.NamespaceNodeLease), node.DefaultLeaseDuration),
		// How soon a deleted Node is back.
		node.WithNodeStatusUpdateInterval(10*time.Second),
		node.WithNodeStatusUpdateErrorHandler(recreate(nodes, spec)),
	)
}

// podController handles the pods of one node.
func (c *cluster) podController(ctx context.Context, m member) (*node.PodController, error) {
	own := informers.NewSharedInformerFactoryWithOptions(c.client, 0, informers.WithTweakListOptions(onlyNode(m.name)))
	controller, err := node.NewPodController(node.PodControllerConfig{
		PodClient:                             c.client.CoreV1(),
		Provider:                              newPretend(c.client.CoreV1(), m.address),
		PodInformer:                           own.Core().V1().Pods(),
		ConfigMapInformer:                     c.all.Core().V1().ConfigMaps(),
		SecretInformer:                        c.all.Core().V1().Secrets(),
		ServiceInformer:                       c.all.Core().V1().Services(),
		EventRecorder:                         c.events.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "sandbox-node", Host: m.name}),
		SyncPodsFromKubernetesShouldRetryFunc: retryForEver,
	})
	if err != nil {
		return nil, err
	}
	own.Core().V1().Pods().Informer()
	return controller, synced(ctx, own)
}

func synced(ctx context.Context, factory informers.SharedInformerFactory) error {
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("watch %s: %w", kind, context.Cause(ctx))
		}
	}
	return nil
}

// retryForEver keeps trying pods that cannot start yet, for example because
// their Secret is not there, as a kubelet does. The library gives up by default.
func retryForEver(context.Context, string, int, time.Time, error) (*time.Duration, error) {
	pause := time.Second
	return &pause, nil
}

func serveHealth(ctx context.Context, address string, ready <-chan struct{}) error {
	handler := http.NewServeMux()
	handler.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-ready:
			w.WriteHeader(http.StatusOK)
		default:
			http.Error(w, "not registered yet", http.StatusServiceUnavailable)
		}
	})
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health: %w", err)
	}
	return ctx.Err()
}

func onlyNode(name string) func(*listOptions) {
	selector := fields.OneTermEqualSelector("spec.nodeName", name).String()
	return func(options *listOptions) { options.FieldSelector = selector }
}
