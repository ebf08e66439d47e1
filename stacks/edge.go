package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/certificate"
	"gatehouse/components/edge"
	"gatehouse/components/keys"
	"gatehouse/components/zone"
)

// firewallLogDays is how long the firewall's log is kept: a year, as the
// audit trail.
const firewallLogDays = 365

// certificateIssuers may issue for the domain: ACM at the edge, and Let's
// Encrypt for cert-manager in the cluster.
func certificateIssuers() []string { return []string{"amazon.com", "letsencrypt.org"} }

// deployEdge makes the zone, the certificates, and CloudFront with its firewall.
// What AWS keeps in us-east-1 is given that region's provider by name.
func deployEdge(ctx *pulumi.Context, env Environment, foundation FoundationOutputs) (EdgeOutputs, error) {
	inLayer, err := newLayer(ctx, env, "edge", env.Providers.Regional)
	if err != nil {
		return EdgeOutputs{}, err
	}
	c := env.Config.Edge
	domain := string(c.Domain)
	dns, err := zone.New(ctx, env.Named("zone"), zone.Args{
		Domain: domain, ExistingID: c.ZoneID, Issuers: certificateIssuers(), Protect: env.Config.Environment.Protect,
	}, inLayer)
	if err != nil {
		return EdgeOutputs{}, fmt.Errorf("deploy edge: %w", err)
	}
	certificates, err := certificate.New(ctx, env.Named("certificate"), certificate.Args{
		Domain: domain, ZoneID: dns.ID, Edge: env.Providers.Edge,
	}, inLayer)
	if err != nil {
		return EdgeOutputs{}, fmt.Errorf("deploy edge: %w", err)
	}
	logsKey, err := edgeLogsKey(ctx, env, inLayer)
	if err != nil {
		return EdgeOutputs{}, fmt.Errorf("deploy edge: %w", err)
	}
	origin := "origin." + domain
	front, err := edge.New(ctx, env.Named("edge"), edge.Args{
		Domain: domain, API: "api." + domain, Origin: origin, ZoneID: dns.ID,
		CertificateARN: certificates.EdgeARN,
		RateLimit:      c.RateLimit, PriceClass: string(c.PriceClass), BlockedCountries: texts(c.BlockedCountries),
		Shield:          c.ShieldAdvanced,
		LogBucketDomain: foundation.Logs.Domain, LogsKey: logsKey, LogRetentionDays: firewallLogDays,
		Partition: env.Partition, AccountID: env.AccountID, Edge: env.Providers.Edge,
	}, inLayer)
	if err != nil {
		return EdgeOutputs{}, fmt.Errorf("deploy edge: %w", err)
	}
	return EdgeOutputs{
		ZoneID: dns.ID, CertificateARN: certificates.RegionalARN, OriginDomain: origin,
		DistributionDomain: front.DistributionDomain, WebACLARN: front.WebACLARN,
	}, nil
}

// edgeLogsKey makes a key for logs in us-east-1: a KMS key works in its own
// region only.
func edgeLogsKey(ctx *pulumi.Context, env Environment, inLayer pulumi.ResourceOption) (pulumi.StringOutput, error) {
	k, err := keys.New(ctx, env.Named("edge-key"), keys.Args{
		Only:      []keys.Purpose{keys.Logs},
		Partition: env.Partition, AccountID: env.AccountID, Region: edgeRegion,
		DeletionDays: env.Config.Foundation.KeyDeletionDays,
		Protect:      env.Config.Environment.Protect,
	}, inLayer, pulumi.Providers(env.Providers.Edge))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return k.ARN(keys.Logs), nil
}

// texts turns named strings into plain ones.
func texts[T ~string](values []T) []string {
	plain := make([]string, len(values))
	for i, v := range values {
		plain[i] = string(v)
	}
	return plain
}
