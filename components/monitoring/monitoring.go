// Package monitoring installs Prometheus, Alertmanager and Grafana
// (kube-prometheus-stack) and the exporters that look at the portal from
// outside and at the data stores from inside.
//
// Not here: alerts and Alertmanager's routes (components/alerts), dashboards
// (components/dashboards), PgBouncer's exporter, which is its sidecar
// (components/pooler), and the monitors of the portal's own workloads
// (components/workload).
package monitoring

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// Args describes the monitoring of an environment.
type Args struct {
	// Namespace is where it runs. It must let node-exporter read the host.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// Cluster is the label `cluster` of every alert and of what is sent
	// elsewhere: the environment's name.
	Cluster string
	// Meshed is whether the namespace's pods get proxies of the mesh.
	Meshed bool

	// RetentionDays is how long Prometheus keeps samples, StorageGiB the volume
	// of each server.
	RetentionDays, StorageGiB int
	// Replicas is how many Prometheus servers scrape the same targets.
	Replicas int
	// AlertmanagerReplicas is how many Alertmanagers agree on notices.
	AlertmanagerReplicas int

	// Domain is the portal's name, Postgres and Redis its data stores. Without
	// Redis, nobody asks the cache.
	Domain   string
	Postgres Postgres
	Redis    *Redis
}

// Monitoring is what is installed.
type Monitoring struct {
	pulumi.ResourceState
	component.Parts

	// Ready is what monitors and rules of others depend on: the chart that
	// brings their kinds.
	Ready []pulumi.Resource
}

// New installs it. Secrets that it expects in its namespace: grafana-admin,
// alertmanager-config, alertmanager-receivers, postgres-exporter and
// redis-exporter.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Monitoring, error) {
	m := &Monitoring{}
	err := component.Register(ctx, "gatehouse:kubernetes:Monitoring", name, m, func(child pulumi.ResourceOption) error {
		chart, err := release.New(ctx, name, release.Args{
			Chart: "kube-prometheus-stack", Name: releaseName, Namespace: args.Namespace, Values: args.values(), TimeoutSeconds: 900,
		}, child)
		if err != nil {
			return err
		}
		m.Ready = []pulumi.Resource{chart}
		after := component.DependsOn(m.Ready...)
		for _, install := range []func(*pulumi.Context, string, Args, ...pulumi.ResourceOption) error{
			newServices, newBlackbox, newPostgresExporter, newRedisExporter, newPushgateway,
		} {
			if err := install(ctx, name, args, child, after); err != nil {
				return fmt.Errorf("install monitoring: %w", err)
			}
		}
		return nil
	}, opts...)
	return m, err
}
