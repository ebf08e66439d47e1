package aws

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Invoke answers the few look-ups that the portal makes. Any other is an error that says where to add it.
func (p *standIn) Invoke(ctx context.Context, req plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	if p.clients == nil {
		return plugin.InvokeResponse{}, fmt.Errorf("invoke %s: %w", req.Tok, errNotConfigured)
	}
	r := &request{clients: p.clients, row: &Resource{}, in: unwrap(req.Args)}
	var out props
	var err error
	switch req.Tok {
	case "aws:index/getCallerIdentity:getCallerIdentity":
		out = props{"accountId": sandboxAccount, "arn": "arn:aws:sts::" + sandboxAccount + ":user/sandbox", "userId": "AIDASANDBOX", "id": sandboxAccount}
	case "aws:index/getRegion:getRegion":
		out = region(r)
	case "aws:index/getPartition:getPartition":
		out = props{"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws", "id": "aws"}
	case "aws:index/getAvailabilityZones:getAvailabilityZones":
		out, err = zones(ctx, r)
	case "aws:ec2/getPrefixList:getPrefixList", "aws:ec2/getManagedPrefixList:getManagedPrefixList":
		out, err = prefixList(ctx, r)
	case "aws:secretsmanager/getRandomPassword:getRandomPassword":
		out, err = randomPassword(ctx, r)
	default:
		err = fmt.Errorf("the sandbox has no stand-in for it; add it to sandbox/provider/aws/invoke.go")
	}
	if err != nil {
		return plugin.InvokeResponse{}, fmt.Errorf("invoke %s: %w", req.Tok, err)
	}
	return plugin.InvokeResponse{Properties: resource.NewPropertyMapFromMap(out)}, nil
}

func region(r *request) props {
	name := r.str("name")
	if name == "" {
		name = r.region
	}
	return props{"name": name, "id": name, "description": name, "endpoint": "ec2." + name + ".amazonaws.com"}
}

func zones(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*ec2c).DescribeAvailabilityZones, &ec2.DescribeAvailabilityZonesInput{})
	if err != nil {
		return nil, err
	}
	names, ids := []any{}, []any{}
	for _, z := range out.AvailabilityZones {
		names, ids = append(names, aws.ToString(z.ZoneName)), append(ids, aws.ToString(z.ZoneId))
	}
	return props{"id": r.region, "names": names, "zoneIds": ids, "groupNames": []any{r.region}}, nil
}

// randomPassword draws one; like AWS's provider it leaves it to the program to call it secret.
func randomPassword(ctx context.Context, r *request) (props, error) {
	in := &secretsmanager.GetRandomPasswordInput{}
	if err := fill(in, r.in, nil); err != nil {
		return nil, err
	}
	out, err := call(ctx, r, (*secretsc).GetRandomPassword, in)
	if err != nil {
		return nil, err
	}
	password := aws.ToString(out.RandomPassword)
	return props{"id": password, "randomPassword": password}, nil
}

func prefixList(ctx context.Context, r *request) (props, error) {
	in := &ec2.DescribeManagedPrefixListsInput{}
	if name := r.str("name"); name != "" {
		in.Filters = filters("prefix-list-name", name)
	}
	out, err := call(ctx, r, (*ec2c).DescribeManagedPrefixLists, in)
	if err != nil {
		return nil, err
	}
	for _, l := range out.PrefixLists {
		if name := r.str("name"); name == "" || aws.ToString(l.PrefixListName) == name {
			id := aws.ToString(l.PrefixListId)
			return props{"id": id, "prefixListId": id, "name": aws.ToString(l.PrefixListName), "arn": aws.ToString(l.PrefixListArn), "cidrBlocks": []any{}, "entries": []any{}}, nil
		}
	}
	return nil, fmt.Errorf("prefix list %s %w", r.str("name"), errGone)
}
