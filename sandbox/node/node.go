// Package node is the sandbox's nodes: kubelets without a container runtime, in
// one process. It registers a Node for each that a real environment would have,
// takes the pods that the scheduler gives them, and has those of the project's own
// images run as processes of this machine (package run). Others it reports as
// running and ready, without running anything. It also binds
// PersistentVolumeClaims, as a CSI driver's provisioner would, and runs the
// stand-ins of package controllers.
//
// The protocol with the API server is the Virtual Kubelet's.
package node

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"gatehouse/sandbox/controllers"
	"gatehouse/sandbox/node/run"
	"gatehouse/sandbox/process"
)

// Options describe the nodes.
type Options struct {
	// Region is where the nodes pretend to be, by default us-west-2; they are
	// spread over its zones a, b and c.
	Region string
	// AWSEndpoint is the emulator that secrets are read from; empty has their
	// values made up.
	AWSEndpoint string
	// Volumes is the folder that PersistentVolumes point into. A volume's own
	// folder is made for the first pod that runs with it.
	Volumes string
	// Pods is the folder of the pods that run; empty has all pods pretend.
	Pods string
	// Programs are the images whose pods run.
	Programs run.Programs
	// Images are other contents of these images.
	Images run.Images
	// Kubelet is how the API server asks for logs; the zero value has none.
	Kubelet run.Kubelet
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
	if err := f.runPods(ctx, config, o); err != nil {
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

// Processes are those of the pods whose folder that is, whoever started them.
func Processes(pods string) []process.Identity { return process.Marked(run.Mark + "=" + pods) }

// Pretended names, sorted, what the process of the nodes only pretends, for the
// status of the sandbox. backstage says whether Backstage is installed, so that its
// pods run.
func Pretended(backstage bool) []string {
	names := append(controllers.Pretended(), "containers of other images", "limits of containers and volumes")
	if !backstage {
		names = append(names, "backstage")
	}
	return slices.Sorted(slices.Values(names))
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
