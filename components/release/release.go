// Package release installs third-party charts, pinned by version and digest in
// one catalogue (charts.yaml), with typed values.
//
// A chart comes from an archive that [Fetch] has compared with the catalogue's
// digest. Where there are none (in the sandbox, which installs no charts), it is
// only named by repository and version.
//
// What a chart is told lives with the concern that needs it (ingress, mesh,
// monitoring …).
package release

import (
	"fmt"

	helmv3 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args is one release of a chart.
type Args struct {
	// Chart is its name in the catalogue, e.g. "ingress-nginx".
	Chart string
	// Name is the release's name; the chart's when empty.
	Name string
	// Namespace is where it is installed. It must exist.
	Namespace pulumi.StringInput
	// Values is a struct with json tags; see [component.Inputs].
	Values any
	// TimeoutSeconds is how long Helm waits until all is ready; 600 when 0.
	TimeoutSeconds int
}

// New installs the chart and waits until what it made is ready. A failed
// installation is undone, so that the next up starts clean.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*helmv3.Release, error) {
	chart, err := Find(args.Chart)
	if err != nil {
		return nil, err
	}
	if args.Name == "" {
		args.Name = chart.Name
	}
	if args.TimeoutSeconds == 0 {
		args.TimeoutSeconds = 600
	}
	inputs := &helmv3.ReleaseArgs{
		Version: pulumi.String(chart.Version),
		Name:    pulumi.String(args.Name), Namespace: args.Namespace.ToStringOutput().ToStringPtrOutput(),
		CreateNamespace: pulumi.Bool(false), Atomic: pulumi.Bool(true), CleanupOnFail: pulumi.Bool(true),
		MaxHistory: pulumi.Int(5), Timeout: pulumi.Int(args.TimeoutSeconds),
		Values: component.Inputs(args.Values),
	}
	if err := locate(ctx, inputs, chart); err != nil {
		return nil, err
	}
	made, err := helmv3.NewRelease(ctx, name, inputs, opts...)
	if err != nil {
		return nil, fmt.Errorf("install chart %s: %w", chart.Name, err)
	}
	return made, nil
}
