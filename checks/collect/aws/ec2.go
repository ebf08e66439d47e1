package aws

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"gatehouse/checks/evidence"
)

// pageSize is EC2's own; without one it answers with everything at once.
const pageSize = 500

func readersOfEC2(c *Collector) []evidence.Reader {
	client := ec2.NewFromConfig(c.config)
	return []evidence.Reader{
		evidence.Read(evidence.AWSNetwork, c.statement("ec2:DescribeSubnets, ec2:DescribeRouteTables", c.target.VPC), func(ctx context.Context) (evidence.Network, error) {
			return c.network(ctx, client)
		}),
		evidence.Read(evidence.AWSFlowLogs, c.statement("ec2:DescribeFlowLogs", c.target.VPC), func(ctx context.Context) ([]evidence.FlowLog, error) {
			return c.flowLogs(ctx, client)
		}),
		evidence.Read(evidence.AWSSecurityGroups, c.statement("ec2:DescribeSecurityGroups", c.target.VPC), func(ctx context.Context) ([]evidence.SecurityGroup, error) {
			return c.securityGroups(ctx, client)
		}),
		evidence.Read(evidence.AWSVPNs, c.statement("ec2:DescribeClientVpnEndpoints", c.target.VPC), func(ctx context.Context) ([]evidence.VPNEndpoint, error) {
			return c.vpns(ctx, client)
		}),
	}
}

// inVPC asks for what is in the environment's VPC.
func (c *Collector) inVPC(name string) ([]types.Filter, error) {
	if c.target.VPC == "" {
		return nil, missing("VPC", "vpc")
	}
	return []types.Filter{{Name: &name, Values: []string{c.target.VPC}}}, nil
}

func (c *Collector) flowLogs(ctx context.Context, client *ec2.Client) ([]evidence.FlowLog, error) {
	filter, err := c.inVPC("resource-id")
	if err != nil {
		return nil, err
	}
	all := []evidence.FlowLog{}
	input := &ec2.DescribeFlowLogsInput{Filter: filter, MaxResults: aws.Int32(pageSize)}
	err = pages(ctx, ec2.NewDescribeFlowLogsPaginator(client, input), func(page *ec2.DescribeFlowLogsOutput) {
		for _, f := range page.FlowLogs {
			all = append(all, evidence.FlowLog{
				ID: aws.ToString(f.FlowLogId), Status: aws.ToString(f.FlowLogStatus),
				Delivery: aws.ToString(f.DeliverLogsStatus), Traffic: string(f.TrafficType),
			})
		}
	})
	return all, err
}

func (c *Collector) securityGroups(ctx context.Context, client *ec2.Client) ([]evidence.SecurityGroup, error) {
	filter, err := c.inVPC("vpc-id")
	if err != nil {
		return nil, err
	}
	all := []evidence.SecurityGroup{}
	input := &ec2.DescribeSecurityGroupsInput{Filters: filter, MaxResults: aws.Int32(pageSize)}
	err = pages(ctx, ec2.NewDescribeSecurityGroupsPaginator(client, input), func(page *ec2.DescribeSecurityGroupsOutput) {
		for _, g := range page.SecurityGroups {
			group := evidence.SecurityGroup{ID: aws.ToString(g.GroupId), Name: aws.ToString(g.GroupName)}
			for _, p := range g.IpPermissions {
				group.Ingress = append(group.Ingress, ingressOf(p))
			}
			all = append(all, group)
		}
	})
	return all, err
}

func ingressOf(p types.IpPermission) evidence.IngressRule {
	rule := evidence.IngressRule{Protocol: aws.ToString(p.IpProtocol), From: -1, To: -1}
	if p.FromPort != nil && p.ToPort != nil {
		rule.From, rule.To = int(*p.FromPort), int(*p.ToPort)
	}
	for _, r := range p.IpRanges {
		rule.CIDRs = append(rule.CIDRs, aws.ToString(r.CidrIp))
	}
	for _, r := range p.Ipv6Ranges {
		rule.CIDRs = append(rule.CIDRs, aws.ToString(r.CidrIpv6))
	}
	for _, g := range p.UserIdGroupPairs {
		rule.Groups = append(rule.Groups, aws.ToString(g.GroupId))
	}
	return rule
}

func (c *Collector) vpns(ctx context.Context, client *ec2.Client) ([]evidence.VPNEndpoint, error) {
	if c.target.VPC == "" {
		return nil, missing("VPC", "vpc")
	}
	all := []evidence.VPNEndpoint{}
	err := pages(ctx, ec2.NewDescribeClientVpnEndpointsPaginator(client, &ec2.DescribeClientVpnEndpointsInput{}), func(page *ec2.DescribeClientVpnEndpointsOutput) {
		for _, v := range page.ClientVpnEndpoints {
			if aws.ToString(v.VpcId) != c.target.VPC {
				continue
			}
			endpoint := evidence.VPNEndpoint{ID: aws.ToString(v.ClientVpnEndpointId)}
			if v.Status != nil {
				endpoint.Status = string(v.Status.Code)
			}
			for _, a := range v.AuthenticationOptions {
				endpoint.Authentication = append(endpoint.Authentication, string(a.Type))
			}
			endpoint.Logs = v.ConnectionLogOptions != nil && aws.ToBool(v.ConnectionLogOptions.Enabled)
			all = append(all, endpoint)
		}
	})
	return all, err
}

// name is a resource's Name tag.
func name(tags []types.Tag) string {
	for _, tag := range tags {
		if strings.EqualFold(aws.ToString(tag.Key), "name") {
			return aws.ToString(tag.Value)
		}
	}
	return ""
}
