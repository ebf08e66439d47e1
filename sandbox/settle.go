package sandbox

import (
	"context"
	"fmt"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/crds"
	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/process"

	"k8s.io/client-go/tools/clientcmd"
)

// settle does what must follow the start of some parts, also of those that
// were started by an Up that did not come this far.
func (r *run) settle(ctx context.Context, part part, identity process.Identity) error {
	if part.settle != nil {
		if err := part.settle(ctx); err != nil {
			return fmt.Errorf("finish %s: %w", part.name, err)
		}
		return nil
	}
	switch part.name {
	case controlplane.Etcd:
		return r.seedCRDs(ctx)
	case controlplane.APIServer:
		version, err := r.probe.Version(ctx, r.state.Ports[part.name])
		if err != nil {
			return err
		}
		return r.state.update(func() { r.state.Kubernetes = version })
	case awsPart:
		if r.state.AWS.Version != "" {
			return nil
		}
		if err := emulator.Configure(ctx, emulator.Endpoint(r.state.Ports[part.name])); err != nil {
			return err
		}
		version := emulator.Version(ctx, identity)
		return r.state.update(func() { r.state.AWS.Version = version })
	default:
		return nil
	}
}

// useEndpoint takes an emulator that the caller runs instead of our own.
func (r *run) useEndpoint(ctx context.Context) error {
	if err := reachable(ctx, r.AWSEndpoint); err != nil {
		return fmt.Errorf("use AWS endpoint %s: nobody answers there: %w", r.AWSEndpoint, err)
	}
	if err := r.state.part(awsPart).Stop(ctx, grace); err != nil {
		return fmt.Errorf("stop the sandbox's own AWS emulator: %w", err)
	}
	r.step(awsPart, "uses "+r.AWSEndpoint, 0)
	return r.state.update(func() {
		delete(r.state.Parts, awsPart)
		// Nobody tells when another emulator loses what is in it: the generation
		// is that of the endpoint.
		r.state.AWS = awsState{Endpoint: r.AWSEndpoint, Generation: "external " + r.AWSEndpoint}
	})
}

// seedCRDs puts the definitions where an API server that is not running yet
// finds them.
func (r *run) seedCRDs(ctx context.Context) error {
	if r.Tools.CRDs == "" || r.state.part(controlplane.APIServer).Alive() {
		return nil
	}
	r.seeded = true
	seed, err := crds.Seed(r.Tools.CRDs, time.Now())
	if err != nil {
		return err
	}
	return r.probe.PutNew(ctx, r.state.Ports[controlplane.Etcd], seed)
}

// loadCRDs applies the definitions that are missing or have changed.
func (r *run) loadCRDs(ctx context.Context) error {
	if r.Tools.CRDs == "" {
		return nil
	}
	begin := time.Now()
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig())
	if err != nil {
		return fmt.Errorf("load the CustomResourceDefinitions: %w", err)
	}
	all, loaded, err := crds.Load(ctx, config, r.Tools.CRDs)
	if err != nil {
		return err
	}
	if loaded == 0 && !r.seeded {
		r.step("crds", "runs", 0)
	} else {
		r.step("crds", fmt.Sprintf("%d established", all), time.Since(begin))
	}
	return nil
}
