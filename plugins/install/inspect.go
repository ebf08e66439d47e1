package install

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/trail"
)

// inspect looks whether everything is as it was proved last. set is what configuration
// wants, by which the portal's containers are known. What it finds is a
// [*RefusedError]; changed tells that it is files.
func (i *Installer) inspect(ctx context.Context, all *generation.Collection, set SetRequest) (changed bool, err error) {
	if err := i.inspectTrail(ctx); err != nil {
		return false, err
	}
	state, err := all.State()
	if err != nil || state.Current() == "" {
		return false, err
	}
	turn := state.History[len(state.History)-1]
	err = i.inspectFiles(ctx, all, turn.Generation)
	if err == nil {
		err = i.inspectPortal(ctx, activation{i, all, set}, turn)
	}
	var wrong *foundError
	if !errors.As(err, &wrong) {
		return false, err
	}
	var damaged *generation.DamagedError
	changed = errors.As(err, &damaged) || errors.Is(err, generation.ErrAbsent)
	reason := visible(wrong.Error())
	if _, err := i.append(ctx, trail.Record{Action: trail.Fail, Generation: string(turn.Generation), Reason: reason, Outcome: trail.Failed}); err != nil {
		return changed, fmt.Errorf("%s, and that is not in the audit trail: %w", reason, err)
	}
	return changed, &RefusedError{reason + ": " + wrong.remedy}
}

// foundError is what is not as it was proved, and what to do about it.
type foundError struct {
	error
	remedy string
}

func (e *foundError) Unwrap() error { return e.error }

// inspectFiles hashes a generation's files again.
func (i *Installer) inspectFiles(ctx context.Context, all *generation.Collection, id generation.ID) error {
	found, err := all.Verify(ctx, id)
	switch {
	case err != nil && !errors.Is(err, generation.ErrAbsent):
		return err
	case err == nil && len(found) == 0:
		i.Log.Info("verified", "generation", string(id))
		return nil
	case err == nil:
		err = &generation.DamagedError{ID: id, Differences: found}
	}
	return &foundError{err, "run up again, which makes another generation of what is configured"}
}

// inspectPortal wants the same proof of the portal's pods as when it was switched: an
// annotation that was changed by hand, or a pod with another generation, shows.
func (i *Installer) inspectPortal(ctx context.Context, a activation, turn generation.Turn) error {
	g, err := a.all.Get(turn.Generation)
	if err != nil {
		return err
	}
	want := a.want(g)
	want.Images = remembered(turn.Portal.Images)
	err = a.prove(ctx, want)
	if !errors.Is(err, ErrNotProved) || ended(ctx) {
		return err
	}
	return &foundError{
		fmt.Errorf("generation %s is current, and the portal is not as it was proved: %w", g.ID, err),
		"undo what was changed by hand (`kubectl rollout undo`), or delete the Jobs plugin-activate-*, `gatehouse refresh`, and run up again",
	}
}

// inspectTrail verifies the audit trail by the head that the status has. What is none
// of it is only told: nobody can take it away before its time, and no record is missing
// for it.
func (i *Installer) inspectTrail(ctx context.Context) error {
	head, err := i.Status.Head(ctx)
	if err != nil {
		return fmt.Errorf("read where the audit trail ended: %w", err)
	}
	_, problems, err := trail.Inspect(ctx, i.Trail, head)
	if err != nil {
		return err
	}
	for _, p := range problems {
		i.Log.Warn("audit trail", "kind", string(p.Kind), "record", p.Sequence, "problem", p.Detail)
	}
	for _, p := range problems {
		if p.Kind != trail.Foreign {
			return &RefusedError{visible(fmt.Sprintf("the audit trail is not whole: %s: see `gatehouse plugin history --verify`, and keep its bucket as it is", p))}
		}
	}
	return nil
}
