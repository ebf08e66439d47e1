package generation

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gatehouse/plugins/store/tree"
	"gatehouse/plugins/store/volume"
)

// Assemble makes the generation of these plugins, in whatever order they come. No
// plugin at all is a generation too: the one after the last was uninstalled. When the
// same generation is there and verifies, it is used as it is; this is how a rollback
// gets back to the very folder. When it is there and damaged, another folder of the
// same hash is made, because the damaged one may be running.
//
// What was put together is hashed before anybody can see it. A [*DamagedError] says
// that a staged plugin has changed meanwhile: stage it again. An [*InvalidError] says
// that these plugins do not fit together.
func (c *Collection) Assemble(ctx context.Context, list []Plugin, extras []Extra) (Generation, error) {
	p, err := draft(list, extras)
	if err != nil {
		return Generation{}, &InvalidError{err}
	}
	same, next, err := c.same(ctx, p.Hash)
	if err != nil {
		return Generation{}, fmt.Errorf("assemble a generation: %w", err)
	}
	if same == "" {
		id := newID(next, p.Hash)
		if _, err := ParseID(string(id)); err != nil {
			// Whoever mounts a generation that is not there makes its folder.
			return Generation{}, &InvalidError{fmt.Errorf("there is no number behind %d: remove the folder of that number from %s/, which is no generation of ours", next-1, folder)}
		}
		return c.make(ctx, p, id)
	}
	p.ID, p.Reused = same, true
	return p.Generation, c.volume.Touch(same.path())
}

// same finds the newest generation of a hash that verifies, and the number of the
// next one.
func (c *Collection) same(ctx context.Context, hash string) (id ID, next int, err error) {
	all, err := c.IDs()
	if err != nil {
		return "", 0, err
	}
	next = 1
	for _, id := range slices.Backward(all) {
		next = max(next, id.Number()+1)
		if id.Short() != hash[:32] {
			continue
		}
		switch found, err := c.Verify(ctx, id); {
		case err != nil && !errors.Is(err, ErrAbsent):
			return "", 0, err
		case err == nil && len(found) == 0:
			return id, next, nil
		}
	}
	return "", next, nil
}

func (c *Collection) make(ctx context.Context, p plan, id ID) (g Generation, err error) {
	temp, err := c.volume.Temp(string(id))
	if err != nil {
		return Generation{}, fmt.Errorf("assemble generation %s: %w", id, err)
	}
	won := false
	defer func() {
		if !won {
			err = errors.Join(err, temp.Discard())
		}
	}()
	if err := c.fill(ctx, temp, p); err != nil {
		return Generation{}, fmt.Errorf("assemble generation %s: %w", id, err)
	}
	p.ID = id
	found, err := c.check(ctx, temp.Path(), id)
	if err == nil && len(found) > 0 {
		err = &DamagedError{ID: id, Differences: found}
	}
	if err != nil {
		return Generation{}, fmt.Errorf("assemble a generation of what is staged: %w", err)
	}
	if won, err = temp.Publish(ctx, id.path()); err != nil {
		return Generation{}, fmt.Errorf("assemble generation %s: %w", id, err)
	}
	if !won { // the name has the hash in it: it is the same, once it verifies
		found, err := c.Verify(ctx, id)
		if err == nil && len(found) > 0 {
			err = &DamagedError{ID: id, Differences: found}
		}
		if err != nil {
			return Generation{}, fmt.Errorf("assemble generation %s after another process did: %w", id, err)
		}
		p.Reused = true
	}
	return p.Generation, nil
}

func (c *Collection) fill(ctx context.Context, temp *volume.Temp, p plan) error {
	for _, room := range rooms { // also when nothing is in them
		if err := temp.Folder(room.name()); err != nil {
			return err
		}
	}
	for _, f := range p.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		from, linked := p.links[f.Path]
		if !linked {
			continue
		}
		if err := temp.Link(from, f.Path, f.Mode); err != nil {
			return fmt.Errorf("take %s from the store (stage its plugin again when it is not there): %w", from, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.writes)) {
		if err := temp.Write(name, tree.Plain, bytes.NewReader(p.writes[name])); err != nil {
			return err
		}
	}
	text, err := json.MarshalIndent(p.Generation, "", " ")
	if err != nil {
		return err
	}
	return temp.Write(manifestName, tree.Plain, bytes.NewReader(append(text, '\n')))
}

// InvalidError is what cannot be put together whoever tries: two plugins of one name,
// or fragments of app-config that do not fit. Find it with [errors.As].
type InvalidError struct{ Err error }

func (e *InvalidError) Error() string { return "assemble a generation: " + e.Err.Error() }

// Unwrap is what does not fit.
func (e *InvalidError) Unwrap() error { return e.Err }

// DamagedError is a generation that is not as it was made. Find it with [errors.As].
type DamagedError struct {
	ID          ID
	Differences []tree.Difference
}

func (d *DamagedError) Error() string {
	return fmt.Sprintf("generation %s is damaged: %s: stage its plugins again and assemble it anew", d.ID, tree.Sentence(d.Differences))
}
