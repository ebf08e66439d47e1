// Package lease lets one owner at a time change the shared volume. An owner that dies
// loses its lease by itself once it is over; there is no lock file that somebody has to
// delete, or may delete too early.
//
// The election is client-go's, on a Lease of coordination.k8s.io: it goes by how long a
// lease was not renewed while the waiting one looked, so that clocks need not agree.
// What is done under a lease is for the callers.
package lease

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Lease grants leases by name.
type Lease interface {
	// Acquire waits until the owner has the lease, or ctx is done. The owner must be
	// the only one of its name, such as a pod's name with its UID. ttl is how long an
	// owner that has died is still believed to live; it is in whole seconds, 3 or more.
	//
	// An error says who has it, or why it cannot be told.
	Acquire(ctx context.Context, name, owner string, ttl time.Duration) (*Held, error)
}

// ErrLost says that a lease was lost while it was held: another may have changed what
// it guards.
var ErrLost = errors.New("the lease was lost: it could not be renewed in time; look at what was done, and begin again")

// minimum is the shortest ttl: below, a slow answer looks like a death.
const minimum = 3 * time.Second

// Held is a lease that its owner has. It is renewed until it is released.
type Held struct {
	work    context.Context
	release func() error
}

// Context is that of the work: it ends with that of Acquire, or, with the cause
// [ErrLost], when the lease is lost, which is before anybody else can get it.
func (h *Held) Context() context.Context { return h.work }

// Release gives the lease back and waits until that is done. End the work first: the
// lease is renewed until then, also when the context of Acquire has ended. [ErrLost]
// says that it was not held any more. A second call does nothing.
func (h *Held) Release() error { return h.release() }

// hold runs an election until the lock is had.
//
// The renewal gives up after a third of the ttl, because client-go takes as long
// again for trying to give the lock back before it says that it was lost. All of it
// must be over before another can have the lock.
func hold(ctx context.Context, lock resourcelock.Interface, ttl time.Duration) (*Held, error) {
	if ttl < minimum || ttl%time.Second != 0 {
		return nil, fmt.Errorf("acquire the lease %s for %v: want whole seconds, %v or more", lock.Describe(), ttl, minimum)
	}
	// Whoever cancels ctx may still be at work: only Release ends the election.
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	watch := &watch{Interface: lock, stop: cancel}
	started, done := make(chan context.Context, 1), make(chan struct{})
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: watch, Name: lock.Describe(), ReleaseOnCancel: true,
		LeaseDuration: ttl, RenewDeadline: ttl / 3, RetryPeriod: ttl / 10,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) { started <- ctx },
			OnStoppedLeading: func() {},
		},
	})
	if err != nil {
		cancel()
		return nil, fmt.Errorf("acquire the lease %s: %w", lock.Describe(), err)
	}
	go func() {
		defer close(done)
		elector.Run(run)
	}()
	select {
	case leading := <-started:
		return held(ctx, leading, cancel, done), nil
	case <-ctx.Done():
	case <-done:
	}
	cancel()
	<-done // what was had in the last moment is given back
	return nil, fmt.Errorf("acquire the lease %s: %w", lock.Describe(), watch.why(ctx))
}

func held(ctx, leading context.Context, cancel context.CancelFunc, done <-chan struct{}) *Held {
	work, end := context.WithCancelCause(ctx)
	forget := context.AfterFunc(leading, func() { end(ErrLost) })
	return &Held{work, sync.OnceValue(func() error {
		lost := !forget()
		cancel()
		<-done
		end(nil)
		if lost {
			return fmt.Errorf("release the lease: %w", ErrLost)
		}
		return nil
	})}
}
