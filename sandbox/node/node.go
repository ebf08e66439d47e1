// Package node is the sandbox's node: a kubelet without a container runtime. It
// registers a Node, takes the pods that the scheduler gives it and reports them
// as running and ready, without running anything. It also binds
// PersistentVolumeClaims, as a CSI driver's provisioner would.
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
)

// workers is how many pods are handled at a time.
const workers = 8

// Options describe the node.
type Options struct {
	// Name of the Node, by default "sandbox".
	Name string
	// Zone is its availability zone, by default us-west-2a. The region is the
	// zone without its last letter.
	Zone string
	// Volumes is the folder that PersistentVolumes point into. Nothing is
	// created there while nothing runs.
	Volumes string
	// Listen is the address that answers /healthz, such as 127.0.0.1:40000.
	// Empty means none.
	Listen string
	// Ready is called once, when the node is registered and takes pods. It may
	// be nil.
	Ready func()
}

// Run is the node until ctx ends. It returns ctx's error then, and another one
// when the API server cannot be worked with.
func Run(ctx context.Context, config *rest.Config, o Options) error {
	if o.Name == "" {
		o.Name = "sandbox"
	}
	if o.Zone == "" {
		o.Zone = "us-west-2a"
	}
	config = rest.CopyConfig(config)
	config.QPS = -1 // the server is ours alone: no pacing
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("run node %s: %w", o.Name, err)
	}
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		return fmt.Errorf("run node %s: ask the API server for its version: %w", o.Name, err)
	}

	group, ctx := errgroup.WithContext(ctx)
	registered, err := register(ctx, client, object(o, version.GitVersion))
	if err != nil {
		return fmt.Errorf("run node %s: %w", o.Name, err)
	}
	pods, err := podController(ctx, group, client, o.Name)
	if err != nil {
		return fmt.Errorf("run node %s: %w", o.Name, err)
	}
	group.Go(func() error { return pods.Run(ctx, workers) })
	group.Go(func() error { // announced only when pods are really taken
		select {
		case <-pods.Ready():
			return registered.Run(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	group.Go(func() error { return bindVolumes(ctx, client, o.Volumes) })
	if o.Ready != nil {
		group.Go(func() error {
			select {
			case <-registered.Ready():
				o.Ready()
			case <-ctx.Done():
			}
			return nil
		})
	}
	if o.Listen != "" {
		group.Go(func() error { return serveHealth(ctx, o.Listen, registered.Ready()) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("run node %s: %w", o.Name, err)
	}
	return nil
}

func register(ctx context.Context, client kubernetes.Interface, spec *corev1.Node) (*node.NodeController, error) {
	nodes := client.CoreV1().Nodes()
	return node.NewNodeController(node.NewNaiveNodeProvider(), spec.DeepCopy(), nodes,
		node.WithNodeEnableLeaseV1(client.CoordinationV1().Leases(corev1.NamespaceNodeLease), node.DefaultLeaseDuration),
		// How soon a deleted Node is back.
		node.WithNodeStatusUpdateInterval(10*time.Second),
		node.WithNodeStatusUpdateErrorHandler(recreate(nodes, spec)),
	)
}

// podController handles the pods of one node. The informers are in sync when
// it returns: a pod may need any ConfigMap or Secret at once.
func podController(ctx context.Context, group *errgroup.Group, client kubernetes.Interface, name string) (*node.PodController, error) {
	own := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTweakListOptions(onlyNode(name)))
	all := informers.NewSharedInformerFactory(client, 0)
	events := record.NewBroadcaster(record.WithContext(ctx))
	events.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: client.CoreV1().Events("")})
	group.Go(func() error { <-ctx.Done(); events.Shutdown(); return nil })

	controller, err := node.NewPodController(node.PodControllerConfig{
		PodClient:                             client.CoreV1(),
		Provider:                              newPretend(client.CoreV1()),
		PodInformer:                           own.Core().V1().Pods(),
		ConfigMapInformer:                     all.Core().V1().ConfigMaps(),
		SecretInformer:                        all.Core().V1().Secrets(),
		ServiceInformer:                       all.Core().V1().Services(),
		EventRecorder:                         events.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "sandbox-node", Host: name}),
		SyncPodsFromKubernetesShouldRetryFunc: retryForEver,
	})
	if err != nil {
		return nil, err
	}
	// Asking for the informers is what makes the factories start them.
	own.Core().V1().Pods().Informer()
	for _, factory := range []informers.SharedInformerFactory{own, all} {
		factory.Start(ctx.Done())
		for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
			if !synced {
				return nil, fmt.Errorf("watch %s: %w", kind, context.Cause(ctx))
			}
		}
	}
	return controller, nil
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
