package install

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/store"
	"gatehouse/plugins/tarball"
	"gatehouse/plugins/trail"
)

// Stage has the gate judge a plugin, and unpacks what it lets in into the store.
// What the gate refuses is a [*RefusedError] and in the audit trail; evidence that
// cannot be had now is another error, and nobody knows; so is a refusal that the audit
// trail does not take. A plugin that is built into
// an image is only judged.
func (i *Installer) Stage(ctx context.Context, r StageRequest) (result gate.Result, err error) {
	if r.Plugin.Integrity.IsZero() {
		return gate.Result{}, fmt.Errorf("stage %s: %w: no integrity says what it must be", r.Plugin.Ref, ErrInvalid)
	}
	// The portal may start at this moment, for the first time.
	if err := generation.Open(i.Store).Bootstrap(ctx, i.Extras); err != nil {
		return gate.Result{}, err
	}
	j, err := Judge(ctx, i.Sources, r)
	if err != nil {
		return gate.Result{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	for _, step := range j.Result.Steps {
		i.Log.Info("gate", "plugin", r.Plugin.String(), "step", step.Name, "verdict", string(step.Verdict), "reason", step.Reason, "remedy", step.Remedy)
	}
	switch {
	case ended(ctx):
		return j.Result, ctx.Err()
	case !j.Result.Accepted && j.Unavailable != nil && !j.refused():
		return j.Result, fmt.Errorf("judge %s: %w", r.Plugin.Ref, j.Unavailable)
	case !j.Result.Accepted:
		return j.Result, i.refuse(ctx, r.Plugin, j, j.refusal())
	}
	if r.Plugin.Strategy != plugins.Rebuild {
		entry, err := i.Store.Stage(ctx, store.Spec{Ref: r.Plugin.Ref, Integrity: r.Plugin.Integrity}, j.tarball, tarball.DefaultLimits())
		if store.Refused(err) {
			return j.Result, i.refuse(ctx, r.Plugin, j, err.Error())
		}
		if err != nil {
			return j.Result, err
		}
		i.Log.Info("staged", "plugin", r.Plugin.String(), "outcome", string(entry.Outcome), "files", len(entry.Files), "bytes", entry.Files.Bytes())
	}
	kept, exceptions := j.record()
	_, err = i.append(ctx, trail.Record{
		Action: trail.VerifyPlugin, Plugin: &r.Plugin.Ref, Integrity: r.Plugin.Integrity, Gate: kept, Exceptions: exceptions,
		Reason: i.because("it is in the configuration"), Outcome: trail.Succeeded,
	})
	return j.Result, err
}

func (i *Installer) refuse(ctx context.Context, p Plugin, j *Judgement, reason string) error {
	kept, exceptions := j.record()
	_, err := i.append(ctx, trail.Record{
		Action: trail.Refuse, Plugin: &p.Ref, Integrity: p.Integrity, Gate: kept, Exceptions: exceptions,
		Reason: reason, Outcome: trail.Refused,
	})
	if err != nil { // another try refuses it again, and perhaps tells the audit trail
		return fmt.Errorf("%s is refused (%s), and that is not in the audit trail: %w", p.Ref, reason, err)
	}
	return &RefusedError{fmt.Sprintf("%s is refused: %s", p.Ref, reason)}
}
