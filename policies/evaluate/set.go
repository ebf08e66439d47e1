package evaluate

import (
	"context"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"gatehouse/policies/input"
	"gatehouse/report"
)

// batch is how many resources a goroutine judges at a time.
const batch = 64

// resources judges every resource on all processors, and returns what it found of
// each.
func (e *Evaluator) resources(ctx context.Context, resources []input.Resource) ([][]report.Finding, error) {
	found := make([][]report.Finding, len(resources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for begin := 0; begin < len(resources); begin += batch {
		group.Go(func() error {
			for i := begin; i < min(begin+batch, len(resources)); i++ {
				if err := ctx.Err(); err != nil {
					return fmt.Errorf("judge the resources: %w", err)
				}
				found[i] = e.judge(ctx, &resources[i], true)
			}
			return nil
		})
	}
	return found, group.Wait()
}
