package aws

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Inline rules of security groups have one shape in Pulumi and another in AWS, which also merges rules of the same
// ports. This file translates between the two.

// permissions translates inline rules; self is the group's own ID.
func permissions(self string, rules []any) []types.IpPermission {
	out := []types.IpPermission{}
	for _, rule := range rules {
		m := rule.(props)
		p := permission(m)
		if m["self"] == true {
			p.UserIdGroupPairs = append(p.UserIdGroupPairs, types.UserIdGroupPair{GroupId: &self})
		}
		out = append(out, p)
	}
	return out
}

// permission translates one rule.
func permission(m props) types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String(text(m["protocol"]))}
	if text(m["protocol"]) != "-1" {
		p.FromPort, p.ToPort = port(m["fromPort"]), port(m["toPort"])
	}
	var description *string
	if s, _ := m["description"].(string); s != "" {
		description = &s
	}
	for _, s := range stringList(m["cidrBlocks"]) {
		p.IpRanges = append(p.IpRanges, types.IpRange{CidrIp: &s, Description: description})
	}
	for _, s := range stringList(m["ipv6CidrBlocks"]) {
		p.Ipv6Ranges = append(p.Ipv6Ranges, types.Ipv6Range{CidrIpv6: &s, Description: description})
	}
	for _, s := range stringList(m["prefixListIds"]) {
		p.PrefixListIds = append(p.PrefixListIds, types.PrefixListId{PrefixListId: &s, Description: description})
	}
	for _, s := range stringList(m["securityGroups"]) {
		p.UserIdGroupPairs = append(p.UserIdGroupPairs, types.UserIdGroupPair{GroupId: &s, Description: description})
	}
	return p
}

func port(v any) *int32 {
	n, ok := v.(float64)
	if !ok {
		return nil
	}
	return aws.Int32(int32(n))
}

// inlineRule translates AWS's rule back.
func inlineRule(p types.IpPermission) props {
	out := props{"protocol": aws.ToString(p.IpProtocol), "fromPort": float64(aws.ToInt32(p.FromPort)), "toPort": float64(aws.ToInt32(p.ToPort))}
	add := func(name string, v *string) {
		list, _ := out[name].([]any)
		out[name] = append(list, aws.ToString(v))
	}
	for _, e := range p.IpRanges {
		add("cidrBlocks", e.CidrIp)
	}
	for _, e := range p.Ipv6Ranges {
		add("ipv6CidrBlocks", e.CidrIpv6)
	}
	for _, e := range p.PrefixListIds {
		add("prefixListIds", e.PrefixListId)
	}
	for _, e := range p.UserIdGroupPairs {
		add("securityGroups", e.GroupId)
	}
	return out
}

// flattenAll is flatten for inline rules of the group self.
func flattenAll(self string, rules []any) []string { return flatten(permissions(self, rules)) }

// flatten lists what rules allow, one source a line, in order, so that merged and separate rules compare equal.
func flatten(list []types.IpPermission) []string {
	out := []string{}
	for _, p := range list {
		ports := fmt.Sprintf("%s %d-%d ", aws.ToString(p.IpProtocol), aws.ToInt32(p.FromPort), aws.ToInt32(p.ToPort))
		for _, e := range p.IpRanges {
			out = append(out, ports+aws.ToString(e.CidrIp))
		}
		for _, e := range p.Ipv6Ranges {
			out = append(out, ports+aws.ToString(e.CidrIpv6))
		}
		for _, e := range p.PrefixListIds {
			out = append(out, ports+aws.ToString(e.PrefixListId))
		}
		for _, e := range p.UserIdGroupPairs {
			out = append(out, ports+aws.ToString(e.GroupId))
		}
	}
	slices.Sort(out)
	return out
}
