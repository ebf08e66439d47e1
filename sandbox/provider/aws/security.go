package aws

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
)

// securityRows are security groups and their rules.
func securityRows() []Resource {
	group := Resource{
		Token: "aws:ec2/securityGroup:SecurityGroup", Args: ec2.SecurityGroupArgs{}, State: ec2.SecurityGroup{}, ARN: "ec2:security-group/",
		Name: "name", Replace: []string{"name", "namePrefix", "description", "vpcId"},
		Rename: map[string]string{"name": "GroupName"},
		Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only"},
		Find:   findMarked, Tag: tagEC2,
		Create: then(create((*ec2c).CreateSecurityGroup, "GroupId", func(_ *request, in *api.CreateSecurityGroupInput) {
			if in.Description == nil {
				in.Description = aws.String("Managed by Pulumi")
			}
		}), func(ctx context.Context, r *request) error { return replaceRules(ctx, r, true) }),
		Read:   merged(read((*ec2c).DescribeSecurityGroups, "GroupIds", "SecurityGroups"), inlineRules),
		Update: updateRules,
		Delete: remove((*ec2c).DeleteSecurityGroup, "GroupId"),
	}
	byDefault := group
	byDefault.Token, byDefault.Args, byDefault.State = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", ec2.DefaultSecurityGroupArgs{}, ec2.DefaultSecurityGroup{}
	byDefault.Name, byDefault.Replace, byDefault.Find, byDefault.Unseen = "", []string{"vpcId"}, nil, nil
	byDefault.Create = func(ctx context.Context, r *request) (string, error) {
		id, err := defaultSecurityGroup(ctx, r, r.str("vpcId"))
		if err != nil {
			return "", err
		}
		adopted := *r
		adopted.id = id
		if err := replaceRules(ctx, &adopted, true); err != nil {
			return "", err
		}
		return id, tagEC2(ctx, &adopted, r.tags(), nil)
	}
	byDefault.Delete = nothing
	return []Resource{group, byDefault, ruleRow("Ingress"), ruleRow("Egress")}
}

// ruleRow is a rule of its own, in one direction.
func ruleRow(direction string) Resource {
	row := Resource{
		Token: fmt.Sprintf("aws:vpc/securityGroup%[1]sRule:SecurityGroup%[1]sRule", direction), ARN: "ec2:security-group-rule/",
		Args: vpc.SecurityGroupIngressRuleArgs{}, State: vpc.SecurityGroupIngressRule{},
		Replace: []string{"securityGroupId"},
		Unseen:  map[string]string{"description": "the emulator does not tell it for single rules"},
		Rename:  map[string]string{"securityGroupId": "GroupId"},
		Find:    findRule, Tag: tagEC2,
		Create: func(ctx context.Context, r *request) (string, error) {
			permissions := []types.IpPermission{permission(rulePermission(r.in))}
			in := &api.AuthorizeSecurityGroupIngressInput{GroupId: aws.String(r.str("securityGroupId")), IpPermissions: permissions}
			specifyTags(in, r)
			out, err := call(ctx, r, (*ec2c).AuthorizeSecurityGroupIngress, in)
			if err != nil {
				return "", err
			}
			return *out.SecurityGroupRules[0].SecurityGroupRuleId, nil
		},
		Read: readRule,
		Update: func(ctx context.Context, r *request) error {
			change := types.SecurityGroupRuleRequest{}
			if err := fill(&change, r.in, map[string]string{"referencedSecurityGroupId": "ReferencedGroupId"}); err != nil {
				return err
			}
			_, err := call(ctx, r, (*ec2c).ModifySecurityGroupRules, &api.ModifySecurityGroupRulesInput{
				GroupId:            aws.String(r.str("securityGroupId")),
				SecurityGroupRules: []types.SecurityGroupRuleUpdate{{SecurityGroupRuleId: &r.id, SecurityGroupRule: &change}},
			})
			return err
		},
		Delete: func(ctx context.Context, r *request) error {
			in := &api.RevokeSecurityGroupIngressInput{GroupId: aws.String(r.str("securityGroupId")), SecurityGroupRuleIds: []string{r.id}}
			_, err := call(ctx, r, (*ec2c).RevokeSecurityGroupIngress, in)
			return err
		},
	}
	if direction == "Ingress" {
		return row
	}
	row.Args, row.State = vpc.SecurityGroupEgressRuleArgs{}, vpc.SecurityGroupEgressRule{}
	row.Create = func(ctx context.Context, r *request) (string, error) {
		permissions := []types.IpPermission{permission(rulePermission(r.in))}
		in := &api.AuthorizeSecurityGroupEgressInput{GroupId: aws.String(r.str("securityGroupId")), IpPermissions: permissions}
		specifyTags(in, r)
		out, err := call(ctx, r, (*ec2c).AuthorizeSecurityGroupEgress, in)
		if err != nil {
			return "", err
		}
		return *out.SecurityGroupRules[0].SecurityGroupRuleId, nil
	}
	row.Delete = func(ctx context.Context, r *request) error {
		in := &api.RevokeSecurityGroupEgressInput{GroupId: aws.String(r.str("securityGroupId")), SecurityGroupRuleIds: []string{r.id}}
		_, err := call(ctx, r, (*ec2c).RevokeSecurityGroupEgress, in)
		return err
	}
	return row
}

