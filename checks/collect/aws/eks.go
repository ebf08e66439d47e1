package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"gatehouse/checks/evidence"
)

func readersOfEKS(c *Collector) []evidence.Reader {
	client := eks.NewFromConfig(c.config)
	return []evidence.Reader{
		evidence.Read(evidence.AWSCluster, c.statement("eks:DescribeCluster", c.target.Cluster), func(ctx context.Context) (evidence.EKSCluster, error) {
			if c.target.Cluster == "" {
				return evidence.EKSCluster{}, missing("EKS cluster", "cluster")
			}
			out, err := client.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: &c.target.Cluster})
			if err != nil {
				return evidence.EKSCluster{}, err
			}
			if out.Cluster == nil {
				return evidence.EKSCluster{}, evidence.Problem{Kind: evidence.Invalid, Message: "eks:DescribeCluster answered without a cluster"}
			}
			return clusterOf(out.Cluster), nil
		}),
		evidence.Read(evidence.AWSNodeGroups, c.statement("eks:ListNodegroups, eks:DescribeNodegroup", c.target.Cluster), func(ctx context.Context) ([]evidence.NodeGroup, error) {
			return c.nodeGroups(ctx, client)
		}),
		readerOfClusterAccess(c, client),
		evidence.Read(evidence.AWSClusterVersions, c.statement("eks:DescribeClusterVersions", ""), func(ctx context.Context) ([]evidence.EKSVersion, error) {
			var all []evidence.EKSVersion
			input := &eks.DescribeClusterVersionsInput{IncludeAll: aws.Bool(true)}
			err := pages(ctx, eks.NewDescribeClusterVersionsPaginator(client, input), func(page *eks.DescribeClusterVersionsOutput) {
				for _, v := range page.ClusterVersions {
					all = append(all, evidence.EKSVersion{
						Version: aws.ToString(v.ClusterVersion), Status: string(v.VersionStatus),
						StandardSupport: aws.ToTime(v.EndOfStandardSupportDate), ExtendedSupport: aws.ToTime(v.EndOfExtendedSupportDate),
					})
				}
			})
			return all, err
		}),
	}
}

func (c *Collector) nodeGroups(ctx context.Context, client *eks.Client) ([]evidence.NodeGroup, error) {
	cluster := c.target.Cluster
	if cluster == "" {
		return nil, missing("EKS cluster", "cluster")
	}
	var names []string
	listErr := pages(ctx, eks.NewListNodegroupsPaginator(client, &eks.ListNodegroupsInput{ClusterName: &cluster}), func(page *eks.ListNodegroupsOutput) {
		names = append(names, page.Nodegroups...)
	})
	groups, err := each(ctx, names, func(ctx context.Context, name string) (evidence.NodeGroup, error) {
		out, err := client.DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: &cluster, NodegroupName: &name})
		if err != nil || out.Nodegroup == nil {
			return evidence.NodeGroup{}, err
		}
		return evidence.NodeGroup{Name: name, Subnets: out.Nodegroup.Subnets}, nil
	})
	return groups, errors.Join(listErr, err)
}

func clusterOf(c *types.Cluster) evidence.EKSCluster {
	e := evidence.EKSCluster{
		Name: aws.ToString(c.Name), Version: aws.ToString(c.Version), Status: string(c.Status), Logs: []string{}, Subnets: []string{},
	}
	if c.UpgradePolicy != nil {
		e.SupportType = string(c.UpgradePolicy.SupportType)
	}
	if c.Health != nil {
		for _, issue := range c.Health.Issues {
			e.Issues = append(e.Issues, string(issue.Code)+": "+aws.ToString(issue.Message))
		}
	}
	if c.Logging != nil {
		for _, setup := range c.Logging.ClusterLogging {
			for _, kind := range setup.Types {
				if aws.ToBool(setup.Enabled) {
					e.Logs = append(e.Logs, string(kind))
				}
			}
		}
	}
	for _, config := range c.EncryptionConfig {
		// EKS says of clusters before 1.28 that Resources counts, and of others that
		// it encrypts everything: then the key alone is what was asked for.
		key := config.Provider != nil && aws.ToString(config.Provider.KeyArn) != ""
		e.EncryptsSecrets = e.EncryptsSecrets || key && slices.Contains(config.Resources, "secrets") //nolint:staticcheck // still the only resource that can be named
	}
	if vpc := c.ResourcesVpcConfig; vpc != nil {
		e.Private, e.Public, e.PublicCIDRs = vpc.EndpointPrivateAccess, vpc.EndpointPublicAccess, vpc.PublicAccessCidrs
		e.Subnets = append(e.Subnets, vpc.SubnetIds...)
	}
	return e
}
