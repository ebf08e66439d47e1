package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The stack's outputs, by layer: few, named, and documented in
// docs/architecture.md. Readiness checks and scripts find an environment by
// them. None is a secret.

func foundationOutputs(d *deployment) pulumi.Map {
	repositories := pulumi.StringMap{}
	for name, repository := range d.foundation.Repositories {
		repositories[name] = repository.URL
	}
	return pulumi.Map{
		"backupBucket":   d.foundation.Backups.Name,
		"pluginBucket":   d.foundation.Plugins.Name,
		"auditBucket":    d.foundation.Audit.Name,
		"repositoryUrls": repositories,
	}
}

func networkOutputs(d *deployment) pulumi.Map {
	return pulumi.Map{
		"vpcId":               d.network.VPCID,
		"privateSubnetIds":    d.network.Private,
		"natGatewayAddresses": d.network.PublicAddresses,
	}
}

func edgeOutputs(d *deployment) pulumi.Map {
	return pulumi.Map{
		"distributionDomain": d.edge.DistributionDomain,
		"originDomain":       pulumi.String(d.edge.OriginDomain),
		"certificateArn":     d.edge.CertificateARN,
		"webAclArn":          d.edge.WebACLARN,
		"hostedZoneId":       d.edge.ZoneID,
	}
}

func dataOutputs(d *deployment) pulumi.Map {
	return pulumi.Map{
		"databaseIdentifier": d.data.Postgres.Identifier,
		"databaseEndpoint":   d.data.Postgres.Endpoint,
		"databaseReaders":    d.data.Postgres.Readers,
		"databaseSecretArn":  d.data.Postgres.MasterSecretARN,
		"redisEndpoint":      d.data.Redis.Endpoint,
		"filesystemId":       d.data.Filesystem.ID,
		"backupVaultArn":     d.data.VaultARN,
	}
}

func clusterOutputs(d *deployment) pulumi.Map {
	roles := pulumi.StringMap{}
	for workload, arn := range d.cluster.Roles {
		roles[workload] = arn
	}
	return pulumi.Map{
		"clusterName":     d.cluster.Name,
		"clusterEndpoint": d.cluster.Endpoint,
		"kubeconfig":      d.cluster.Kubeconfig,
		"roleArns":        roles,
	}
}

func platformOutputs(d *deployment) pulumi.Map {
	namespaces := pulumi.StringArray{}
	for _, name := range slices.Sorted(maps.Keys(d.platform.Namespaces)) {
		namespaces = append(namespaces, d.platform.Namespaces[name])
	}
	return pulumi.Map{"namespaces": namespaces}
}

func portalOutputs(d *deployment) pulumi.Map {
	outputs := pulumi.Map{
		"portalUrl": pulumi.String("https://" + portalHost(d.env)),
		"apiUrl":    pulumi.String("https://" + apiHost(d.env)),
	}
	if d.env.Config.Portal.Plugins.Managed() {
		outputs["pluginTrail"] = pluginTrail(d.foundation)
	}
	return outputs
}