// rulePermission gives a rule of its own the shape of an inline one.
func rulePermission(in props) props {
	out := props{"protocol": in["ipProtocol"], "fromPort": in["fromPort"], "toPort": in["toPort"], "description": in["description"]}
	for from, to := range map[string]string{
		"cidrIpv4": "cidrBlocks", "cidrIpv6": "ipv6CidrBlocks", "prefixListId": "prefixListIds", "referencedSecurityGroupId": "securityGroups",
	} {
		if s, ok := in[from].(string); ok && s != "" {
			out[to] = []any{s}
		}
	}
	return out
}

// readRule observes a rule of its own.
func readRule(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*ec2c).DescribeSecurityGroupRules, &api.DescribeSecurityGroupRulesInput{SecurityGroupRuleIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	for _, rule := range out.SecurityGroupRules {
		if aws.ToString(rule.SecurityGroupRuleId) != r.id {
			continue
		}
		more := props{"referencedSecurityGroupId": nil}
		if rule.ReferencedGroupInfo != nil {
			more["referencedSecurityGroupId"] = aws.ToString(rule.ReferencedGroupInfo.GroupId)
		}
		return r.see(rule, more), nil
	}
	return nil, errGone
}

// findRule finds the rule of the inputs in its group: AWS refuses a second equal one.
func findRule(ctx context.Context, r *request) (string, error) {
	out, err := call(ctx, r, (*ec2c).DescribeSecurityGroupRules, &api.DescribeSecurityGroupRulesInput{Filters: filters("group-id", r.str("securityGroupId"))})
	if err != nil {
		return "", err
	}
	for _, rule := range out.SecurityGroupRules {
		probe := *r
		probe.id = aws.ToString(rule.SecurityGroupRuleId)
		for _, tag := range rule.Tags {
			if aws.ToString(tag.Key) == marker && aws.ToString(tag.Value) == mark(r.urn) {
				return probe.id, nil
			}
		}
	}
	return "", nil
}

// defaultSecurityGroup returns the ID of a VPC's default security group.
func defaultSecurityGroup(ctx context.Context, r *request, vpc string) (string, error) {
	out, err := call(ctx, r, (*ec2c).DescribeSecurityGroups, &api.DescribeSecurityGroupsInput{Filters: filters("vpc-id", vpc, "group-name", "default")})
	if err != nil {
		return "", err
	}
	if len(out.SecurityGroups) == 0 {
		return "", fmt.Errorf("find the default security group of %s: %w", vpc, errGone)
	}
	return aws.ToString(out.SecurityGroups[0].GroupId), nil
}

// inlineRules observes the rules of a group that was declared with rules; rules of their own are not its business.
func inlineRules(ctx context.Context, r *request) (props, error) {
	group, err := groupOf(ctx, r)
	if err != nil {
		return nil, err
	}
	out := props{"ingress": nil, "egress": nil}
	for name, live := range map[string][]types.IpPermission{"ingress": group.IpPermissions, "egress": group.IpPermissionsEgress} {
		want, declared := r.in[name].([]any)
		if !declared && r.row.Name != "" {
			continue
		}
		if slices.Equal(flattenAll(r.id, want), flatten(live)) {
			out[name] = want
			continue
		}
		rules := []any{}
		for _, p := range live {
			rules = append(rules, inlineRule(p))
		}
		out[name] = rules
	}
	return out, nil
}

func groupOf(ctx context.Context, r *request) (*types.SecurityGroup, error) {
	out, err := call(ctx, r, (*ec2c).DescribeSecurityGroups, &api.DescribeSecurityGroupsInput{GroupIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	if len(out.SecurityGroups) == 0 {
		return nil, errGone
	}
	return &out.SecurityGroups[0], nil
}

// updateRules replaces the inline rules when they changed.
func updateRules(ctx context.Context, r *request) error {
	if !r.changed("ingress", "egress") {
		return nil
	}
	return replaceRules(ctx, r, false)
}

// replaceRules makes a group's rules those declared inline. A new group loses the rules that AWS gives it.
func replaceRules(ctx context.Context, r *request, fresh bool) error {
	group, err := groupOf(ctx, r)
	if err != nil {
		return err
	}
	ingress, inDeclared := r.in["ingress"].([]any)
	egress, outDeclared := r.in["egress"].([]any)
	if p := group.IpPermissions; (fresh || inDeclared) && len(p) > 0 {
		if _, err := call(ctx, r, (*ec2c).RevokeSecurityGroupIngress, &api.RevokeSecurityGroupIngressInput{GroupId: &r.id, IpPermissions: p}); err != nil {
			return err
		}
	}
	if p := group.IpPermissionsEgress; (fresh || outDeclared) && len(p) > 0 {
		if _, err := call(ctx, r, (*ec2c).RevokeSecurityGroupEgress, &api.RevokeSecurityGroupEgressInput{GroupId: &r.id, IpPermissions: p}); err != nil {
			return err
		}
	}
	if p := permissions(r.id, ingress); len(p) > 0 {
		if _, err := call(ctx, r, (*ec2c).AuthorizeSecurityGroupIngress, &api.AuthorizeSecurityGroupIngressInput{GroupId: &r.id, IpPermissions: p}); err != nil {
			return err
		}
	}
	if p := permissions(r.id, egress); len(p) > 0 {
		if _, err := call(ctx, r, (*ec2c).AuthorizeSecurityGroupEgress, &api.AuthorizeSecurityGroupEgressInput{GroupId: &r.id, IpPermissions: p}); err != nil {
			return err
		}
	}
	return nil
}
