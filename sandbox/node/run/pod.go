package run

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// maxGrace is how long a container may take to end, whatever its pod says.
	maxGrace = 10 * time.Second
	// renewal is how often volumes are filled again with what has changed.
	renewal = time.Minute
)

// errDeadline is why a pod ends that has run for longer than it may.
var errDeadline = errors.New("the pod has run for longer than activeDeadlineSeconds")

// pod is one that runs.
type pod struct {
	host *Host
	// hostIP is the node's address, local the pod's own on this machine.
	hostIP string
	local  netip.Addr
	folder string
	// first are the init containers, main the others.
	first, main []*container
	cancel      context.CancelCauseFunc
	// done is closed when nothing of it runs.
	done chan struct{}
	// dirty has something in it when the status has changed.
	dirty chan struct{}
	// mounted are the folders of the volumes, by name. They are there before a
	// container is.
	mounted map[string]string

	mu     sync.Mutex
	object *corev1.Pod
	tokens map[string]issued
	quiet  bool
	grace  time.Duration
	// phase is empty until the pod has run; reason says why it failed as a whole.
	phase                           corev1.PodPhase
	reason, message, holdup         string
	volumesReady, initialized, lost bool
	begin                           metav1.Time
	conditions                      []corev1.PodCondition
}

// start runs the pod, and tells notify of its status as it changes.
func (p *pod) start(notify func(*corev1.Pod)) {
	ctx, cancel := context.WithCancelCause(context.Background()) // a pod ends when it is told to
	p.cancel = cancel
	over, told := make(chan struct{}), make(chan struct{})
	tell := func() {
		if object, ok := p.report(); ok {
			notify(object)
		}
	}
	go func() {
		defer close(told)
		for {
			select {
			case <-p.dirty:
				tell()
			case <-over:
				tell()
				return
			}
		}
	}()
	go func() {
		p.run(ctx)
		p.finish(context.Cause(ctx))
		cancel(errEnd)
		close(over)
		<-told
		close(p.done)
	}()
}

// run returns when no container runs or will run.
func (p *pod) run(ctx context.Context) {
	if p.lost && p.object.Spec.RestartPolicy == corev1.RestartPolicyNever {
		for _, c := range slices.Concat(p.first, p.main) {
			p.change(func() { c.state = c.last })
			if c.last.Terminated == nil {
				p.change(func() {
					c.state = terminated(codeLost, "ContainerStatusUnknown", "the node was started again", time.Now())
				})
			}
			close(c.over)
		}
		return
	}
	if deadline := p.object.Spec.ActiveDeadlineSeconds; deadline != nil {
		timer := time.AfterFunc(time.Duration(*deadline)*time.Second, func() { p.cancel(errDeadline) })
		defer timer.Stop()
	}
	mains, stopMains := context.WithCancel(ctx)
	defer stopMains()
	beside, stopBeside := context.WithCancel(context.WithoutCancel(ctx))
	var sidecars, all sync.WaitGroup
	defer sidecars.Wait()
	defer stopBeside()
	if !p.prepare(ctx) {
		p.abandon(slices.Concat(p.first, p.main))
		return
	}
	go p.renew(mains)
	for i, c := range p.first {
		if sidecar(c.spec) {
			up := make(chan struct{})
			once := sync.OnceFunc(func() { close(up) })
			sidecars.Go(func() { p.keep(beside, c, once) })
			select {
			case <-up:
			case <-ctx.Done():
			}
		} else {
			p.keep(ctx, c, func() {})
		}
		if ctx.Err() != nil || !sidecar(c.spec) && c.state.Terminated.ExitCode != 0 {
			p.abandon(slices.Concat(p.first[i+1:], p.main))
			return
		}
	}
	p.change(func() { p.initialized = true })
	for _, c := range p.main {
		all.Go(func() { p.keep(mains, c, func() {}) })
	}
	all.Wait()
}

// abandon ends containers that will not start any more.
func (p *pod) abandon(containers []*container) {
	for _, c := range containers {
		close(c.over)
	}
}

// prepare makes the volumes, and tries again while that fails, as when a claim is
// not bound yet. It returns false when ctx ends first.
func (p *pod) prepare(ctx context.Context) bool {
	for {
		folders, err := p.volumes(ctx)
		if err == nil {
			p.mounted = folders
			p.change(func() { p.volumesReady, p.holdup = true, "" })
			return ctx.Err() == nil
		}
		p.change(func() { p.holdup = err.Error() })
		if !pause(ctx, firstPause) {
			return false
		}
	}
}

// renew fills the volumes again from time to time: tokens run out, ConfigMaps
// change.
func (p *pod) renew(ctx context.Context) {
	for pause(ctx, renewal) {
		_, _ = p.volumes(ctx) // what cannot be renewed stays as it is, and is tried again
	}
}

// end has the pod end within grace. It does not wait for that.
func (p *pod) end(grace time.Duration) {
	p.mu.Lock()
	p.grace = min(p.grace, grace)
	p.mu.Unlock()
	p.cancel(errEnd)
}

// silence has nothing more told of the pod.
func (p *pod) silence() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quiet = true
}

func (p *pod) graceLeft() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.grace
}

// change changes what the status is made of.
func (p *pod) change(do func()) {
	p.mu.Lock()
	do()
	p.mu.Unlock()
	select {
	case p.dirty <- struct{}{}:
	default: // somebody will look anyway
	}
}

// snapshot is the pod as it was asked for.
func (p *pod) snapshot() *corev1.Pod {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.object.DeepCopy()
}

func (p *pod) logPath(name string) string { return logPath(p.folder, name) }

// ended is closed when a container writes no more.
func (p *pod) ended(name string) <-chan struct{} {
	for _, c := range slices.Concat(p.first, p.main) {
		if c.spec.Name == name {
			return c.over
		}
	}
	return p.done
}
