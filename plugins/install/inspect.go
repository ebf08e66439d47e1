package install

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gatehouse/plugins/generation"
	"gatehouse/plugins/status"
	"gatehouse/plugins/trail"
)

// inspect looks whether everything is as it was proved last. set is what configuration
// wants, by which the portal's containers are known. problems are what it finds, changed
// tells that files are among it. err is a [*RefusedError] for these, and another error for
// what nobody knows, and for what is found and not in the audit trail. A trail that is not
// whole hides nothing else: it stays so.
func (i *Installer) inspect(ctx context.Context, all *generation.Collection, set SetRequest) (problems []string, changed bool, err error) {
	torn := i.inspectTrail(ctx)
	var refused *RefusedError
	if errors.As(torn, &refused) {
		problems = append(problems, refused.Reason)
	}
	problem, changed, err := i.inspectPlugins(ctx, all, set)
	if problem != "" {
		problems = append(problems, problem)
	}
	return problems, changed, errors.Join(torn, err)
}

// inspectPlugins looks at the current generation, and at the portal that has it.
func (i *Installer) inspectPlugins(ctx context.Context, all *generation.Collection, set SetRequest) (problem string, changed bool, err error) {
	state, err := all.State()
	if err != nil || state.Current() == "" {
		return "", false, err
	}
	turn := state.History[len(state.History)-1]
	err = i.inspectFiles(ctx, all, turn.Generation)
	if err == nil {
		err = i.inspectPortal(ctx, activation{i, all, set}, turn)
	}
	var wrong *foundError
	if !errors.As(err, &wrong) {
		return "", false, err
	}
	var damaged *generation.DamagedError
	changed = errors.As(err, &damaged) || errors.Is(err, generation.ErrAbsent)
	reason := visible(wrong.Error())
	problem = reason + ": " + wrong.remedy
	if _, err := i.append(ctx, trail.Record{Action: trail.Fail, Generation: string(turn.Generation), Reason: reason, Outcome: trail.Failed}); err != nil {
		return problem, changed, fmt.Errorf("%s, and that is not in the audit trail: %w", reason, err)
	}
	return problem, changed, &RefusedError{problem}
}

// tell shows what was found. A status that was changed by hand is one more finding, and
// stays as it is: what would be written over it knows of no generation.
func (i *Installer) tell(ctx context.Context, problems []string) error {
	err := i.Status.Checked(ctx, strings.Join(problems, "; "))
	var damaged *status.DamagedError
	switch {
	case errors.As(err, &damaged):
		return &RefusedError{damaged.Error()}
	case err != nil:
		return fmt.Errorf("show what was found: %w", err)
	}
	return nil
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
	return &foundError{err, "keep this log, delete the Jobs with the label gatehouse/job=plugin-install, `gatehouse refresh`, and run up: it makes another generation of what is configured"}
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
