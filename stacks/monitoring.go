package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/monitoring"
)

// deployMonitoring installs Prometheus, Alertmanager, Grafana and the
// exporters, and returns what monitors and rules wait for: the charts that bring
// their kinds.
func deployMonitoring(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, data DataOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	c := env.Config.Monitoring
	made, err := monitoring.New(ctx, env.Named("monitoring"), monitoring.Args{
		Namespace: namespaces[monitoringNamespace], Labels: ownership(env),
		Cluster: env.Prefix, Meshed: env.Config.Platform.Mesh.Enabled,
		RetentionDays: c.RetentionDays, StorageGiB: c.StorageGiB,
		Replicas: c.Replicas, AlertmanagerReplicas: c.AlertmanagerReplicas,
		Domain: string(env.Config.Edge.Domain),
		Postgres: monitoring.Postgres{
			Primary: data.Postgres.Endpoint, Readers: readers(env, data), Database: data.Postgres.Database,
			CertificatesImage: imageOf(foundation, "pgbouncer", env.Config.Portal.Images.PgBouncer),
		},
		Redis: cacheToWatch(env, data),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy monitoring: %w", err)
	}
	return made.Ready, nil
}

// readers are the replicas' endpoints one by one: their number is the
// configuration's, and known before they are made.
func readers(env Environment, data DataOutputs) []pulumi.StringInput {
	var list []pulumi.StringInput
	for i := range env.Config.Data.Postgres.Replicas {
		list = append(list, data.Postgres.Readers.Index(pulumi.Int(i)))
	}
	return list
}

// cacheToWatch is nil where the cache has no user that an exporter could be.
func cacheToWatch(env Environment, data DataOutputs) *monitoring.Redis {
	if !watchesRedis(env) {
		return nil
	}
	c := env.Config.Data.Redis
	return &monitoring.Redis{Endpoint: data.Redis.Endpoint, Shards: c.Shards, ReplicasPerShard: c.ReplicasPerShard}
}
