package release

import (
	"fmt"

	helmv3 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Archives are the fetched charts by name: the paths of their archives, from
// the project's root, so that two machines plan the same.
type Archives map[string]string

type archivesKey struct{}

// WithArchives returns a context in which [New] installs from these archives
// and from nothing else: a chart that is not among them is an error, so that
// none slips in unverified. It spares every component between the program and
// a release from handing the archives on.
func WithArchives(ctx *pulumi.Context, archives Archives) *pulumi.Context {
	return ctx.WithValue(archivesKey{}, archives)
}

// locate says where the chart comes from.
func locate(ctx *pulumi.Context, inputs *helmv3.ReleaseArgs, chart Chart) error {
	archives, ok := ctx.Value(archivesKey{}).(Archives)
	if !ok {
		inputs.Chart = pulumi.String(chart.Name)
		inputs.RepositoryOpts = helmv3.RepositoryOptsArgs{Repo: pulumi.String(chart.Repository)}
		return nil
	}
	path, ok := archives[chart.Name]
	if !ok {
		return fmt.Errorf("install chart %s: its archive was not fetched", chart.Name)
	}
	inputs.Chart = pulumi.String(path)
	return nil
}
