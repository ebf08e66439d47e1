package install

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/generation"
)

// grace is how long everything stays on the volume: far longer than the longest
// installation.
const grace = 24 * time.Hour

// MaintainRequest is what the nightly job does, and what it installs with when
// somebody starts it by hand.
type MaintainRequest struct {
	// Set is what configuration wants.
	Set SetRequest `json:"set"`
	// Policy is the gate's (YAML) for every plugin.
	Policy string    `json:"policy"`
	Host   gate.Host `json:"host"`
}

// ParseMaintain reads a request strictly.
func ParseMaintain(text string) (MaintainRequest, error) {
	var r MaintainRequest
	if err := decode(text, &r); err != nil {
		return r, fmt.Errorf("read the request: %w", err)
	}
	return r, r.Set.check()
}

// Maintain looks whether everything is as it was proved last: it hashes the current
// generation again, asks the portal's pods what they have loaded, and verifies the
// audit trail. What it finds is a [*RefusedError], in the status and, but for the
// trail's own faults, in the audit trail; nothing is mended, since somebody may have
// meant it. Then it removes what nobody needs, unless files were changed: those are
// evidence.
func (i *Installer) Maintain(ctx context.Context, r MaintainRequest) error {
	return i.alone(ctx, func(ctx context.Context) error {
		all := generation.Open(i.Store)
		problems, changed, found := i.inspect(ctx, all, r.Set)
		if found == nil || len(problems) > 0 { // nothing is told that nobody knows
			found = errors.Join(found, i.tell(ctx, problems))
		}
		var refused *RefusedError
		if changed || found != nil && !errors.As(found, &refused) {
			return found
		}
		running, err := i.Portal.Running(ctx)
		if err != nil {
			return errors.Join(found, fmt.Errorf("see what the portal's pods have loaded: %w", err))
		}
		garbage, err := all.GC(ctx, generation.Retention{Keep: r.Set.Keep, Running: running, Grace: grace})
		i.Log.Info("garbage", "generations", len(garbage.Generations), "plugins", len(garbage.Entries), "leftovers", len(garbage.Leftovers))
		return errors.Join(found, err)
	})
}

// InstallOne installs one plugin beside those that are proved to run, as somebody
// asked by hand (deployment guide, "Install a Plugin"). The integrity is the
// registry's own. The configuration does not know of it: the next up takes it out
// again unless it is put there.
func (i *Installer) InstallOne(ctx context.Context, r MaintainRequest, ref plugins.Ref) error {
	if err := ref.Check(); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	set, err := i.running(ctx, r)
	if err != nil {
		return err
	}
	p := Plugin{Ref: ref, Strategy: set.strategy(ref.Name)}
	if p.Strategy == plugins.Rebuild {
		return fmt.Errorf("%w: %s is built into the image, which no job in the cluster changes: give its version in the configuration", ErrInvalid, ref.Name)
	}
	j, err := Judge(ctx, i.Sources, StageRequest{Plugin: p, Policy: r.Policy, Host: r.Host})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	p.Integrity = j.Integrity
	switch err := j.Close(); {
	case err != nil:
		return err
	case p.Integrity.IsZero() && j.Unavailable != nil:
		return j.Unavailable
	case p.Integrity.IsZero():
		return &RefusedError{fmt.Sprintf("%s is refused: %s", ref, j.refusal())}
	}
	if _, err := i.Stage(ctx, StageRequest{Plugin: p, Policy: r.Policy, Host: r.Host}); err != nil {
		return err
	}
	// Of two at once the second has to see what the first has installed.
	return i.alone(ctx, func(ctx context.Context) error {
		set, err := i.running(ctx, r)
		if err != nil {
			return err
		}
		return i.activate(ctx, set.With(p))
	})
}

// running is the set that is proved to run, or else the configured one.
func (i *Installer) running(ctx context.Context, r MaintainRequest) (SetRequest, error) {
	set, err := i.Status.Set(ctx)
	switch {
	case err != nil:
		return SetRequest{}, fmt.Errorf("read which plugins are proved: %w", err)
	case set == nil:
		return r.Set, nil
	}
	return *set, nil
}

// strategy is that of a plugin of the set; another one is loaded by the portal.
func (r SetRequest) strategy(name string) plugins.Strategy {
	for _, each := range r.Plugins {
		if each.Name == name {
			return each.Strategy
		}
	}
	return plugins.Dynamic
}

// With is the set with a plugin added, or in the place of another version of it.
func (r SetRequest) With(p Plugin) SetRequest {
	with := r
	with.Plugins = nil
	for _, each := range r.Plugins {
		if each.Name == p.Name {
			p.AppConfig, p.Strategy = each.AppConfig, each.Strategy
			continue
		}
		with.Plugins = append(with.Plugins, each)
	}
	with.Plugins = append(with.Plugins, p)
	sortPlugins(with.Plugins)
	return with
}
