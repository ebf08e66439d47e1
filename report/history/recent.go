package history

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"gatehouse/report/readiness"
)

// atOnce is how many runs are read at once: a bucket answers slowly, and a run
// may be large.
const atOnce = 8

// Recent reads the n newest runs of an environment, newest first. One that
// cannot be read is left out, with a problem that names it, and an older one
// comes in its stead.
func Recent(ctx context.Context, store Store, environment string, n int) (runs []readiness.Run, problems []error) {
	refs, err := store.List(ctx, environment, time.Time{})
	if err != nil {
		return nil, []error{err}
	}
	for len(runs) < n && len(refs) > 0 {
		some := refs[:min(len(refs), n-len(runs))]
		refs = refs[len(some):]
		read, failed := getAll(ctx, store, some)
		runs, problems = append(runs, read...), append(problems, failed...)
		if err := ctx.Err(); err != nil {
			return runs, problems
		}
	}
	return runs, problems
}

// getAll reads runs, in the order of the refs.
func getAll(ctx context.Context, store Store, refs []readiness.Ref) (runs []readiness.Run, problems []error) {
	read := make([]readiness.Run, len(refs))
	failed := make([]error, len(refs))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, ref := range refs {
		group.Go(func() error {
			read[i], failed[i] = store.Get(ctx, ref.ID)
			return nil
		})
	}
	_ = group.Wait() // what failed is in its place
	for i := range refs {
		if failed[i] != nil {
			problems = append(problems, failed[i])
		} else {
			runs = append(runs, read[i])
		}
	}
	return runs, problems
}
