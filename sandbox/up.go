package sandbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/process"
)

// run is one Up.
type run struct {
	*Sandbox
	Options
	state *state
	probe controlplane.Probe
	// pki is the hash of the certificate authority, server the API server's URL.
	pki, server string
	// seeded is true when etcd was given the definitions, or has them.
	seeded bool
}

// Up starts what is not alive and keeps what is, and returns when all of it is
// ready. It is safe to repeat, and mends what was killed at any point. A
// second Up or a Down at the same time waits.
func (s *Sandbox) Up(ctx context.Context, o Options) (Status, error) {
	if o.AWSEndpoint != "" {
		endpoint, err := LoopbackURL(o.AWSEndpoint)
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

func (r *run) step(part, text string, took time.Duration) {
	if r.Progress != nil {
		r.Progress(Step{Part: part, Text: text, Took: took})
	}
}
