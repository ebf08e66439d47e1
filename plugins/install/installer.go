package install

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gatehouse/plugins"
	"gatehouse/plugins/generation"
	"gatehouse/plugins/lease"
	"gatehouse/plugins/status"
	"gatehouse/plugins/store"
	"gatehouse/plugins/trail"
)

// Installer does the steps on one volume and one portal.
type Installer struct {
	Sources Sources
	Store   *store.Store
	// Extras are ours in every generation: the probe.
	Extras []generation.Extra
	Trail  trail.Log
	Lease  lease.Lease
	Portal Portal
	Status Status
	// Images finds images by their tag; nil when nothing is built.
	Images Images
	// Owner is this process's name for leases; Actor who asked, for the trail, and
	// Reason why they did, "" when they did not say.
	Owner, Actor, Reason string
	// Patience is how long the portal may take to start with a generation.
	Patience time.Duration
	Now      func() time.Time
	Log      *slog.Logger
}

// Portal is the running portal.
type Portal interface {
	// Switch has the portal's pods load a generation; one that they load already is
	// no change. images replace those of containers, by the container's name; one
	// that is there already, by its digest or its tag, is no change either.
	Switch(ctx context.Context, id generation.ID, images map[string]Image) error
	// Prove waits until every pod runs with the generation and asks each what it has
	// loaded. An error that wraps [ErrNotProved] is the portal's own failure; any
	// other means that it is not known.
	Prove(ctx context.Context, want Want) error
	// Running are the generations that a pod has, or could get back to.
	Running(ctx context.Context) ([]generation.ID, error)
}

// Images finds the images of the portal's repository.
type Images interface {
	// Image is what a tag points at; sha256:DIGEST is one too. A tag that is not there
	// is an error.
	Image(ctx context.Context, tag string) (Image, error)
}

// Image is an image of the portal's repository.
type Image struct {
	// Pinned is REPOSITORY@sha256:DIGEST: what is remembered, and gone back to.
	Pinned string
	// Tagged is REPOSITORY:TAG of the same, "" when no tag is known. It is as good as
	// Pinned in a repository whose tags cannot be moved.
	Tagged string
}

// pinned are images by what is remembered of them.
func pinned(images map[string]Image) map[string]string {
	if images == nil {
		return nil
	}
	all := map[string]string{}
	for container, image := range images {
		all[container] = image.Pinned
	}
	return all
}

// remembered are images of an earlier turn.
func remembered(images map[string]string) map[string]Image {
	if images == nil {
		return nil
	}
	all := map[string]Image{}
	for container, image := range images {
		all[container] = Image{Pinned: image}
	}
	return all
}

// ErrNotProved means that the portal does not run with exactly what it should.
var ErrNotProved = errors.New("it is not proved")

// Want is what the portal must have loaded.
type Want struct {
	Generation generation.ID
	// Portal and Sidecar are the plugins of each room, the extras among them.
	// Sidecar is nil when no container loads that room.
	Portal, Sidecar []plugins.Ref
	// Images are what containers must run, by name; those that are not named may run
	// what they like. Packages are what was built into them.
	Images   map[string]Image
	Packages []plugins.Ref
}

// Status is what people and commands see of the plugins.
type Status interface {
	// Show replaces what is shown. What a report leaves out stays.
	Show(ctx context.Context, report Report) error
	// Checked shows that everything was looked at again, and what was not as it was
	// proved; "" for nothing. The next report takes it back. A status that is damaged
	// stays so, and is a [*status.DamagedError].
	Checked(ctx context.Context, problem string) error
	// Set is the set that is proved to run, nil when none was shown.
	Set(ctx context.Context) (*SetRequest, error)
	// Head is the end of the audit trail as it was shown last, zero for none.
	Head(ctx context.Context) (trail.Head, error)
}

// Report is a change of what is shown.
type Report struct {
	Phase      status.Phase
	Generation generation.ID
	// Request is the set that the generation is of.
	Request SetRequest
	// Proved is the set that is proved to run, with its generation; nil leaves what
	// was shown.
	Proved *SetRequest
	// Failure is why a generation failed, with its ID; "" for none.
	Failed  generation.ID
	Failure string
	// Head is the end of the audit trail.
	Head trail.Head
}

// leaseTTL is how long an installer that died is still believed to live.
const leaseTTL = 30 * time.Second

// alone does something under the lease of the volume.
func (i *Installer) alone(ctx context.Context, do func(ctx context.Context) error) (err error) {
	held, err := i.Lease.Acquire(ctx, StatusName, i.Owner, leaseTTL)
	if err != nil {
		return fmt.Errorf("wait for other installations: %w", err)
	}
	defer func() { err = errors.Join(err, held.Release()) }()
	return do(held.Context())
}

// append writes a record behind the audit trail's last.
func (i *Installer) append(ctx context.Context, r trail.Record) (trail.Head, error) {
	known, err := i.Status.Head(ctx)
	if err != nil {
		return trail.Head{}, fmt.Errorf("read where the audit trail ended: %w", err)
	}
	r.Actor, r.Time, r.Reason = named(i.Actor), i.Now().UTC().Truncate(time.Microsecond), visible(r.Reason)
	if r.Exceptions == nil {
		r.Exceptions = []trail.Exception{}
	}
	written, err := trail.Append(ctx, i.Trail, r, known)
	if err != nil {
		return trail.Head{}, fmt.Errorf("write the audit trail: %w", err)
	}
	return trail.Head{Sequence: written.Sequence, Hash: written.Hash}, nil
}

// because adds why somebody asked to why the installer does something.
func (i *Installer) because(reason string) string {
	if i.Reason == "" {
		return reason
	}
	return reason + ": " + i.Reason
}
