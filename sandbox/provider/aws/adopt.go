package aws

import (
	"context"
	"errors"
	"fmt"
	"maps"
)

// The engine can be killed after AWS has made a resource and before the answer is recorded. The next run then
// creates it again. The real provider would leave a second VPC behind, or fail with "already exists". The stand-in
// knows its own: it takes the resource over and brings it to the inputs. It does so only for a resource that carries
// the marker tag of this very URN, or no tags at all (a create that was cut between two calls), or, where the type
// has no tags, one that is exactly what was asked for; and never for one that the engine knows already.

// make creates the resource r, or adopts the one that is there, and returns its ID.
func (p *standIn) make(ctx context.Context, r *request) (string, error) {
	if id, err := p.adoptEarlier(ctx, r); id != "" || err != nil {
		return id, err
	}
	id, err := r.row.Create(ctx, r.marked())
	if !exists(err) {
		return id, err
	}
	if r.row.Find != nil {
		// The call was sent twice: its first answer was lost on the way.
		if id, adoptErr := p.adoptEarlier(ctx, r); id != "" && adoptErr == nil {
			return id, nil
		}
		return "", err
	}
	id = r.str(r.row.Name)
	if id == "" || p.knows(r.row, id) {
		return "", err
	}
	if adoptErr := p.adopt(ctx, r, id); adoptErr != nil {
		return "", fmt.Errorf("%w (%w)", err, adoptErr)
	}
	return id, nil
}

// adoptEarlier takes over what the row's Find finds; the ID is empty when there is nothing to take over.
func (p *standIn) adoptEarlier(ctx context.Context, r *request) (string, error) {
	if r.row.Find == nil {
		return "", nil
	}
	id, err := r.row.Find(ctx, r)
	switch {
	case isGone(err):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("look for an earlier one: %w", err)
	case id == "" || p.knows(r.row, id):
		return "", nil
	}
	if err := p.adopt(ctx, r, id); !isGone(err) {
		return id, err
	}
	return "", nil
}

// marked returns the request with the marker among its tags.
func (r *request) marked() *request {
	if r.row.Tag == nil {
		return r
	}
	m := *r
	m.in = maps.Clone(r.in)
	tags, _ := r.in["tags"].(map[string]any)
	tags = maps.Clone(tags)
	if tags == nil {
		tags = props{}
	}
	tags[marker] = mark(r.urn)
	m.in["tags"] = tags
	return &m
}

// adopt takes over an existing resource if it is ours, and brings it to the inputs.
func (p *standIn) adopt(ctx context.Context, r *request, id string) error {
	a := *r
	a.id = id
	live, err := r.row.Read(ctx, &a)
	if err != nil {
		return err
	}
	observed, outputs := record(r.row, r.in, live)
	a.was, a.state = observed, outputs
	if r.row.Tag == nil {
		if !sameTree(observed, r.in) {
			return errors.New("not ours: its properties differ")
		}
		return nil
	}
	tags := stringMap(live["tags"])
	if len(tags) > 0 && tags[marker] != mark(r.urn) {
		return errors.New("not ours: another resource of this or another stack has this name")
	}
	return a.converge(ctx)
}
