package edge

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudfront"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// hstsSeconds is two years; browsers' preload list asks for one or more.
const hstsSeconds = 2 * 365 * 24 * 60 * 60

// contentSecurityPolicy is for answers that bring none of their own, such as
// redirects and error pages. Backstage's pages need inline styles and
// evaluated JSON schemas (Backstage documentation, "backend.csp").
func contentSecurityPolicy(args Args) string {
	return strings.Join([]string{
		"default-src 'self'",
		"base-uri 'self'",
		fmt.Sprintf("connect-src 'self' wss://%s https://%s wss://%s", args.Domain, args.API, args.API),
		"font-src 'self' data:",
		"form-action 'self'",
		"frame-ancestors 'none'",
		"img-src 'self' data: https:",
		"object-src 'none'",
		"script-src 'self' 'unsafe-eval'",
		"style-src 'self' 'unsafe-inline'",
		"upgrade-insecure-requests",
	}, "; ")
}

// newSecurityHeaders makes the headers that every answer carries, whatever the
// origin says (readiness guide, Security Validation).
func newSecurityHeaders(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*cloudfront.ResponseHeadersPolicy, error) {
	always := pulumi.Bool(true)
	return cloudfront.NewResponseHeadersPolicy(ctx, name+"-headers", &cloudfront.ResponseHeadersPolicyArgs{
		Comment: pulumi.String("security headers of the developer portal"),
		SecurityHeadersConfig: cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs{
			StrictTransportSecurity: cloudfront.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs{
				AccessControlMaxAgeSec: pulumi.Int(hstsSeconds), IncludeSubdomains: always, Preload: always, Override: always,
			},
			ContentSecurityPolicy: cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs{
				ContentSecurityPolicy: pulumi.String(contentSecurityPolicy(args)),
				// A page's own policy, with its nonces, is stricter than ours.
				Override: pulumi.Bool(false),
			},
			FrameOptions: cloudfront.ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs{
				FrameOption: pulumi.String("DENY"), Override: always,
			},
			ContentTypeOptions: cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs{Override: always},
			ReferrerPolicy: cloudfront.ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs{
				ReferrerPolicy: pulumi.String("strict-origin-when-cross-origin"), Override: always,
			},
		},
		CustomHeadersConfig: cloudfront.ResponseHeadersPolicyCustomHeadersConfigArgs{
			Items: cloudfront.ResponseHeadersPolicyCustomHeadersConfigItemArray{
				cloudfront.ResponseHeadersPolicyCustomHeadersConfigItemArgs{
					Header: pulumi.String("Permissions-Policy"), Override: always,
					Value: pulumi.String("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
				},
			},
		},
		RemoveHeadersConfig: cloudfront.ResponseHeadersPolicyRemoveHeadersConfigArgs{
			Items: cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArray{
				cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArgs{Header: pulumi.String("Server")},
				cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArgs{Header: pulumi.String("X-Powered-By")},
			},
		},
	}, child)
}
