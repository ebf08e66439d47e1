package certificate_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/certificate"
	"gatehouse/components/componenttest"
)

const name = "gatehouse-test-certificate"

func run(t *testing.T) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		edge, err := aws.NewProvider(ctx, "virginia", &aws.ProviderArgs{Region: pulumi.String("us-east-1")})
		if err != nil {
			return err
		}
		_, err = certificate.New(ctx, name, certificate.Args{
			Domain: "portal.example.com", ZoneID: pulumi.String("Z0123456789"), Edge: edge,
		})
		return err
	})
}

func TestOneCertificateARegion(t *testing.T) {
	seen := run(t)
	for _, token := range []string{"aws:acm/certificate:Certificate", "aws:acm/certificateValidation:CertificateValidation"} {
		require.Len(t, seen.OfType(token), 2)
		require.Contains(t, seen.Named(t, token, name+"-edge").Provider, "::virginia::")
		require.NotContains(t, seen.Named(t, token, name+"-regional").Provider, "::virginia::")
	}
	for _, c := range seen.OfType("aws:acm/certificate:Certificate") {
		require.Equal(t, "portal.example.com", c.Input("domainName"))
		require.Equal(t, []any{"*.portal.example.com"}, c.Input("subjectAlternativeNames"))
		require.Equal(t, "DNS", c.Input("validationMethod"))
	}
}

func TestOneRecordProvesBoth(t *testing.T) {
	seen := run(t)
	proof := seen.One(t, "aws:route53/record:Record")
	require.Equal(t, name+"-portal.example.com", proof.Name, "keyed by the domain")
	require.Equal(t, "_0123456789.portal.example.com", proof.Input("name"))
	require.Equal(t, "CNAME", proof.Input("type"))
	for _, validation := range seen.OfType("aws:acm/certificateValidation:CertificateValidation") {
		waits := false
		for _, urn := range validation.Dependencies {
			waits = waits || strings.HasSuffix(urn, "::"+proof.Name)
		}
		require.True(t, waits, "%s must wait for the record", validation.Name)
	}
}

func TestProviderOfUSEast1IsDemanded(t *testing.T) {
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := certificate.New(ctx, name, certificate.Args{Domain: "portal.example.com", ZoneID: pulumi.String("Z1")})
		return err
	})
	require.ErrorContains(t, err, "no provider of us-east-1")
}
