package stacks

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"golang.org/x/sync/errgroup"

	"gatehouse/components/release"
)

// chartsFolder is where fetched charts are kept, from the project's root.
const chartsFolder = ".gatehouse/charts"

// chartsAtOnce is how many are fetched at a time.
const chartsAtOnce = 4

// withCharts fetches the charts of the catalogue, each compared with its digest,
// and returns a context in which releases install these archives and no others.
// The sandbox installs no charts and fetches none.
func withCharts(ctx *pulumi.Context, env Environment) (*pulumi.Context, error) {
	if env.Config.Sandbox != nil {
		return ctx, nil
	}
	charts, err := release.Charts()
	if err != nil {
		return nil, err
	}
	var unlocked []string
	for _, chart := range charts {
		if chart.Digest == "" {
			unlocked = append(unlocked, chart.Name)
		}
	}
	if len(unlocked) > 0 {
		return nil, fmt.Errorf("fetch the charts %s: %w", strings.Join(unlocked, ", "), release.ErrNotLocked)
	}
	archives := release.Archives{}
	paths := make([]string, len(charts))
	group, limited := errgroup.WithContext(ctx.Context())
	group.SetLimit(chartsAtOnce)
	for i, chart := range charts {
		group.Go(func() error {
			path, err := release.Fetch(limited, http.DefaultClient, filepath.Join(rootOf(ctx), chartsFolder), chart)
			// The plan names the path from the root, so that it is the same on
			// every machine.
			paths[i] = chartsFolder + "/" + filepath.Base(path)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("fetch the charts: %w", err)
	}
	for i, chart := range charts {
		archives[chart.Name] = paths[i]
	}
	return release.WithArchives(ctx, archives), nil
}
