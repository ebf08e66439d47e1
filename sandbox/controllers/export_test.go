package controllers

import "context"

// ValuesOf reads values as the controllers do.
func ValuesOf(o Options) func(ctx context.Context, key, property string) (string, error) {
	values := newValues(o)
	return func(ctx context.Context, key, property string) (string, error) {
		return values.value(ctx, remoteRef{Key: key, Property: property})
	}
}
