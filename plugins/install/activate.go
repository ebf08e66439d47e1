package install

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/trail"
)

// attempts is how often one set may fail in a row. A third time would only take the
// portal through two more restarts.
const attempts = 2

// Activate makes the generation of a set the portal's, and wants proof that the
// portal has loaded exactly that. When it has not, the portal goes back to the last
// good generation, which has to be proved too, and the error is a [*RefusedError]
// that says why. Any other error means that the outcome is not known: activating
// once more goes on from there.
func (i *Installer) Activate(ctx context.Context, r SetRequest) error {
	return i.alone(ctx, func(ctx context.Context) error {
		g, err := i.assemble(ctx, r)
		if err != nil {
			return err
		}
		all := generation.Open(i.Store)
		state, err := all.State()
		if err != nil {
			return err
		}
		if times, reason := state.Failures(g.ID, r.Workload); times >= attempts {
			return &RefusedError{fmt.Sprintf("generation %s has failed %d times in a row and is not tried again: %s. Change the plugins, or the portal that is to load them", g.ID, times, reason)}
		}
		before := i.running(all, state)
		a := activation{i, all, r}
		switch err := a.try(ctx, g, r.Workload, false); {
		case err == nil:
			return a.succeed(ctx, g, before)
		case errors.Is(err, ErrNotProved) && !ended(ctx):
			return a.goBack(ctx, g, err)
		default:
			return err
		}
	})
}

// running are the plugins of the generation that was proved last.
func (i *Installer) running(all *generation.Collection, state generation.State) []generation.Member {
	if good := state.LastGood(); good != "" {
		if g, err := all.Get(good); err == nil {
			return g.Plugins
		}
	}
	return nil
}

// activation is one set on its way into the portal.
type activation struct {
	*Installer
	all     *generation.Collection
	request SetRequest
}

// try makes a generation current, has the portal load it, and wants proof.
func (a activation) try(ctx context.Context, g generation.Generation, portal string, back bool) error {
	if _, err := a.all.SetCurrent(ctx, g.ID, portal); err != nil {
		return err
	}
	a.Log.Info("switching", "generation", string(g.ID), "back", back)
	report := Report{Phase: Switching, Generation: g.ID}
	if !back {
		report.Request = a.request
	}
	if err := a.Status.Show(ctx, report); err != nil {
		return fmt.Errorf("show the status: %w", err)
	}
	if err := a.Portal.Switch(ctx, g.ID, nil); err != nil {
		return fmt.Errorf("switch the portal to generation %s: %w", g.ID, err)
	}
	waiting, cancel := context.WithTimeoutCause(ctx, a.Patience, fmt.Errorf("%w: it did not start within %s", ErrNotProved, a.Patience))
	defer cancel()
	err := a.Portal.Prove(waiting, a.want(g))
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		err = errors.Join(context.Cause(waiting), err)
	}
	return err
}

// wellLoaded is why a generation counts as proved.
const wellLoaded = "every pod has loaded exactly this"

// mark notes what came of a generation. The audit trail is written first: whoever
// ends in between does it once more, and a record too many is better than none.
func (a activation) mark(ctx context.Context, g generation.Generation, failure error) error {
	mark, reason := generation.Proved, wellLoaded
	if failure != nil {
		mark, reason = generation.Failed, visible(failure.Error())
	}
	_, err := a.all.Mark(ctx, g.ID, mark, reason)
	return err
}

// want is what the portal has to say. A container beside it only counts when the
// set has plugins for it: there is none otherwise.
func (a activation) want(g generation.Generation) Want {
	w := Want{Generation: g.ID}
	var sidecar []plugins.Ref
	for _, m := range g.Plugins {
		if m.Room == generation.Sidecar {
			sidecar = append(sidecar, m.Ref)
		} else {
			w.Portal = append(w.Portal, m.Ref)
		}
	}
	for _, m := range g.Extras {
		w.Portal = append(w.Portal, m.Ref)
	}
	if slices.ContainsFunc(a.request.Plugins, func(p Plugin) bool { return p.Strategy == plugins.Sidecar }) {
		w.Sidecar = sidecar
		for _, m := range g.Extras {
			w.Sidecar = append(w.Sidecar, m.Ref)
		}
	}
	return w
}

