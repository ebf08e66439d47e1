// Package edge makes what stands between the internet and the load balancer:
// a CloudFront distribution with a web application firewall before it, the
// records that point at it and the health checks that watch it.
//
// The firewall lives in us-east-1, where CloudFront reads it from. This is the
// only package that imports wafv2, which is 140,000 lines to compile. Zone
// and certificates are packages of their own; the load balancer is the ingress
// controller's.
package edge

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/shield"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args describes the edge.
type Args struct {
	// Domain is where the portal is served and API the name of its API; both
	// end in the zone.
	Domain, API string
	// Origin is the name of the load balancer, also in the zone.
	Origin string
	// ZoneID is the Route 53 zone.
	ZoneID pulumi.StringInput
	// CertificateARN is the us-east-1 certificate of Domain and API.
	CertificateARN pulumi.StringInput
	// RateLimit is how many requests an address may send in five minutes.
	RateLimit int
	// PriceClass is which edge locations serve, e.g. PriceClass_100.
	PriceClass string
	// BlockedCountries are ISO 3166 alpha-2 codes; none blocks nobody.
	BlockedCountries []string
	// Shield adds Shield Advanced, which the account must have subscribed to.
	Shield bool
	// LogBucketDomain is the domain name of the bucket of access logs; the
	// bucket accepts CloudFront's ACL.
	LogBucketDomain pulumi.StringInput
	// LogsKey is the ARN of a KMS key in us-east-1 for the firewall's log.
	LogsKey pulumi.StringInput
	// LogRetentionDays is how long the firewall's log is kept.
	LogRetentionDays int
	// Partition and AccountID say whose log delivery may write it.
	Partition, AccountID string
	// Edge is the provider of us-east-1.
	Edge pulumi.ProviderResource
}

// Edge is the distribution with its firewall.
type Edge struct {
	pulumi.ResourceState
	component.Parts

	// DistributionDomain is CloudFront's own name of the distribution.
	DistributionDomain pulumi.StringOutput `pulumi:"distributionDomain"`
	DistributionARN    pulumi.StringOutput `pulumi:"distributionArn"`
	WebACLARN          pulumi.StringOutput `pulumi:"webAclArn"`
}

// New makes the edge.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Edge, error) {
	if args.Edge == nil {
		return nil, fmt.Errorf("make edge %s: no provider of us-east-1, where CloudFront reads its firewall", name)
	}
	e := &Edge{}
	return e, component.Register(ctx, "gatehouse:aws:Edge", name, e, func(child pulumi.ResourceOption) error {
		acl, err := newFirewall(ctx, name, args, child, pulumi.Provider(args.Edge))
		if err != nil {
			return err
		}
		distribution, err := newDistribution(ctx, name, args, acl.Arn, child)
		if err != nil {
			return err
		}
		if err := newRecords(ctx, name, args, distribution, child); err != nil {
			return err
		}
		if err := newHealthChecks(ctx, name, args, child); err != nil {
			return err
		}
		if args.Shield {
			_, err := shield.NewProtection(ctx, name+"-shield", &shield.ProtectionArgs{
				Name: pulumi.String(name), ResourceArn: distribution.Arn,
			}, child, pulumi.Provider(args.Edge))
			if err != nil {
				return err
			}
		}
		e.DistributionDomain, e.DistributionARN, e.WebACLARN = distribution.DomainName, distribution.Arn, acl.Arn
		return nil
	}, opts...)
}
