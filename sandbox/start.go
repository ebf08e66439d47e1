package sandbox

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/process"

	"golang.org/x/sync/errgroup"
)

const (
	// startLimit is how long a part may take to become ready.
	startLimit = 2 * time.Minute
	// serverLimit is how long an optional part may take: nobody waits for it
	// longer than for the rest.
	serverLimit = 30 * time.Second
	// mendLimit is how long a part that is alive may be unhealthy before it is
	// started again.
	mendLimit = 10 * time.Second
	// grace is how long a part may take to end when it is asked to.
	grace = 5 * time.Second
)

// startAll brings up the parts, each as soon as what it needs is ready. One that
// is optional and fails takes only those down that need it.
func (r *run) startAll(ctx context.Context) error {
	parts := r.parts(r.Tools, r.state.Ports, r.AWSEndpoint, r.probe, r.fleet.servers)
	started := map[string]*outcome{}
	for _, part := range parts {
		started[part.name] = &outcome{done: make(chan struct{})}
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		group.Go(func() error {
			mine := started[part.name]
			mine.err = r.await(ctx, part, started)
			if mine.err == nil {
				mine.err = r.ensure(ctx, part)
			}
			if mine.err != nil && (!part.optional || ctx.Err() != nil) {
				return mine.err // which ends all others: none is to go on
			}
			close(mine.done)
			if mine.err != nil {
				return r.failed(part.name, mine.err)
			}
			return nil
		})
	}
	group.Go(func() error {
		select {
		case <-started[controlplane.APIServer].done:
			return r.loadCRDs(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return group.Wait()
}

// outcome is how the start of a part went; err is for those who have seen done
// closed.
type outcome struct {
	done chan struct{}
	err  error
}

// await returns when the parts that must be ready first are.
func (r *run) await(ctx context.Context, part part, started map[string]*outcome) error {
	for _, name := range part.after {
		first, known := started[name]
		if !known {
			return fmt.Errorf("start %s: it needs %s, which is not installed", part.name, name)
		}
		select {
		case <-first.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if first.err != nil {
			return fmt.Errorf("start %s: it needs %s, which did not start", part.name, name)
		}
	}
	return nil
}

// failed remembers why an optional part did not start.
func (r *run) failed(name string, why error) error {
	r.step(name, "failed: "+why.Error(), 0)
	return r.state.update(func() {
		if r.state.Servers.Failed == nil {
			r.state.Servers.Failed = map[string]string{}
		}
		r.state.Servers.Failed[name] = why.Error()
	})
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
	want, err := fingerprint(part.command, r.inputs(part)...)
	if err != nil {
		return fmt.Errorf("start %s: %w", part.name, err)
	}
	limited, cancel := context.WithTimeoutCause(ctx, part.limit(), fmt.Errorf("it took longer than %s", part.limit()))
	defer cancel()
	old := r.state.part(part.name)
	if old.Alive() && old.Fingerprint == want && r.recovers(ctx, part) {
		if err := r.settle(limited, part, old.Identity); err != nil {
			return err
		}
		r.step(part.name, "runs", 0)
		return nil
	}
	if err := old.Stop(ctx, grace); err != nil {
		return fmt.Errorf("start %s again: %w", part.name, err)
	}
	if part.prepare != nil {
		if err := part.prepare(limited); err != nil {
			return fmt.Errorf("prepare %s: %w", part.name, err)
		}
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
	if err := started.AwaitReady(limited, part.name, part.healthy); err != nil {
		return err
	}
	if err := r.settle(limited, part, started.Identity); err != nil {
		return err
	}
	r.step(part.name, "ready", time.Since(begin))
	return nil
}

// limit is how long the part may take to become ready.
func (p part) limit() time.Duration {
	if p.optional {
		return serverLimit
	}
	return startLimit
}

// inputs of a part's fingerprint, beside its command line: what it reads from
// files whose paths stay the same.
func (r *run) inputs(part part) []string {
	if part.optional {
		return nil
	}
	switch part.name {
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
