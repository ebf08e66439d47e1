package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

// run is one Up.
type run struct {
	*Sandbox
	Options
	state *state
	probe controlplane.Probe
	// pki is the hash of the certificate authority, server the API server's URL.
	pki, server string
}

// Up starts what is not alive and keeps what is, and returns when all of it is
// ready. It is safe to repeat, and mends what was killed at any point. A
// second Up or a Down at the same time waits.
func (s *Sandbox) Up(ctx context.Context, o Options) (Status, error) {
	if o.AWSEndpoint != "" {
		endpoint, err := loopbackURL(o.AWSEndpoint)
		if err != nil {
			return Status{}, err
		}
		o.AWSEndpoint = endpoint
	}
	var status Status
	err := s.exclusively(ctx, func() error {
		r := &run{Sandbox: s, Options: o}
		if err := r.prepare(ctx); err != nil {
			return err
		}
		if err := r.startAll(ctx); err != nil {
			return err
		}
		var err error
		status, err = s.Status(ctx)
		return err
	})
	if err != nil {
		return Status{}, fmt.Errorf("start the sandbox: %w", err)
	}
	return status, nil
}

// prepare makes what the parts read: folders, certificates, ports, kubeconfigs.
func (r *run) prepare(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(r.dir, "logs"), 0o700); err != nil {
		return fmt.Errorf("make the sandbox's folder: %w", err)
	}
	state, err := r.load()
	if errors.Is(err, errDamaged) {
		r.step("sandbox", "its state was damaged and is made anew", 0)
	} else if err != nil {
		return err
	}
	r.state = state
	if err := r.stopStrays(ctx); err != nil {
		return err
	}
	layout := r.layout(r.Tools)
	if _, err := controlplane.EnsurePKI(layout.PKI()); err != nil {
		return err
	}
	authority, err := os.ReadFile(filepath.Join(layout.PKI(), "ca.crt"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(authority)
	r.pki = fmt.Sprintf("%x", sum[:8])
	if r.probe, err = layout.NewProbe(); err != nil {
		return err
	}
	if err := r.choosePorts(); err != nil {
		return err
	}
	port := r.state.Ports[controlplane.APIServer]
	r.server = controlplane.Server(port)
	return layout.WriteKubeconfigs(port)
}

// stopStrays ends parts of this sandbox that nobody has written down, because
// an earlier Up was killed or its state was lost.
func (r *run) stopStrays(ctx context.Context) error {
	known := map[process.Identity]bool{}
	for _, part := range r.state.Parts {
		known[part.Identity] = true
	}
	for _, found := range process.Marked(mark + "=" + r.dir) {
		if known[found] {
			continue
		}
		if err := found.Stop(ctx, grace); err != nil {
			return err
		}
		r.step("sandbox", fmt.Sprintf("ended a stray process (%d)", found.PID), 0)
	}
	return nil
}

// choosePorts keeps every port that is in use by its part or free, and chooses
// others for the rest.
func (r *run) choosePorts() error {
	ports := map[string]int{}
	for _, name := range append(partNames(), controlplane.EtcdPeer) {
		part := name
		if name == controlplane.EtcdPeer {
			part = controlplane.Etcd
		}
		port := r.state.Ports[name]
		for port == 0 || slices.Contains(slices.Collect(maps.Values(ports)), port) ||
			!r.state.part(part).Alive() && !process.PortFree(port) {
			free, err := process.FreePort()
			if err != nil {
				return err
			}
			port = free
		}
		ports[name] = port
	}
	return r.state.update(func() { r.state.Ports = ports })
}

// startAll brings up the parts, each as soon as what it needs is ready.
func (r *run) startAll(ctx context.Context) error {
	parts := r.parts(r.Tools, r.state.Ports, r.probe)
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

func (r *run) loadCRDs(ctx context.Context) error {
	if r.Tools.CRDs == "" {
		return nil
	}
	begin := time.Now()
	config, err := clientcmd.BuildConfigFromFlags("", r.Kubeconfig())
	if err != nil {
		return fmt.Errorf("load the CustomResourceDefinitions: %w", err)
	}
	count, err := crds.Load(ctx, config, r.Tools.CRDs)
	if err != nil {
		return err
	}
	r.step("crds", fmt.Sprintf("%d established", count), time.Since(begin))
	return nil
}

func (r *run) step(part, text string, took time.Duration) {
	if r.Progress != nil {
		r.Progress(Step{Part: part, Text: text, Took: took})
	}
}
