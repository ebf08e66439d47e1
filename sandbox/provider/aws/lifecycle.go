package aws

import (
	"context"
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// begin finds the row of a resource and starts a request.
func (p *standIn) begin(urn resource.URN, id resource.ID) (*request, error) {
	row, ok := p.rows[string(urn.Type())]
	if !ok {
		return nil, fmt.Errorf("find %s: %s", urn.Name(), unknownType(string(urn.Type())))
	}
	return &request{clients: p.clients, row: row, urn: string(urn), name: urn.Name(), id: string(id)}, nil
}

// failed says which resource an error is about.
func (r *request) failed(verb string, err error) error {
	return fmt.Errorf("%s %s (%s): %w", verb, r.name, r.row.Token, err)
}

// Create makes a resource, or takes over the one that an interrupted create left behind. A preview calls no API and
// leaves outputs that are not inputs unknown.
func (p *standIn) Create(ctx context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	r, err := p.begin(req.URN, "")
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if req.Preview {
		return plugin.CreateResponse{Properties: planned(r.row, req.Properties)}, nil
	}
	r.in = unwrap(req.Properties)
	if r.row.Simulated {
		r.id, r.state = simulate(r)
		return plugin.CreateResponse{ID: resource.ID(r.id), Properties: wrap(r.row, r.state, req.Properties)}, nil
	}
	if p.clients == nil {
		return plugin.CreateResponse{}, r.failed("create", errNotConfigured)
	}
	if r.id, err = p.make(ctx, r); err != nil {
		return plugin.CreateResponse{}, r.failed("create", err)
	}
	p.remember(r.row, r.urn, r.id, nil)
	live, err := r.row.Read(ctx, r)
	if err != nil {
		return plugin.CreateResponse{}, r.failed("read back", err)
	}
	_, outputs := record(r.row, r.in, live)
	return plugin.CreateResponse{ID: resource.ID(r.id), Properties: wrap(r.row, outputs, req.Properties)}, nil
}

// planned are the outputs of a resource that does not exist yet.
func planned(row *Resource, in resource.PropertyMap) resource.PropertyMap {
	out := in.Copy()
	settable := properties(inputsOf(row))
	for name := range outputsOf(row) {
		if _, ok := settable[name]; !ok {
			out[resource.PropertyKey(name)] = resource.MakeComputed(resource.NewStringProperty(""))
		}
	}
	if tags, ok := in["tags"]; ok {
		out["tagsAll"] = tags
	}
	return out
}

// Read observes a resource, for refresh and for import. A resource that is gone has no ID.
func (p *standIn) Read(ctx context.Context, req plugin.ReadRequest) (plugin.ReadResponse, error) {
	r, err := p.begin(req.URN, req.ID)
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	r.in, r.state = unwrap(req.Inputs), unwrap(req.State)
	if r.row.Simulated {
		return plugin.ReadResponse{ReadResult: plugin.ReadResult{ID: req.ID, Inputs: req.Inputs, Outputs: req.State}}, nil
	}
	if p.clients == nil {
		return plugin.ReadResponse{}, r.failed("read", errNotConfigured)
	}
	live, err := r.row.Read(ctx, r)
	if isGone(err) {
		p.forget(r.row, r.id)
		return plugin.ReadResponse{}, nil
	}
	if err != nil {
		return plugin.ReadResponse{}, r.failed("read", err)
	}
	inputs, outputs := record(r.row, r.in, live)
	p.remember(r.row, r.urn, r.id, inputs)
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID:      req.ID,
		Inputs:  wrap(r.row, inputs, req.Inputs, req.State),
		Outputs: wrap(r.row, outputs, req.Inputs, req.State),
	}}, nil
}

// Update changes a resource in place and reads it back.
func (p *standIn) Update(ctx context.Context, req plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	r, err := p.begin(req.URN, req.ID)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if req.Preview {
		out := req.OldOutputs.Copy()
		for k := range req.OldInputs {
			delete(out, k)
		}
		maps.Copy(out, req.NewInputs)
		return plugin.UpdateResponse{Properties: out}, nil
	}
	r.in, r.was, r.state = unwrap(req.NewInputs), unwrap(req.OldInputs), unwrap(req.OldOutputs)
	if r.row.Simulated {
		_, state := simulate(r)
		return plugin.UpdateResponse{Properties: wrap(r.row, state, req.NewInputs)}, nil
	}
	if p.clients == nil {
		return plugin.UpdateResponse{}, r.failed("update", errNotConfigured)
	}
	if err := r.converge(ctx); err != nil {
		return plugin.UpdateResponse{}, r.failed("update", err)
	}
	live, err := r.row.Read(ctx, r)
	if err != nil {
		return plugin.UpdateResponse{}, r.failed("read back", err)
	}
	_, outputs := record(r.row, r.in, live)
	return plugin.UpdateResponse{Properties: wrap(r.row, outputs, req.NewInputs)}, nil
}

// converge brings the resource from r.was to r.in: its tags and whatever else changed.
func (r *request) converge(ctx context.Context) error {
	if r.row.Tag != nil && r.changed("tags") {
		set, unset := tagChange(stringMap(r.was["tags"]), r.tags())
		if err := r.row.Tag(ctx, r, set, unset); err != nil {
			return fmt.Errorf("tag: %w", err)
		}
	}
	for name := range properties(inputsOf(r.row)) {
		if name != "tags" && r.changed(name) && r.row.Update != nil {
			return r.row.Update(ctx, r)
		}
	}
	return nil
}

// Delete removes a resource. One that is gone already is success.
func (p *standIn) Delete(ctx context.Context, req plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	r, err := p.begin(req.URN, req.ID)
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	r.in, r.state = unwrap(req.Inputs), unwrap(req.Outputs)
	if !r.row.Simulated {
		if p.clients == nil {
			return plugin.DeleteResponse{}, r.failed("delete", errNotConfigured)
		}
		if err := r.row.Delete(ctx, r); err != nil && !isGone(err) {
			// Not every service says in so many words that there is nothing to delete.
			if _, readErr := r.row.Read(ctx, r); !isGone(readErr) {
				return plugin.DeleteResponse{}, r.failed("delete", err)
			}
		}
	}
	p.forget(r.row, r.id)
	return plugin.DeleteResponse{}, nil
}
