package stacks

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// export publishes the stack's outputs: few, named, and documented in
// docs/architecture.md. Readiness checks and scripts find an environment by
// them. None is a secret.
func export(ctx *pulumi.Context, foundation FoundationOutputs, network NetworkOutputs, edge EdgeOutputs, data DataOutputs, cluster ClusterOutputs) {
	repositories := pulumi.StringMap{}
	for name, repository := range foundation.Repositories {
		repositories[name] = repository.URL
	}
	roles := pulumi.StringMap{}
	for workload, arn := range cluster.Roles {
		roles[workload] = arn
	}
	for name, value := range map[string]pulumi.Input{
		"vpcId":               network.VPCID,
		"privateSubnetIds":    network.Private,
		"backupBucket":        foundation.Backups.Name,
		"pluginBucket":        foundation.Plugins.Name,
		"auditBucket":         foundation.Audit.Name,
		"repositoryUrls":      repositories,
		"databaseIdentifier":  data.Postgres.Identifier,
		"databaseEndpoint":    data.Postgres.Endpoint,
		"databaseReaders":     data.Postgres.Readers,
		"databaseSecretArn":   data.Postgres.MasterSecretARN,
		"redisEndpoint":       data.Redis.Endpoint,
		"filesystemId":        data.Filesystem.ID,
		"backupVaultArn":      data.VaultARN,
		"clusterName":         cluster.Name,
		"clusterEndpoint":     cluster.Endpoint,
		"kubeconfig":          cluster.Kubeconfig,
		"roleArns":            roles,
		"distributionDomain":  edge.DistributionDomain,
		"originDomain":        pulumi.String(edge.OriginDomain),
		"certificateArn":      edge.CertificateARN,
		"webAclArn":           edge.WebACLARN,
		"hostedZoneId":        edge.ZoneID,
		"natGatewayAddresses": network.PublicAddresses,
	} {
		ctx.Export(name, value)
	}
}
