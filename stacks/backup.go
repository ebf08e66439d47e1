package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/backup"
)

// deployBackup makes the backup jobs, the restore drill and what recovers from
// them. The logins that it makes are the portal's and Backstage's, so that it
// comes before them.
func deployBackup(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, data DataOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) error {
	if _, err := backup.New(ctx, env.Named("backup"), backupArgs(env, foundation, data, cluster, namespaces), opts...); err != nil {
		return fmt.Errorf("deploy backup: %w", err)
	}
	return nil
}

func backupArgs(env Environment, foundation FoundationOutputs, data DataOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput) backup.Args {
	c := env.Config.Backup
	return backup.Args{
		Namespace: namespaces[backstageNamespace], NamespaceName: backstageNamespace, Labels: ownership(env),
		Image:   imageOf(foundation, "keeper", env.Config.Portal.Images.Keeper),
		RoleARN: cluster.Roles["backup"],
		Region:  env.Region, Bucket: foundation.Backups.Name, KeyARN: foundation.Keys.Storage,
		Endpoint: data.Postgres.Endpoint, Instance: data.Postgres.Identifier,
		Secret:      "keeper",
		Pushgateway: "http://" + service("pushgateway", monitoringNamespace) + ":9091",
		Schedules: backup.Schedules{
			Database: string(c.Schedules.Database), Configuration: string(c.Schedules.Configuration),
			Base: string(c.Schedules.Base), Drill: string(c.Schedules.Drill),
		},
		KeepDays: c.RetentionDays, MaxAgeHours: c.MaxAgeHours, DrillMaxMinutes: c.DrillMaxMinutes,
		Recovers: map[string]backup.Recovers{
			portalNamespace:    {Namespace: namespaces[portalNamespace], Deployments: deployments(env, "portal-frontend", "websocket")},
			backstageNamespace: {Namespace: namespaces[backstageNamespace], Deployments: deployments(env, "backstage-backend")},
		},
	}
}
