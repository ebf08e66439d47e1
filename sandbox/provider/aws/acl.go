package aws

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
)

// lastRule is the number of the rule that denies the rest; AWS makes it, and nobody can change it.
const lastRule = 32767

// aclRows are network ACLs.
func aclRows() []Resource {
	acl := Resource{
		Token: "aws:ec2/networkAcl:NetworkAcl", Args: ec2.NetworkAclArgs{}, State: ec2.NetworkAcl{}, ARN: "ec2:network-acl/",
		Replace: []string{"vpcId"},
		Find:    findMarked, Tag: tagEC2,
		Create: then(create((*ec2c).CreateNetworkAcl, "NetworkAcl.NetworkAclId"), syncACL),
		Read:   merged(read((*ec2c).DescribeNetworkAcls, "NetworkAclIds", "NetworkAcls"), aclParts),
		Update: syncACL,
		Delete: steps(releaseSubnets, remove((*ec2c).DeleteNetworkAcl, "NetworkAclId")),
	}
	byDefault := acl
	byDefault.Token, byDefault.Args, byDefault.State = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", ec2.DefaultNetworkAclArgs{}, ec2.DefaultNetworkAcl{}
	byDefault.Replace, byDefault.Find = []string{"defaultNetworkAclId"}, nil
	byDefault.Rename = map[string]string{"defaultNetworkAclId": "NetworkAclId"}
	byDefault.Create = func(ctx context.Context, r *request) (string, error) {
		adopted := *r
		adopted.id = r.str("defaultNetworkAclId")
		if err := syncACL(ctx, &adopted); err != nil {
			return "", err
		}
		return adopted.id, tagEC2(ctx, &adopted, r.tags(), nil)
	}
	byDefault.Delete = nothing
	return []Resource{acl, byDefault}
}

// defaultNetworkACL returns the ID of a VPC's default network ACL.
func defaultNetworkACL(ctx context.Context, r *request, vpc string) (string, error) {
	out, err := call(ctx, r, (*ec2c).DescribeNetworkAcls, &api.DescribeNetworkAclsInput{Filters: filters("vpc-id", vpc, "default", "true")})
	if err != nil {
		return "", err
	}
	if len(out.NetworkAcls) == 0 {
		return "", fmt.Errorf("find the default network ACL of %s: %w", vpc, errGone)
	}
	return aws.ToString(out.NetworkAcls[0].NetworkAclId), nil
}

func aclOf(ctx context.Context, r *request) (*types.NetworkAcl, error) {
	out, err := call(ctx, r, (*ec2c).DescribeNetworkAcls, &api.DescribeNetworkAclsInput{NetworkAclIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	if len(out.NetworkAcls) == 0 {
		return nil, errGone
	}
	return &out.NetworkAcls[0], nil
}

// aclParts observes the entries and the subnets of an ACL.
func aclParts(ctx context.Context, r *request) (props, error) {
	acl, err := aclOf(ctx, r)
	if err != nil {
		return nil, err
	}
	subnets, ingress, egress := []any{}, []any{}, []any{}
	for _, a := range acl.Associations {
		subnets = append(subnets, aws.ToString(a.SubnetId))
	}
	for _, e := range acl.Entries {
		if aws.ToInt32(e.RuleNumber) == lastRule {
			continue
		}
		rule := props{"action": string(e.RuleAction), "cidrBlock": aws.ToString(e.CidrBlock), "protocol": aws.ToString(e.Protocol), "ruleNo": float64(aws.ToInt32(e.RuleNumber)), "fromPort": 0.0, "toPort": 0.0}
		if e.PortRange != nil {
			rule["fromPort"], rule["toPort"] = float64(aws.ToInt32(e.PortRange.From)), float64(aws.ToInt32(e.PortRange.To))
		}
		if aws.ToBool(e.Egress) {
			egress = append(egress, rule)
		} else {
			ingress = append(ingress, rule)
		}
	}
	out := props{"subnetIds": subnets, "ingress": ingress, "egress": egress}
	if _, declared := r.in["subnetIds"]; !declared {
		out["subnetIds"] = nil
	}
	return out, nil
}

// syncACL makes entries and subnets those of the inputs.
func syncACL(ctx context.Context, r *request) error {
	acl, err := aclOf(ctx, r)
	if err != nil {
		return err
	}
	for _, e := range acl.Entries {
		if aws.ToInt32(e.RuleNumber) == lastRule {
			continue
		}
		in := &api.DeleteNetworkAclEntryInput{NetworkAclId: &r.id, Egress: e.Egress, RuleNumber: e.RuleNumber}
		if _, err := call(ctx, r, (*ec2c).DeleteNetworkAclEntry, in); err != nil {
			return err
		}
	}
	for name, egress := range map[string]bool{"ingress": false, "egress": true} {
		list, _ := r.in[name].([]any)
		for _, e := range list {
			if err := createEntry(ctx, r, e.(props), egress); err != nil {
				return err
			}
		}
	}
	return moveSubnets(ctx, r, r.list("subnetIds"), r.id)
}

func createEntry(ctx context.Context, r *request, e props, egress bool) error {
	in := &api.CreateNetworkAclEntryInput{NetworkAclId: &r.id, Egress: &egress}
	if err := fill(in, e, map[string]string{"action": "RuleAction", "ruleNo": "RuleNumber"}); err != nil {
		return err
	}
	in.PortRange = &types.PortRange{From: port(e["fromPort"]), To: port(e["toPort"])}
	_, err := call(ctx, r, (*ec2c).CreateNetworkAclEntry, in)
	return err
}

// moveSubnets puts subnets under an ACL; each is under exactly one at any time.
func moveSubnets(ctx context.Context, r *request, subnets []string, acl string) error {
	for _, subnet := range subnets {
		out, err := call(ctx, r, (*ec2c).DescribeNetworkAcls, &api.DescribeNetworkAclsInput{Filters: filters("association.subnet-id", subnet)})
		if err != nil {
			return err
		}
		for _, old := range out.NetworkAcls {
			for _, a := range old.Associations {
				if aws.ToString(a.SubnetId) != subnet || aws.ToString(old.NetworkAclId) == acl {
					continue
				}
				in := &api.ReplaceNetworkAclAssociationInput{AssociationId: a.NetworkAclAssociationId, NetworkAclId: &acl}
				if _, err := call(ctx, r, (*ec2c).ReplaceNetworkAclAssociation, in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// releaseSubnets gives an ACL's subnets back to the VPC's default one.
func releaseSubnets(ctx context.Context, r *request) error {
	acl, err := aclOf(ctx, r)
	if err != nil {
		return err
	}
	fallback, err := defaultNetworkACL(ctx, r, aws.ToString(acl.VpcId))
	if err != nil {
		return err
	}
	subnets := []string{}
	for _, a := range acl.Associations {
		subnets = append(subnets, aws.ToString(a.SubnetId))
	}
	return moveSubnets(ctx, r, subnets, fallback)
}
