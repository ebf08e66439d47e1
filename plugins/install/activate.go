package install

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/status"
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
	return i.alone(ctx, func(ctx context.Context) error { return i.activate(ctx, r) })
}

// activate does so for the owner of the lease.
func (i *Installer) activate(ctx context.Context, r SetRequest) error {
	g, err := i.assemble(ctx, r)
	if err != nil {
		return err
	}
	all := generation.Open(i.Store)
	state, err := all.State()
	if err != nil {
		return err
	}
	var images map[string]Image
	if r.Build != nil {
		if images, err = i.built(ctx, *r.Build); err != nil {
			return err
		}
	}
	runs := generation.Runs{Workload: r.Workload, Images: pinned(images)}
	if times, reason := state.Failures(g.ID, runs); times >= attempts {
		return &RefusedError{fmt.Sprintf("generation %s has failed %d times in a row and is not tried again: %s. Change the plugins, or the portal that is to load them", g.ID, times, reason)}
	}
	before, err := i.Status.Set(ctx)
	if err != nil {
		return fmt.Errorf("read which plugins are proved: %w", err)
	}
	a := activation{i, all, r}
	switch err := a.try(ctx, g, runs, images, false); {
	case err == nil:
		return a.succeed(ctx, g, before)
	case errors.Is(err, ErrNotProved) && !ended(ctx):
		return a.goBack(ctx, g, runs, err)
	default:
		return err
	}
}

// activation is one set on its way into the portal.
type activation struct {
	*Installer
	all     *generation.Collection
	request SetRequest
}

// try makes a generation current, has the portal load it, and wants proof. images are
// those of runs, with all that names them.
func (a activation) try(ctx context.Context, g generation.Generation, runs generation.Runs, images map[string]Image, back bool) error {
	if _, err := a.all.SetCurrent(ctx, g.ID, runs); err != nil {
		return err
	}
	a.Log.Info("switching", "generation", string(g.ID), "back", back)
	report := Report{Phase: status.Switching, Generation: g.ID}
	if !back {
		report.Request = a.request
	}
	if err := a.Status.Show(ctx, report); err != nil {
		return fmt.Errorf("show the status: %w", err)
	}
	if err := a.Portal.Switch(ctx, g.ID, images); err != nil {
		return fmt.Errorf("switch the portal to generation %s: %w", g.ID, err)
	}
	want := a.want(g)
	want.Images = images
	if !back && a.request.Build != nil {
		want.Packages = refs(a.request.Build.Plugins)
	}
	return a.prove(ctx, want)
}

