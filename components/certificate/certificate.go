// Package certificate makes the two ACM certificates of a domain, one in the
// environment's region for the load balancer and one in us-east-1 for
// CloudFront, validated by DNS and renewed by ACM for as long as the record
// stands.
//
// Certificates inside the cluster are cert-manager's.
package certificate

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// validationTTL is the time to live of the validation record, in seconds.
const validationTTL = 300

// Args describes the certificates.
type Args struct {
	// Domain and every name one label below it are covered.
	Domain string
	// ZoneID is the Route 53 zone that holds Domain.
	ZoneID pulumi.StringInput
	// Edge is the provider of us-east-1.
	Edge pulumi.ProviderResource
}

// Certificate is the pair of certificates.
type Certificate struct {
	pulumi.ResourceState
	component.Parts

	// RegionalARN and EdgeARN are known once ACM has issued the certificates.
	RegionalARN pulumi.StringOutput `pulumi:"regionalArn"`
	EdgeARN     pulumi.StringOutput `pulumi:"edgeArn"`
}

// New makes the certificates, the record that proves the domain, and waits
// until they are issued.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Certificate, error) {
	if args.Edge == nil {
		return nil, fmt.Errorf("make certificate %s: no provider of us-east-1, where CloudFront reads certificates", name)
	}
	c := &Certificate{}
	return c, component.Register(ctx, "gatehouse:aws:Certificate", name, c, func(child pulumi.ResourceOption) error {
		inRegion, inEdge := []pulumi.ResourceOption{child}, []pulumi.ResourceOption{child, pulumi.Provider(args.Edge)}

		regional, err := request(ctx, name+"-regional", args.Domain, inRegion)
		if err != nil {
			return err
		}
		edge, err := request(ctx, name+"-edge", args.Domain, inEdge)
		if err != nil {
			return err
		}
		proof, err := newProof(ctx, name, args, regional, child)
		if err != nil {
			return err
		}
		c.RegionalARN, err = issued(ctx, name+"-regional", regional, proof, inRegion)
		if err != nil {
			return err
		}
		c.EdgeARN, err = issued(ctx, name+"-edge", edge, proof, inEdge)
		return err
	}, opts...)
}

func request(ctx *pulumi.Context, name, domain string, options []pulumi.ResourceOption) (*acm.Certificate, error) {
	return acm.NewCertificate(ctx, name, &acm.CertificateArgs{
		DomainName:              pulumi.String(domain),
		SubjectAlternativeNames: pulumi.ToStringArray([]string{"*." + domain}),
		ValidationMethod:        pulumi.String("DNS"),
		KeyAlgorithm:            pulumi.String("EC_prime256v1"),
		Tags:                    pulumi.StringMap{"Name": pulumi.String(name)},
	}, options...)
}

// newProof makes the one record that proves the domain. ACM asks for the same
// record for a name and its wildcard, and for every certificate that an
// account requests for the name, in whichever region (ACM user guide, "DNS
// validation").
func newProof(ctx *pulumi.Context, name string, args Args, c *acm.Certificate, child pulumi.ResourceOption) (*route53.Record, error) {
	asked := c.DomainValidationOptions.Index(pulumi.Int(0))
	return route53.NewRecord(ctx, name+"-"+args.Domain, &route53.RecordArgs{
		ZoneId:  args.ZoneID,
		Name:    asked.ResourceRecordName().Elem(),
		Type:    asked.ResourceRecordType().Elem(),
		Records: pulumi.StringArray{asked.ResourceRecordValue().Elem()},
		Ttl:     pulumi.Int(validationTTL),
	}, child)
}

// issued waits for ACM and returns the certificate's ARN.
func issued(ctx *pulumi.Context, name string, c *acm.Certificate, proof *route53.Record, options []pulumi.ResourceOption) (pulumi.StringOutput, error) {
	validation, err := acm.NewCertificateValidation(ctx, name, &acm.CertificateValidationArgs{
		CertificateArn:        c.Arn,
		ValidationRecordFqdns: pulumi.StringArray{proof.Fqdn},
	}, options...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	return validation.CertificateArn, nil
}
