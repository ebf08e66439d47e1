// Package sandbox is the embedded default: an AWS API emulator, a real Kubernetes
// control plane with one node that only pretends, and real data, web and
// monitoring servers, as processes on this machine. It starts them, mends them,
// tells how they are, and ends them.
//
// How each part is run is in the packages controlplane, emulator, node, data,
// front and metrics; how a process is started and recognised, in process. Where the programs come from
// is the caller's business, and so is what is done with the sandbox.
//
// The sandbox can never touch a real account or cluster: every part listens on
// the loopback address, every credential is a fake, and an emulator of the
// user's own choice is refused unless its address is a loopback one.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gatehouse/sandbox/controlplane"
	"gatehouse/sandbox/emulator"

	"github.com/gofrs/flock"
)

// folder holds everything that belongs to sandboxes, in a project.
const folder = ".gatehouse"

// lockName is the file that Up and Down lock. It stays when all else is gone.
const lockName = "sandbox.lock"

// AccountID is the AWS account that the sandbox's own emulator pretends to be.
const AccountID = emulator.Account

// Sandbox is the sandbox of one environment of a project folder. Each has its
// own, as each has its own cluster and account in the world: two environments
// hold namespaces, roles and buckets of the same kind, and must not meet.
type Sandbox struct {
	dir  string
	lock string
}

// Tools are the programs that a sandbox runs, as absolute paths.
type Tools struct {
	// ControlPlane is the multi-call binary of etcd and Kubernetes.
	ControlPlane string
	// CRDs is the bundle of definitions to load, made by crds.Bundle. Empty
	// loads none.
	CRDs string
	// Emulator is moto_server. It may be empty when AWSEndpoint is set.
	Emulator string
	// StateMetrics is kube-state-metrics; empty leaves it out.
	StateMetrics string
	// Gatehouse runs the node and the portal, as `gatehouse sandbox node` and
	// `gatehouse sandbox portal`.
	Gatehouse string
	// Backstage is the folder of an installed minimal Backstage; empty has its pods
	// pretend.
	Backstage string
}

// Options of [Sandbox.Up].
type Options struct {
	Tools Tools
	// AWSEndpoint is the URL of another AWS emulator, which the caller runs.
	// It must name a loopback address. Empty means the sandbox's own.
	AWSEndpoint string
	// Data has the data servers started too, and what is before them and watches
	// them: those of them that are installed. One that does not start is told of
	// in [Status.Missing], and breaks nothing else.
	Data bool
	// Hosts are the names of the portal and its API; empty means portal.sandbox.test
	// and api.portal.sandbox.test.
	Hosts []string
	// Sentinel has Redis run as a primary that sentinels watch, not as a cluster.
	Sentinel bool
	// Progress is told of each step as it ends, from several goroutines. It may
	// be nil.
	Progress func(Step)
}

// Step is something that Up has done.
type Step struct {
	// Part is the name of the part, such as etcd.
	Part string
	// Text says what happened, such as "ready", or "runs" when nothing was to be
	// done.
	Text string
	// Took is how long it took, zero when nothing was to be done.
	Took time.Duration
}

// Open returns the sandbox of an environment of the project folder root. It
// touches nothing.
func Open(root, environment string) *Sandbox {
	if absolute, err := filepath.Abs(root); err == nil {
		root = absolute // fails only when the working directory is gone
	}
	state := filepath.Join(root, folder, environment)
	// The lock lies beside the folder, because Down removes the folder.
	return &Sandbox{dir: filepath.Join(state, "sandbox"), lock: filepath.Join(state, lockName)}
}

// Environments lists the environments of the project folder root that have
// anything of a sandbox, running or not, by name.
func Environments(root string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(root, folder, "*", "*"))
	if err != nil {
		return nil, fmt.Errorf("list the sandboxes: %w", err)
	}
	var names []string
	for _, path := range found {
		name := filepath.Base(filepath.Dir(path))
		if filepath.Base(path) != lockName && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// Dir is the folder that holds everything of the sandbox.
func (s *Sandbox) Dir() string { return s.dir }

// Kubeconfig is the path of the admin's kubeconfig. The file is there once the
// sandbox has been up.
func (s *Sandbox) Kubeconfig() string { return s.layout(Tools{}).Kubeconfig(controlplane.Admin) }

func (s *Sandbox) layout(tools Tools) controlplane.Layout {
	return controlplane.Layout{Binary: tools.ControlPlane, Dir: s.dir}
}

// exclusively runs do while no other Up or Down of this sandbox runs.
func (s *Sandbox) exclusively(ctx context.Context, do func() error) error {
	if err := os.MkdirAll(filepath.Dir(s.lock), 0o700); err != nil {
		return fmt.Errorf("lock the sandbox: %w", err)
	}
	lock := flock.New(s.lock)
	locked, err := lock.TryLockContext(ctx, 50*time.Millisecond)
	if err != nil {
		return fmt.Errorf("lock the sandbox (%s): another up or down may hold it: %w", s.lock, err)
	}
	if !locked {
		return errors.New("lock the sandbox: not locked")
	}
	defer func() { _ = lock.Unlock() }()
	return do()
}
