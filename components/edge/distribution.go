package edge

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Policies that AWS manages, the same in every account (CloudFront developer
// guide, "Use managed cache policies" and "Use managed origin request
// policies").
const (
	cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
	// allViewer hands every header on, among them Host and those that open a
	// WebSocket.
	allViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3"
)

// originID names the one origin within the distribution.
const originID = "load-balancer"

// newDistribution makes the distribution with the policies that it uses.
func newDistribution(ctx *pulumi.Context, name string, args Args, firewall pulumi.StringInput, child pulumi.ResourceOption) (*cloudfront.Distribution, error) {
	headers, err := newSecurityHeaders(ctx, name, args, child)
	if err != nil {
		return nil, err
	}
	static, err := newStaticCache(ctx, name, child)
	if err != nil {
		return nil, err
	}
	return cloudfront.NewDistribution(ctx, name, &cloudfront.DistributionArgs{
		Comment:       pulumi.String(name),
		Enabled:       pulumi.Bool(true),
		Aliases:       pulumi.ToStringArray([]string{args.Domain, args.API}),
		HttpVersion:   pulumi.String("http2and3"),
		IsIpv6Enabled: pulumi.Bool(true),
		PriceClass:    pulumi.String(args.PriceClass),
		WebAclId:      firewall,
		ViewerCertificate: cloudfront.DistributionViewerCertificateArgs{
			AcmCertificateArn:      args.CertificateARN,
			MinimumProtocolVersion: pulumi.String("TLSv1.2_2021"),
			SslSupportMethod:       pulumi.String("sni-only"),
		},
		Origins:               cloudfront.DistributionOriginArray{origin(args.Origin)},
		DefaultCacheBehavior:  everything(headers.ID()),
		OrderedCacheBehaviors: cloudfront.DistributionOrderedCacheBehaviorArray{staticFiles(headers.ID(), static.ID())},
		Restrictions:          cloudfront.DistributionRestrictionsArgs{GeoRestriction: geography(args.BlockedCountries)},
		LoggingConfig: cloudfront.DistributionLoggingConfigArgs{
			Bucket:         args.LogBucketDomain,
			Prefix:         pulumi.String("cloudfront/"),
			IncludeCookies: pulumi.Bool(false), // cookies carry sessions
		},
		Tags: pulumi.StringMap{"Name": pulumi.String(name)},
	}, child)
}

// origin is the load balancer, with TLS all the way.
func origin(domain string) cloudfront.DistributionOriginArgs {
	return cloudfront.DistributionOriginArgs{
		OriginId:   pulumi.String(originID),
		DomainName: pulumi.String(domain),
		CustomOriginConfig: cloudfront.DistributionOriginCustomOriginConfigArgs{
			HttpPort:             pulumi.Int(80), // AWS wants a number; the policy below never uses it
			HttpsPort:            pulumi.Int(443),
			OriginProtocolPolicy: pulumi.String("https-only"),
			OriginSslProtocols:   pulumi.ToStringArray([]string{"TLSv1.2"}),
			// The longest that CloudFront gives without a quota increase:
			// scaffolder actions are slow, and a WebSocket idles.
			OriginReadTimeout:      pulumi.Int(60),
			OriginKeepaliveTimeout: pulumi.Int(60),
		},
	}
}

// everything is the default: nothing is cached and everything handed on.
func everything(headers pulumi.StringPtrInput) cloudfront.DistributionDefaultCacheBehaviorArgs {
	return cloudfront.DistributionDefaultCacheBehaviorArgs{
		TargetOriginId:          pulumi.String(originID),
		ViewerProtocolPolicy:    pulumi.String("redirect-to-https"),
		AllowedMethods:          pulumi.ToStringArray([]string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}),
		CachedMethods:           pulumi.ToStringArray([]string{"GET", "HEAD"}),
		Compress:                pulumi.Bool(true),
		CachePolicyId:           pulumi.String(cachingDisabled),
		OriginRequestPolicyId:   pulumi.String(allViewer),
		ResponseHeadersPolicyId: headers,
	}
}

// staticFiles are what Next.js names by a hash of the content.
func staticFiles(headers, cache pulumi.StringPtrInput) cloudfront.DistributionOrderedCacheBehaviorArgs {
	return cloudfront.DistributionOrderedCacheBehaviorArgs{
		PathPattern:             pulumi.String("/_next/static/*"),
		TargetOriginId:          pulumi.String(originID),
		ViewerProtocolPolicy:    pulumi.String("redirect-to-https"),
		AllowedMethods:          pulumi.ToStringArray([]string{"GET", "HEAD"}),
		CachedMethods:           pulumi.ToStringArray([]string{"GET", "HEAD"}),
		Compress:                pulumi.Bool(true),
		CachePolicyId:           cache,
		ResponseHeadersPolicyId: headers,
	}
}

// newStaticCache keys a file by host and path alone. The host is part of the
// key, since the same path of another name is another file; a cookie is not,
// and does not reach the origin.
func newStaticCache(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (*cloudfront.CachePolicy, error) {
	const day = 24 * 60 * 60
	return cloudfront.NewCachePolicy(ctx, name+"-static", &cloudfront.CachePolicyArgs{
		Comment:    pulumi.String("files named by their content"),
		MinTtl:     pulumi.Int(1),
		DefaultTtl: pulumi.Int(day),
		MaxTtl:     pulumi.Int(365 * day),
		ParametersInCacheKeyAndForwardedToOrigin: cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginArgs{
			EnableAcceptEncodingBrotli: pulumi.Bool(true),
			EnableAcceptEncodingGzip:   pulumi.Bool(true),
			HeadersConfig: cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigArgs{
				HeaderBehavior: pulumi.String("whitelist"),
				Headers: cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigHeadersArgs{
					Items: pulumi.ToStringArray([]string{"Host"}),
				},
			},
			CookiesConfig: cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfigArgs{
				CookieBehavior: pulumi.String("none"),
			},
			QueryStringsConfig: cloudfront.CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfigArgs{
				QueryStringBehavior: pulumi.String("none"),
			},
		},
	}, child)
}

// geography refuses countries, or nobody.
func geography(blocked []string) cloudfront.DistributionRestrictionsGeoRestrictionArgs {
	if len(blocked) == 0 {
		return cloudfront.DistributionRestrictionsGeoRestrictionArgs{RestrictionType: pulumi.String("none")}
	}
	return cloudfront.DistributionRestrictionsGeoRestrictionArgs{
		RestrictionType: pulumi.String("blacklist"), Locations: pulumi.ToStringArray(blocked),
	}
}
