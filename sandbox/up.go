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

	"golang.org/x/sync/errgroup"
)

// run is one Up.
type run struct {
	*Sandbox
	Options
	state *state
	probe controlplane.Probe
	// pki is the hash of the certificate authority, server the API server's URL.
	pki, server string
	// fleet is the servers.
	fleet fleet
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
	if err := r.state.update(func() { r.state.Backstage = r.Tools.Backstage }); err != nil {
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
	if err := r.chooseServers(ctx); err != nil {
		return err
	}
	if err := r.choosePorts(); err != nil {
		return err
	}
	if r.state.Servers != nil {
		r.fleet = r.servers(r.Tools, *r.state.Servers, r.state.Ports)
	}
	port := r.state.Ports[controlplane.APIServer]
	r.server = controlplane.Server(port)
	return layout.WriteKubeconfigs(port)
}

// stopStrays ends parts of this sandbox that nobody has written down, because
// an earlier Up was killed or its state was lost.
func (r *run) stopStrays(ctx context.Context) error {
	known, parents := map[process.Identity]bool{}, map[int]bool{}
	for _, part := range r.state.Parts {
		known[part.Identity] = true
		parents[part.PID] = part.Alive()
	}
	for _, found := range process.Marked(mark + "=" + r.dir) {
		if known[found] || parents[found.Parent()] { // PostgreSQL is many processes
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
	names := append(partNames(), controlplane.EtcdPeer)
	if r.Data {
		names = append(names, serverPorts()...)
	}
	for _, name := range names {
		part := portOwner(name)
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

// chooseServers remembers which servers are wanted, and ends those that no
// longer are.
func (r *run) chooseServers(ctx context.Context) error {
	var wanted *serverState
	if r.Data {
		wanted = &serverState{Hosts: r.Hosts, Sentinel: r.Sentinel, StateMetrics: r.Tools.StateMetrics}
		if len(wanted.Hosts) == 0 {
			wanted.Hosts = defaultHosts
		}
		if len(wanted.Hosts) != 2 {
			return fmt.Errorf("name the hosts of the portal and of its API: %d are named", len(wanted.Hosts))
		}
	}
	keep := map[string]bool{}
	for _, name := range partNames() {
		keep[name] = true
	}
	if wanted != nil {
		for _, server := range r.servers(r.Tools, *wanted, r.state.Ports).servers {
			keep[server.Name] = true
		}
	}
	var group errgroup.Group
	var ended []string
	for name, part := range r.state.Parts {
		if !keep[name] {
			ended = append(ended, name)
			group.Go(func() error { return part.Stop(ctx, grace) })
		}
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("stop servers that are no longer wanted: %w", err)
	}
	return r.state.update(func() {
		r.state.Servers = wanted
		for _, name := range ended {
			delete(r.state.Parts, name)
		}
	})
}

func (r *run) step(part, text string, took time.Duration) {
	if r.Progress != nil {
		r.Progress(Step{Part: part, Text: text, Took: took})
	}
}
