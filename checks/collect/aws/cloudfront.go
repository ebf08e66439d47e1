package aws

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"gatehouse/checks/evidence"
)

func readerOfDistribution(f front) evidence.Reader {
	return evidence.Read(evidence.AWSDistribution,
		inGlobal("cloudfront:ListDistributions, cloudfront:GetDistribution", "for "+f.target.Distribution), f.get)
}

// findDistribution looks for the domain name: CloudFront itself asks for the ID.
func (f front) findDistribution(ctx context.Context) (evidence.Distribution, error) {
	if f.target.Distribution == "" {
		return evidence.Distribution{}, missing("CloudFront distribution", "distribution")
	}
	client := cloudfront.NewFromConfig(f.global())
	id := ""
	list := cloudfront.NewListDistributionsPaginator(client, &cloudfront.ListDistributionsInput{})
	err := pages(ctx, list, func(page *cloudfront.ListDistributionsOutput) {
		if page.DistributionList == nil {
			return
		}
		for _, d := range page.DistributionList.Items {
			if aws.ToString(d.DomainName) == f.target.Distribution {
				id = aws.ToString(d.Id)
			}
		}
	})
	switch {
	case id == "" && err != nil:
		return evidence.Distribution{}, err
	case id == "":
		return evidence.Distribution{}, evidence.Problem{
			Kind:    evidence.Failed,
			Message: fmt.Sprintf("the account has no distribution %s", f.target.Distribution),
			Remedy:  "look whether aws.distribution in the targets and the account are right",
		}
	}
	got, err := client.GetDistribution(ctx, &cloudfront.GetDistributionInput{Id: aws.String(id)})
	if err != nil {
		return evidence.Distribution{}, err
	}
	return distributionOf(got.Distribution)
}

func distributionOf(d *types.Distribution) (evidence.Distribution, error) {
	if d == nil || d.DistributionConfig == nil {
		return evidence.Distribution{}, evidence.Problem{Kind: evidence.Invalid, Message: "cloudfront:GetDistribution answered no configuration"}
	}
	c := d.DistributionConfig
	out := evidence.Distribution{
		ID: aws.ToString(d.Id), ARN: aws.ToString(d.ARN), Domain: aws.ToString(d.DomainName), Status: aws.ToString(d.Status),
		Enabled: aws.ToBool(c.Enabled), WebACL: aws.ToString(c.WebACLId),
		Logged: c.Logging != nil && aws.ToBool(c.Logging.Enabled),
	}
	if c.Aliases != nil {
		out.Aliases = c.Aliases.Items
	}
	if v := c.ViewerCertificate; v != nil {
		out.MinimumTLS, out.Certificate = string(v.MinimumProtocolVersion), aws.ToString(v.ACMCertificateArn)
	}
	if b := c.DefaultCacheBehavior; b != nil {
		out.Behaviours = append(out.Behaviours, evidence.Behaviour{Path: "*", Viewers: string(b.ViewerProtocolPolicy)})
	}
	if c.CacheBehaviors != nil {
		for _, b := range c.CacheBehaviors.Items {
			out.Behaviours = append(out.Behaviours, evidence.Behaviour{Path: aws.ToString(b.PathPattern), Viewers: string(b.ViewerProtocolPolicy)})
		}
	}
	if c.Origins != nil {
		for _, o := range c.Origins.Items {
			out.Origins = append(out.Origins, originOf(o))
		}
	}
	return out, nil
}

func originOf(o types.Origin) evidence.Origin {
	out := evidence.Origin{ID: aws.ToString(o.Id), Domain: aws.ToString(o.DomainName), Bucket: o.CustomOriginConfig == nil}
	if custom := o.CustomOriginConfig; custom != nil {
		out.Protocol = string(custom.OriginProtocolPolicy)
		if custom.OriginSslProtocols != nil {
			for _, version := range custom.OriginSslProtocols.Items {
				out.TLS = append(out.TLS, string(version))
			}
		}
	}
	return out
}
