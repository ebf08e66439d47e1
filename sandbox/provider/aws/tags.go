package aws

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// marker is the tag by which the stand-in knows its own resources again after an answer was lost (see adopt.go).
// Its value is a hash of the URN. It is never shown to Pulumi.
const marker = "gatehouse:urn"

// mark returns the marker's value for a resource.
func mark(urn string) string {
	sum := sha256.Sum256([]byte(urn))
	return hex.EncodeToString(sum[:8])
}

// defaultTags are tags of the provider; they may be unknown or secret at preview.
type defaultTags resource.PropertyMap

// merge completes a resource's tags with the provider's. A resource's own tag wins.
func (d defaultTags) merge(t reflect.Type, news resource.PropertyMap) {
	if _, ok := properties(t)["tags"]; !ok || len(d) == 0 {
		return
	}
	own := news["tags"]
	if own.IsComputed() || own.IsOutput() || own.IsSecret() {
		return
	}
	tags := resource.PropertyMap{}
	maps.Copy(tags, resource.PropertyMap(d))
	if own.IsObject() {
		maps.Copy(tags, own.ObjectValue())
	}
	news["tags"] = resource.NewObjectProperty(tags)
}

// tagChange returns the tags to set and to remove so that old becomes new.
func tagChange(old, new map[string]string) (set map[string]string, unset []string) {
	set = map[string]string{}
	for k, v := range new {
		if o, ok := old[k]; !ok || o != v {
			set[k] = v
		}
	}
	for _, k := range sorted(old) {
		if _, ok := new[k]; !ok {
			unset = append(unset, k)
		}
	}
	return set, unset
}

// byARN and byID say by what a tagging operation names a resource.
func byARN(r *request) string { return r.str("arn") }
func byID(r *request) string  { return r.id }

// tagger makes a row's Tag out of a service's two operations, whose inputs name the resource in the same field. Most
// take the tags as Tags and the keys to remove as TagKeys.
func tagger[C, I1, O1, P1, I2, O2, P2 any](
	add method[C, I1, O1, P1], drop method[C, I2, O2, P2], key string, of func(*request) string,
) func(context.Context, *request, map[string]string, []string) error {
	return func(ctx context.Context, r *request, tags map[string]string, unset []string) error {
		if len(tags) > 0 {
			in, values := new(I1), props{}
			for k, v := range tags {
				values[k] = v
			}
			identify(in, key, of(r))
			if err := fill(in, props{"tags": values}, nil); err != nil {
				return err
			}
			if _, err := call(ctx, r, add, in); err != nil {
				return err
			}
		}
		if len(unset) == 0 {
			return nil
		}
		in, keys := new(I2), props{}
		identify(in, key, of(r))
		for _, k := range unset {
			keys[k] = nil
		}
		// CloudTrail and ACM want whole tags where others want keys; fill takes the field that exists.
		if err := fill(in, props{"tagKeys": anyList(unset), "tags": keys}, nil); err != nil {
			return err
		}
		_, err := call(ctx, r, drop, in)
		return err
	}
}

// listTags makes a reading of the tags out of a service's operation.
func listTags[C, I, O, P any](do method[C, I, O, P], key string, of func(*request) string) func(context.Context, *request) (props, error) {
	return func(ctx context.Context, r *request) (props, error) {
		in := new(I)
		identify(in, key, of(r))
		out, err := call(ctx, r, do, in)
		if err != nil {
			return nil, err
		}
		tags, _ := field(reflect.TypeFor[O](), "tags", nil)
		return props{"tags": plain(reflect.ValueOf(out).Elem().FieldByIndex(tags.Index), reflect.TypeFor[map[string]string](), nil)}, nil
	}
}

// anyList turns strings into a plain list value.
func anyList(list []string) []any {
	out := []any{}
	for _, s := range list {
		out = append(out, s)
	}
	return out
}
