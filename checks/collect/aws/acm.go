package aws

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"gatehouse/checks/evidence"
)

func readerOfCertificates(f front) evidence.Reader {
	return evidence.Read(evidence.AWSCertificates,
		f.statement("acm:DescribeCertificate", "the load balancer's certificate and, in us-east-1, the distribution's"), f.certificates)
}

func (f front) certificates(ctx context.Context) ([]evidence.ACMCertificate, error) {
	var names []string
	var wrong error
	if f.target.Certificate != "" {
		names = append(names, f.target.Certificate)
	}
	if f.target.Distribution != "" {
		d, err := f.get(ctx)
		if wrong = err; d.Certificate != "" && d.Certificate != f.target.Certificate {
			names = append(names, d.Certificate)
		}
	}
	if len(names) == 0 && wrong == nil {
		return nil, missing("certificate", "certificate")
	}
	found, err := each(ctx, names, f.certificate)
	return found, errors.Join(wrong, err)
}

func (f front) certificate(ctx context.Context, name string) (evidence.ACMCertificate, error) {
	config := f.config.Copy()
	if where, err := arn.Parse(name); err == nil {
		config.Region = where.Region // ACM answers for its own region only
	}
	got, err := acm.NewFromConfig(config).DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: aws.String(name)})
	if err != nil {
		return evidence.ACMCertificate{}, err
	}
	if got.Certificate == nil {
		return evidence.ACMCertificate{}, evidence.Problem{Kind: evidence.Invalid, Message: "acm:DescribeCertificate answered no certificate"}
	}
	c := got.Certificate
	out := evidence.ACMCertificate{
		ARN: name, Names: c.SubjectAlternativeNames, Status: string(c.Status), Type: string(c.Type),
		Renewable: c.RenewalEligibility == types.RenewalEligibilityEligible,
		NotAfter:  aws.ToTime(c.NotAfter), Users: len(c.InUseBy),
	}
	if c.RenewalSummary != nil {
		out.Renewal = string(c.RenewalSummary.RenewalStatus)
	}
	for _, domain := range c.DomainValidationOptions {
		// One name that somebody must answer an e-mail for stops the renewal.
		if out.Validation == "" || domain.ValidationMethod != types.ValidationMethodDns {
			out.Validation = string(domain.ValidationMethod)
		}
	}
	return out, nil
}
