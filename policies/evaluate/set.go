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

// resources judges every resource on all processors, in their order.
func (e *Evaluator) resources(ctx context.Context, resources []input.Resource) ([]report.Finding, error) {
	found := make([][]report.Finding, len(resources))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for begin := 0; begin < len(resources); begin += batch {
		group.Go(func() error {
			for i := begin; i < min(begin+batch, len(resources)); i++ {
				if err := ctx.Err(); err != nil {
					return fmt.Errorf("judge the resources: %w", err)
				}
				found[i] = e.WithDiffs(ctx, resources[i], e.Resource(ctx, resources[i]))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var all []report.Finding
	for _, findings := range found {
		all = append(all, findings...)
	}
	return all, nil
}

// WithDiffs adds to each denial what the rule would change.
func (e *Evaluator) WithDiffs(ctx context.Context, r input.Resource, findings []report.Finding) []report.Finding {
	for i, f := range findings {
		if rule, known := e.pack.Rule(f.Rule); known && rule.Remedies && f.Verdict == report.Deny {
			_, findings[i].Diff = e.remedy(ctx, rule, r)
		}
	}
	return findings
}
