package lease

import (
	"context"
	"errors"
	"fmt"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// watch remembers why a lock could not be had: the election itself only logs it. It
// ends an election that can come to nothing.
type watch struct {
	resourcelock.Interface
	stop context.CancelFunc

	mutex  sync.Mutex
	holder string
	err    error
}

func (w *watch) Get(ctx context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	record, raw, err := w.Interface.Get(ctx)
	w.note(record, err)
	return record, raw, err
}

func (w *watch) Create(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	err := w.Interface.Create(ctx, record)
	w.note(nil, err)
	return err
}

func (w *watch) Update(ctx context.Context, record resourcelock.LeaderElectionRecord) error {
	err := w.Interface.Update(ctx, record)
	w.note(nil, err)
	return err
}

func (w *watch) note(record *resourcelock.LeaderElectionRecord, err error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if record != nil {
		w.holder = record.HolderIdentity
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return // the caller's doing, and no reason
	}
	w.err = err
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) || apierrors.IsInvalid(err) {
		w.stop()
	}
}

// why says what was in the way.
func (w *watch) why(ctx context.Context) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	switch {
	case w.err != nil:
		return fmt.Errorf("it cannot be told who has it: %w", w.err)
	case w.holder != "" && w.holder != w.Identity():
		return fmt.Errorf("%s has it; wait, or end what that does: %w", w.holder, context.Cause(ctx))
	}
	return context.Cause(ctx)
}
