package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	acmapi "github.com/aws/aws-sdk-go-v2/service/acm"
	shieldapi "github.com/aws/aws-sdk-go-v2/service/shield"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/shield"
)

type (
	acmc    = acmapi.Client
	shieldc = shieldapi.Client
)

// certificateRows are certificates and Shield.
func certificateRows() []Resource {
	return []Resource{
		{
			Token: "aws:acm/certificate:Certificate", Args: acm.CertificateArgs{}, State: acm.Certificate{},
			Replace: []string{"domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "certificateAuthorityArn"},
			Rename:  map[string]string{"arn": "CertificateArn", "domainValidationOptions": "-"},
			Unseen: map[string]string{
				"options": "the emulator ignores it", "validationOptions": "AWS takes it at creation", "keyAlgorithm": "AWS tells it in another spelling",
				"subjectAlternativeNames": "AWS adds the domain name", "validationMethod": "AWS tells it for each domain", "privateKey": "AWS never tells it",
				"certificateBody": "the emulator rewrites it", "certificateChain": "the emulator rewrites it", "earlyRenewalDuration": "it is an order, not a property",
			},
			Secret: []string{"privateKey"},
			Tag:    tagger((*acmc).AddTagsToCertificate, (*acmc).RemoveTagsFromCertificate, "CertificateArn", byID),
			// The token makes AWS give the same certificate to a second request.
			Create: create((*acmc).RequestCertificate, "CertificateArn", func(r *request, in *acmapi.RequestCertificateInput) {
				in.IdempotencyToken = aws.String(mark(r.urn + r.str("domainName") + strings.Join(r.list("subjectAlternativeNames"), ",")))
				in.DomainValidationOptions = nil
			}),
			Read:   merged(readCertificate, listTags((*acmc).ListTagsForCertificate, "CertificateArn", byID)),
			Update: func(context.Context, *request) error { return nil },
			Delete: remove((*acmc).DeleteCertificate, "CertificateArn"),
		},
		{
			// The real provider waits until the certificate is issued; the emulator issues at once.
			Token: "aws:acm/certificateValidation:CertificateValidation", Args: acm.CertificateValidationArgs{}, State: acm.CertificateValidation{},
			Name:    "certificateArn",
			Replace: []string{"*"},
			Create: func(ctx context.Context, r *request) (string, error) {
				arn := r.str("certificateArn")
				_, err := call(ctx, r, (*acmc).DescribeCertificate, &acmapi.DescribeCertificateInput{CertificateArn: &arn})
				return arn, err
			},
			Read: func(ctx context.Context, r *request) (props, error) {
				_, err := call(ctx, r, (*acmc).DescribeCertificate, &acmapi.DescribeCertificateInput{CertificateArn: &r.id})
				return props{"certificateArn": r.id}, err
			},
			Delete: nothing,
		},
		{
			Token: "aws:shield/protection:Protection", Args: shield.ProtectionArgs{}, State: shield.Protection{},
			Replace: []string{"name", "resourceArn"},
			Rename:  map[string]string{"arn": "ProtectionArn"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*shieldc).DescribeProtection, &shieldapi.DescribeProtectionInput{ResourceArn: aws.String(r.str("resourceArn"))})
				if err != nil {
					return "", err
				}
				return aws.ToString(out.Protection.Id), nil
			},
			Tag:    tagger((*shieldc).TagResource, (*shieldc).UntagResource, "ResourceARN", byARN),
			Create: create((*shieldc).CreateProtection, "ProtectionId"),
			Read:   merged(read((*shieldc).DescribeProtection, "ProtectionId", "Protection"), listTags((*shieldc).ListTagsForResource, "ResourceARN", byARN)),
			Delete: remove((*shieldc).DeleteProtection, "ProtectionId"),
		},
	}
}

// readCertificate observes a certificate with the DNS records that prove each domain.
func readCertificate(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*acmc).DescribeCertificate, &acmapi.DescribeCertificateInput{CertificateArn: &r.id})
	if err != nil {
		return nil, err
	}
	options := []any{}
	for _, o := range out.Certificate.DomainValidationOptions {
		option := props{"domainName": aws.ToString(o.DomainName)}
		if record := o.ResourceRecord; record != nil {
			option["resourceRecordName"], option["resourceRecordType"] = aws.ToString(record.Name), string(record.Type)
			option["resourceRecordValue"] = aws.ToString(record.Value)
		}
		options = append(options, option)
	}
	// The status goes from pending to issued by itself; that is no drift.
	return r.see(*out.Certificate, props{"domainValidationOptions": options, "status": nil, "notBefore": nil, "notAfter": nil, "renewalEligibility": nil}), nil
}
