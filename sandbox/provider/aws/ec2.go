package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// This file holds what the EC2 tables (vpc.go, route.go, endpoint.go, security.go, compute.go, vpn.go) share.

// ec2c gives the tables short names for operations: (*ec2c).CreateVpc.
type ec2c = ec2.Client

// filters builds EC2 filters from names and values.
func filters(pairs ...string) []types.Filter {
	out := []types.Filter{}
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, types.Filter{Name: aws.String(pairs[i]), Values: []string{pairs[i+1]}})
	}
	return out
}

// findMarked finds the EC2 resource that carries this URN's marker.
func findMarked(ctx context.Context, r *request) (string, error) {
	out, err := call(ctx, r, (*ec2c).DescribeTags, &ec2.DescribeTagsInput{Filters: filters("key", marker, "value", mark(r.urn))})
	if err != nil {
		return "", err
	}
	for _, tag := range out.Tags {
		probe := *r
		probe.id = *tag.ResourceId
		if _, err := r.row.Read(ctx, &probe); err == nil {
			return probe.id, nil
		}
	}
	return "", nil
}

// tagEC2 sets and removes tags of the resource r.id.
func tagEC2(ctx context.Context, r *request, set map[string]string, unset []string) error {
	if len(set) > 0 {
		in := &ec2.CreateTagsInput{Resources: []string{r.id}}
		for _, k := range sorted(set) {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String(k), Value: aws.String(set[k])})
		}
		if _, err := call(ctx, r, (*ec2c).CreateTags, in); err != nil {
			return err
		}
	}
	if len(unset) > 0 {
		in := &ec2.DeleteTagsInput{Resources: []string{r.id}}
		for _, k := range unset {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String(k)})
		}
		if _, err := call(ctx, r, (*ec2c).DeleteTags, in); err != nil {
			return err
		}
	}
	return nil
}
