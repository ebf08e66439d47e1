package node

import (
	"context"
	"fmt"
	"net"
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

	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/node/run"
	"gatehouse/sandbox/process"
)

// workers is how many pods a node handles at a time.
const workers = 8

// cluster is what the nodes share.
type cluster struct {
	client  kubernetes.Interface
	version string
	group   *errgroup.Group
	all     informers.SharedInformerFactory
	events  record.EventBroadcaster
	// host runs pods; nil when all pretend. logs is the port that the API server
	// asks for logs, 0 for none.
	host *run.Host
	logs int
}

// runPods starts what runs pods, and has it end with ctx.
func (c *cluster) runPods(ctx context.Context, config *rest.Config, o Options) error {
	if o.Pods == "" {
		return nil
	}
	var err error
	c.host, err = run.NewHost(context.WithoutCancel(ctx), run.Options{
		Client: c.client, Config: config, Dir: o.Pods, Programs: o.Programs, Images: o.Images, Environment: emulator.Environment(o.AWSEndpoint, o.Region),
	})
	if err != nil {
		return err
	}
	c.group.Go(func() error {
		<-ctx.Done()
		return c.host.Close()
	})
	if o.Kubelet.Certificate == "" {
		return nil
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(process.Loopback, "0"))
	if err != nil {
		return fmt.Errorf("listen for the API server: %w", err)
	}
	c.logs = listener.Addr().(*net.TCPAddr).Port
	c.group.Go(func() error { return c.host.Serve(ctx, listener, o.Kubelet) })
	return nil
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
	registered, err := register(c.client, object(m, c.version, c.logs))
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
	nodes := patient{client.CoreV1().Nodes()}
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
	resolve := func(object any) (any, error) {
		if pod, ok := object.(*corev1.Pod); ok {
			run.Resolve(pod, m.address)
		}
		return object, nil
	}
	if err := own.Core().V1().Pods().Informer().SetTransform(resolve); err != nil {
		return nil, err
	}
	controller, err := node.NewPodController(node.PodControllerConfig{
		PodClient:                             c.client.CoreV1(),
		Provider:                              c.provider(m),
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

func onlyNode(name string) func(*listOptions) {
	selector := fields.OneTermEqualSelector("spec.nodeName", name).String()
	return func(options *listOptions) { options.FieldSelector = selector }
}