// prove asks the portal for as long as it may take to start.
func (i *Installer) prove(ctx context.Context, want Want) error {
	waiting, cancel := context.WithTimeoutCause(ctx, i.Patience, fmt.Errorf("%w: it did not start within %s", ErrNotProved, i.Patience))
	defer cancel()
	err := i.Portal.Prove(waiting, want)
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
func (a activation) succeed(ctx context.Context, g generation.Generation, before *SetRequest) error {
	head, err := a.append(ctx, trail.Record{
		Action: trail.Prove, Generation: string(g.ID), Reason: wellLoaded, Outcome: trail.Succeeded,
	})
	for _, c := range changes(before, a.request) {
		if err != nil {
			break
		}
		c.Generation, c.Reason, c.Outcome = string(g.ID), a.because(c.Reason), trail.Succeeded
		head, err = a.append(ctx, c)
	}
	if err == nil {
		err = a.mark(ctx, g, nil)
	}
	if err != nil {
		return err
	}
	a.Log.Info("proved", "generation", string(g.ID), "plugins", len(g.Plugins))
	return a.Status.Show(ctx, Report{Phase: status.Proved, Generation: g.ID, Request: a.request, Proved: &a.request, Head: head})
}

// goBack returns the portal to the last good generation, or to one without plugins
// when there never was a good one.
func (a activation) goBack(ctx context.Context, failed generation.Generation, runs generation.Runs, why error) error {
	reason := visible(why.Error())
	a.Log.Error("not proved", "generation", string(failed.ID), "reason", reason)
	_, err := a.append(ctx, trail.Record{Action: trail.Prove, Generation: string(failed.ID), Reason: reason, Outcome: trail.Failed})
	if err == nil {
		err = a.mark(ctx, failed, why)
	}
	if err != nil {
		return errors.Join(why, err)
	}
	good, before, err := a.lastGood(ctx, failed.ID, runs)
	if err != nil {
		return errors.Join(why, err)
	}
	backErr := a.try(ctx, good, before, remembered(before.Images), true)
	if backErr != nil && !errors.Is(backErr, ErrNotProved) {
		return errors.Join(why, fmt.Errorf("go back to generation %s: %w", good.ID, backErr))
	}
	record := trail.Record{Action: trail.Rollback, Generation: string(good.ID), Reason: reason, Outcome: trail.Succeeded}
	report := Report{Phase: status.RolledBack, Generation: good.ID, Failed: failed.ID, Failure: reason}
	result := fmt.Sprintf("%s. The portal is back on generation %s, which is proved", reason, good.ID)
	if backErr != nil {
		record.Outcome, report.Phase = trail.Failed, status.Stopped
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

// lastGood is the generation to go back to, and the images that ran with it. Where
// one was built, and none before, that is the base.
func (a activation) lastGood(ctx context.Context, but generation.ID, runs generation.Runs) (generation.Generation, generation.Runs, error) {
	state, err := a.all.State()
	if err != nil {
		return generation.Generation{}, generation.Runs{}, err
	}
	turn, found := state.LastGoodBut(but, runs.Images)
	before := generation.Runs{Images: turn.Portal.Images}
	if runs.Images != nil && before.Images == nil {
		if before.Images, err = a.base(ctx, *a.request.Build); err != nil {
			return generation.Generation{}, before, err
		}
	}
	if found {
		g, err := a.all.Get(turn.Generation)
		if err == nil || !errors.Is(err, generation.ErrAbsent) {
			return g, before, err
		}
	}
	g, err := a.all.Assemble(ctx, nil, a.Extras)
	return g, before, err
}

// built is the image that plugins were built into.
func (i *Installer) built(ctx context.Context, r BuildRequest) (map[string]Image, error) {
	image, err := i.Images.Image(ctx, r.Tag())
	if err != nil {
		return nil, fmt.Errorf("find the image that the plugins were built into: %w", err)
	}
	return map[string]Image{r.Container: image}, nil
}

// base is the image without them.
func (i *Installer) base(ctx context.Context, r BuildRequest) (map[string]string, error) {
	tag, digest := r.BaseTag()
	if digest != "" {
		tag = digest
	}
	image, err := i.Images.Image(ctx, tag)
	if err != nil {
		return nil, fmt.Errorf("find the portal's own image: %w", err)
	}
	return map[string]string{r.Container: image.Pinned}, nil
}

func refs(list []Plugin) []plugins.Ref {
	var all []plugins.Ref
	for _, p := range list {
		all = append(all, p.Ref)
	}
	return all
}

// changes are what became of each plugin, in the order of names.
func changes(before *SetRequest, after SetRequest) []trail.Record {
	old := map[string]Plugin{}
	if before != nil {
		for _, p := range before.Plugins {
			old[p.Name] = p
		}
	}
	var records []trail.Record
	for _, p := range after.Plugins {
		was, there := old[p.Name]
		delete(old, p.Name)
		r := trail.Record{Action: trail.Install, Plugin: &p.Ref, Integrity: p.Integrity, Reason: "it is in the configuration"}
		switch {
		case there && was.Integrity == p.Integrity && was.Strategy == p.Strategy:
			continue
		case there:
			r.Action, r.Reason = trail.Upgrade, fmt.Sprintf("it was %s (%s)", was.Version, was.Strategy)
		}
		records = append(records, r)
	}
	for _, name := range slices.Sorted(maps.Keys(old)) {
		p := old[name]
		records = append(records, trail.Record{Action: trail.Uninstall, Plugin: &p.Ref, Integrity: p.Integrity, Reason: "it is no longer in the configuration"})
	}
	return records
}
