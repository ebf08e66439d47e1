package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/dashboards"
	"gatehouse/components/monitoring"
)

// deployDashboards gives Grafana its dashboards.
func deployDashboards(ctx *pulumi.Context, env Environment, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) error {
	_, err := dashboards.New(ctx, env.Named("dashboards"), dashboards.Args{
		Namespace: namespaces[monitoringNamespace], Labels: ownership(env), Selector: monitoring.DashboardLabel,
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy dashboards: %w", err)
	}
	return nil
}
