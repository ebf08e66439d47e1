package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newRecords points the portal's names at the distribution, over IPv4 and IPv6.
func newRecords(ctx *pulumi.Context, name string, args Args, to *cloudfront.Distribution, child pulumi.ResourceOption) error {
	for _, domain := range []string{args.Domain, args.API} {
		for _, kind := range []string{"A", "AAAA"} {
			_, err := route53.NewRecord(ctx, name+"-"+domain+"-"+kind, &route53.RecordArgs{
				ZoneId: args.ZoneID, Name: pulumi.String(domain), Type: pulumi.String(kind),
				Aliases: route53.RecordAliasArray{route53.RecordAliasArgs{
					Name: to.DomainName, ZoneId: to.HostedZoneId,
					// CloudFront does not report health.
					EvaluateTargetHealth: pulumi.Bool(false),
				}},
			}, child)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// newHealthChecks asks what a user would, from several regions of the world
// (readiness guide, Health Verification).
func newHealthChecks(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) error {
	for _, check := range []struct{ suffix, domain, path string }{
		{"portal", args.Domain, "/api/health"},
		{"api", args.API, "/healthcheck"},
	} {
		_, err := route53.NewHealthCheck(ctx, name+"-"+check.suffix, &route53.HealthCheckArgs{
			Type:             pulumi.String("HTTPS"),
			Fqdn:             pulumi.String(check.domain),
			ResourcePath:     pulumi.String(check.path),
			Port:             pulumi.Int(443),
			EnableSni:        pulumi.Bool(true),
			MeasureLatency:   pulumi.Bool(true),
			RequestInterval:  pulumi.Int(30),
			FailureThreshold: pulumi.Int(3),
			Tags:             pulumi.StringMap{"Name": pulumi.String(name + "-" + check.suffix)},
		}, child)
		if err != nil {
			return err
		}
	}
	return nil
}
