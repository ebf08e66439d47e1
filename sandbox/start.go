package sandbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/crds"
	"gatehouse/sandbox/emulator"
	"gatehouse/sandbox/process"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	// startLimit is how long a part may take to become ready.
	startLimit = 2 * time.Minute
	// mendLimit is how long a part that is alive may be unhealthy before it is
	// started again.
	mendLimit = 10 * time.Second
	// grace is how long a part may take to end when it is asked to.
	grace = 5 * time.Second
)

// startAll brings up the parts, each as soon as what it needs is ready.
func (r *run) startAll(ctx context.Context) error {
	parts := r.parts(r.Tools, r.state.Ports, r.AWSEndpoint, r.probe)
	ready := map[string]chan struct{}{}
	for _, part := range parts {
		ready[part.name] = make(chan struct{})
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		group.Go(func() error {
			if part.after != "" {
				select {
				case <-ready[part.after]:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			if err := r.ensure(ctx, part); err != nil {
				return err
			}
			close(ready[part.name])
			return nil
		})
	}
	group.Go(func() error {
		select {
		case <-ready[controlplane.APIServer]:
			return r.loadCRDs(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return group.Wait()
}

// ensure leaves a part alive and healthy.
func (r *run) ensure(ctx context.Context, part part) error {
	if part.name == awsPart && r.AWSEndpoint != "" {
		return r.useEndpoint(ctx)
	}
	begin := time.Now()
	if part.command.Path == "" {
		return fmt.Errorf("start %s: the caller named no program for it", part.name)
	}
	want, err := fingerprint(part.command, r.inputs(part.name)...)
	if err != nil {
		return fmt.Errorf("start %s: %w", part.name, err)
	}
	old := r.state.part(part.name)
	if old.Alive() && old.Fingerprint == want && r.recovers(ctx, part) {
		r.step(part.name, "runs", 0)
		return r.settle(ctx, part.name, old.Identity)
	}
	if err := old.Stop(ctx, grace); err != nil {
		return fmt.Errorf("start %s again: %w", part.name, err)
	}
	started, err := process.Start(part.command)
	if err != nil {
		return err
	}
	if err := r.state.update(func() {
		r.state.Parts[part.name] = running{Identity: started.Identity, Fingerprint: want}
		if part.name == awsPart { // in the same write: what was in the old one is gone
			r.state.AWS = awsState{Generation: rand.Text()}
		}
	}); err != nil {
		return err
	}
	limited, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("it took longer than %s", startLimit))
	defer cancel()
	if err := started.AwaitReady(limited, part.name, part.healthy); err != nil {
		return err
	}
	if err := r.settle(ctx, part.name, started.Identity); err != nil {
		return err
	}
	r.step(part.name, "ready", time.Since(begin))
	return nil
}

// inputs of a part's fingerprint, beside its command line: what it reads from
// files whose paths stay the same.
func (r *run) inputs(part string) []string {
	switch part {
	case awsPart:
		return nil
	case controlplane.Etcd, controlplane.APIServer:
		return []string{r.pki}
	default:
		return []string{r.pki, r.server} // its kubeconfig
	}
}

// recovers says whether a part that is alive is healthy, or becomes so soon: a
// part that it depends on may just have been started again.
func (r *run) recovers(ctx context.Context, part part) bool {
	ctx, cancel := context.WithTimeout(ctx, mendLimit)
	defer cancel()
	for {
		if part.healthy(ctx) == nil {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// settle does what must follow the start of some parts, also of those that
// were started by an Up that did not come this far.
func (r *run) settle(ctx context.Context, part string, identity process.Identity) error {
	switch part {
	case controlplane.Etcd:
		return r.seedCRDs(ctx)
	case controlplane.APIServer:
		version, err := r.probe.Version(ctx, r.state.Ports[part])
		if err != nil {
			return err
		}
		return r.state.update(func() { r.state.Kubernetes = version })
	case awsPart:
		if r.state.AWS.Version != "" {
			return nil
		}
		if err := emulator.Configure(ctx, emulator.Endpoint(r.state.Ports[part])); err != nil {
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