// succeed tells the audit trail and everybody else.
func (a activation) succeed(ctx context.Context, g generation.Generation, before []generation.Member) error {
	head, err := a.append(ctx, trail.Record{
		Action: trail.Prove, Generation: string(g.ID), Reason: wellLoaded, Outcome: trail.Succeeded,
	})
	for _, c := range changes(before, g.Plugins) {
		if err != nil {
			break
		}
		c.Generation, c.Outcome = string(g.ID), trail.Succeeded
		head, err = a.append(ctx, c)
	}
	if err == nil {
		err = a.mark(ctx, g, nil)
	}
	if err != nil {
		return err
	}
	a.Log.Info("proved", "generation", string(g.ID), "plugins", len(g.Plugins))
	return a.Status.Show(ctx, Report{Phase: Proved, Generation: g.ID, Request: a.request, Proved: &a.request, Head: head})
}

// goBack returns the portal to the last good generation, or to one without plugins
// when there never was a good one.
func (a activation) goBack(ctx context.Context, failed generation.Generation, why error) error {
	reason := visible(why.Error())
	a.Log.Error("not proved", "generation", string(failed.ID), "reason", reason)
	_, err := a.append(ctx, trail.Record{Action: trail.Prove, Generation: string(failed.ID), Reason: reason, Outcome: trail.Failed})
	if err == nil {
		err = a.mark(ctx, failed, why)
	}
	if err != nil {
		return errors.Join(why, err)
	}
	good, err := a.lastGood(ctx, failed.ID)
	if err != nil {
		return errors.Join(why, err)
	}
	backErr := a.try(ctx, good, "", true)
	if backErr != nil && !errors.Is(backErr, ErrNotProved) {
		return errors.Join(why, fmt.Errorf("go back to generation %s: %w", good.ID, backErr))
	}
	record := trail.Record{Action: trail.Rollback, Generation: string(good.ID), Reason: reason, Outcome: trail.Succeeded}
	report := Report{Phase: RolledBack, Generation: good.ID, Failed: failed.ID, Failure: reason}
	result := fmt.Sprintf("%s. The portal is back on generation %s, which is proved", reason, good.ID)
	if backErr != nil {
		record.Outcome, report.Phase = trail.Failed, Stopped
		record.Reason = visible(backErr.Error())
		result = fmt.Sprintf("%s. Going back to generation %s failed too: %s. Nothing more is tried: look at the portal's pods", reason, good.ID, record.Reason)
		report.Failure = result
	}
	head, err := a.append(ctx, record)
	if err == nil {
		err = a.mark(ctx, good, backErr)
	}
	if err != nil {
		return errors.Join(why, err)
	}
	report.Head = head
	if err := a.Status.Show(ctx, report); err != nil {
		return errors.Join(why, fmt.Errorf("show the status: %w", err))
	}
	return &RefusedError{result}
}

func (a activation) lastGood(ctx context.Context, but generation.ID) (generation.Generation, error) {
	state, err := a.all.State()
	if err != nil {
		return generation.Generation{}, err
	}
	if id := state.LastGoodBut(but); id != "" {
		g, err := a.all.Get(id)
		if err == nil || !errors.Is(err, generation.ErrAbsent) {
			return g, err
		}
	}
	return a.all.Assemble(ctx, nil, a.Extras)
}

// changes are what became of each plugin, in the order of names.
func changes(before, after []generation.Member) []trail.Record {
	old := map[string]generation.Member{}
	for _, m := range before {
		old[m.Name] = m
	}
	var records []trail.Record
	for _, m := range after {
		was, there := old[m.Name]
		delete(old, m.Name)
		r := trail.Record{Action: trail.Install, Plugin: &m.Ref, Integrity: m.Integrity, Reason: "it is in the configuration"}
		switch {
		case there && was.Integrity == m.Integrity:
			continue
		case there:
			r.Action, r.Reason = trail.Upgrade, "it was "+was.Version
		}
		records = append(records, r)
	}
	for _, m := range before {
		if _, gone := old[m.Name]; gone {
			records = append(records, trail.Record{Action: trail.Uninstall, Plugin: &m.Ref, Integrity: m.Integrity, Reason: "it is no longer in the configuration"})
		}
	}
	return records
}
