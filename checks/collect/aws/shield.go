package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/shield"

	"gatehouse/checks/evidence"
)

func readerOfShield(c *Collector) evidence.Reader {
	return evidence.Read(evidence.AWSShield, inGlobal("shield:DescribeSubscription, shield:ListProtections", ""), c.shield)
}

func (c *Collector) shield(ctx context.Context) (evidence.Shield, error) {
	client := shield.NewFromConfig(c.global())
	_, err := client.DescribeSubscription(ctx, &shield.DescribeSubscriptionInput{})
	if hasCode(err, "ResourceNotFoundException") {
		return evidence.Shield{}, nil // no subscription
	}
	if err != nil {
		return evidence.Shield{}, err
	}
	out := evidence.Shield{Subscribed: true}
	err = pages(ctx, shield.NewListProtectionsPaginator(client, &shield.ListProtectionsInput{}), func(page *shield.ListProtectionsOutput) {
		for _, p := range page.Protections {
			out.Protected = append(out.Protected, aws.ToString(p.ResourceArn))
		}
	})
	return out, err
}
