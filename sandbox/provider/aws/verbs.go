package aws

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"strings"
)

// The functions of this file make a row's Create, Read, Update and Delete out of operations of the AWS SDK. Fields are
// named by strings ("Vpc.VpcId"); a test tries every row, so a misspelled one does not survive.

// create sends the inputs and returns the ID at a path of the answer; with no path the ID is the row's name.
func create[C, I, O, P any](do method[C, I, O, P], id string, edits ...func(*request, *I)) func(context.Context, *request) (string, error) {
	return func(ctx context.Context, r *request) (string, error) {
		out, err := send(ctx, r, do, edits...)
		if err != nil {
			return "", err
		}
		if id == "" {
			return r.str(r.row.Name), nil
		}
		return text(plain(dig(out, id), reflect.TypeFor[string](), nil)), nil
	}
}

// read asks by ID and observes what is at a path of the answer (all of it when empty), of a list the first.
func read[C, I, O, P any](do method[C, I, O, P], key, result string, edits ...func(*request, *I)) func(context.Context, *request) (props, error) {
	return func(ctx context.Context, r *request) (props, error) {
		out, err := ask(ctx, r, do, key, edits...)
		if err != nil {
			return nil, err
		}
		v := dig(out, result)
		if v.Kind() == reflect.Slice {
			if v.Len() == 0 {
				return nil, errGone
			}
			v = v.Index(0)
		}
		if v.Kind() == reflect.Pointer && v.IsNil() {
			return nil, errGone
		}
		return r.see(v.Interface()), nil
	}
}

// update sends the inputs with the ID.
func update[C, I, O, P any](do method[C, I, O, P], key string, edits ...func(*request, *I)) func(context.Context, *request) error {
	return func(ctx context.Context, r *request) error {
		edits := append([]func(*request, *I){func(r *request, in *I) { identify(in, key, r.id) }}, edits...)
		_, err := send(ctx, r, do, edits...)
		return err
	}
}

// remove sends the ID only.
func remove[C, I, O, P any](do method[C, I, O, P], key string, edits ...func(*request, *I)) func(context.Context, *request) error {
	return func(ctx context.Context, r *request) error {
		_, err := ask(ctx, r, do, key, edits...)
		return err
	}
}

// again is the update of resources whose create call overwrites what is there.
func again(create func(context.Context, *request) (string, error)) func(context.Context, *request) error {
	return func(ctx context.Context, r *request) error {
		_, err := create(ctx, r)
		return err
	}
}

// nothing is the delete of what can not be deleted, such as a VPC's default security group.
func nothing(context.Context, *request) error { return nil }

// untilGone waits for a deletion that AWS ends later; the emulator needs to be asked a few times.
func untilGone(ctx context.Context, r *request) error {
	for range 5 {
		if _, err := r.row.Read(ctx, r); err != nil {
			return err
		}
	}
	return fmt.Errorf("wait for deletion of %s: it still exists", r.id)
}

// renew updates a resource that the emulator can not modify: it is deleted and made again under its name.
func renew(ctx context.Context, r *request) error {
	if err := r.row.Delete(ctx, r); err != nil && !isGone(err) {
		return err
	}
	_, err := r.row.Create(ctx, r.marked())
	return err
}

// merged reads from several operations. Each sees what the ones before it observed as the state; later ones win, and
// what they ask for may be absent.
func merged(reads ...func(context.Context, *request) (props, error)) func(context.Context, *request) (props, error) {
	return func(ctx context.Context, r *request) (props, error) {
		out := props{}
		for i, read := range reads {
			next := *r
			next.state = maps.Clone(r.state)
			if next.state == nil {
				next.state = props{}
			}
			maps.Copy(next.state, out)
			p, err := read(ctx, &next)
			if isGone(err) && i > 0 {
				continue
			}
			if err != nil {
				return nil, err
			}
			maps.Copy(out, p)
		}
		return out, nil
	}
}

// steps runs several updates or deletes in order.
func steps(all ...func(context.Context, *request) error) func(context.Context, *request) error {
	return func(ctx context.Context, r *request) error {
		for _, step := range all {
			if err := step(ctx, r); err != nil {
				return err
			}
		}
		return nil
	}
}

// then creates and runs further steps with the new ID.
func then(create func(context.Context, *request) (string, error), more ...func(context.Context, *request) error) func(context.Context, *request) (string, error) {
	return func(ctx context.Context, r *request) (string, error) {
		id, err := create(ctx, r)
		if err != nil {
			return "", err
		}
		made := *r
		made.id = id
		return id, steps(more...)(ctx, &made)
	}
}

// send calls an operation with the resource's inputs: fields of the same name are filled, then edited.
func send[C, I, O, P any](ctx context.Context, r *request, do method[C, I, O, P], edits ...func(*request, *I)) (*O, error) {
	in := new(I)
	if err := fill(in, r.in, r.row.Rename); err != nil {
		return nil, fmt.Errorf("map inputs to %T: %w", in, err)
	}
	specifyTags(in, r)
	for _, edit := range edits {
		edit(r, in)
	}
	return call(ctx, r, do, in)
}

// ask calls an operation with the resource's ID only.
func ask[C, I, O, P any](ctx context.Context, r *request, do method[C, I, O, P], key string, edits ...func(*request, *I)) (*O, error) {
	in := new(I)
	identify(in, key, r.id)
	for _, edit := range edits {
		edit(r, in)
	}
	return call(ctx, r, do, in)
}

// identify sets the field of an input that names the resource; a list gets one element.
func identify(in any, key, id string) {
	if key == "" {
		return
	}
	f := reflect.ValueOf(in).Elem().FieldByName(key)
	if !f.IsValid() {
		panic(fmt.Sprintf("%T has no field %s", in, key))
	}
	if err := set(f, id, nil); err != nil {
		panic(fmt.Sprintf("%T.%s: %v", in, key, err))
	}
}

// dig returns the value at a dotted path.
func dig(v any, path string) reflect.Value {
	out := reflect.ValueOf(v)
	if path == "" {
		return out
	}
	for name := range strings.SplitSeq(path, ".") {
		out = reflect.Indirect(out)
		if out.Kind() == reflect.Slice && out.Len() > 0 {
			out = out.Index(0)
		}
		next := out.FieldByName(name)
		if !next.IsValid() {
			panic(fmt.Sprintf("%s has no field %s", out.Type(), name))
		}
		out = next
	}
	return out
}

// specifyTags sets EC2's TagSpecifications from the tags; their type is that of the row's ARN.
func specifyTags(in any, r *request) {
	f := reflect.ValueOf(in).Elem().FieldByName("TagSpecifications")
	kind, ok := strings.CutPrefix(r.row.ARN, "ec2:")
	if !f.IsValid() || !ok || len(r.tags()) == 0 {
		return
	}
	spec := []any{props{"resourceType": strings.TrimSuffix(kind, "/"), "tags": r.in["tags"]}}
	if err := set(f, spec, nil); err != nil {
		panic(fmt.Sprintf("%T.TagSpecifications: %v", in, err))
	}
}
