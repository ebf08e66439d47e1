package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pooler"
)

// poolerExporter reads PgBouncer's statistics.
const poolerExporter = "quay.io/prometheuscommunity/pgbouncer-exporter:v0.11.0"

// deployPooler makes PgBouncer between the applications and the database.
func deployPooler(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, data DataOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) error {
	c := env.Config.Portal
	_, err := pooler.New(ctx, env.Named("pgbouncer"), pooler.Args{
		Namespace: namespaces[backstageNamespace], Labels: ownership(env), Meshed: env.Config.Platform.Mesh.Enabled,
		Image: imageOf(foundation, "pgbouncer", c.Images.PgBouncer), Exporter: pulumi.String(poolerExporter),
		Replicas: c.Pooler.Replicas,
		Primary:  data.Postgres.Endpoint, Readers: data.Postgres.Readers, Database: data.Postgres.Database,
		Pool: pooler.Pool{
			Mode: pooler.Mode(c.Pooler.Mode), Size: c.Pooler.PoolSize, Reserve: c.Pooler.ReservePool, MaxClients: c.Pooler.MaxClients,
		},
		Secret: "pgbouncer",
	}, opts...)
	if err != nil {
		return fmt.Errorf("deploy the pooler: %w", err)
	}
	return nil
}
