package aws

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"

	"gatehouse/checks/evidence"
)

func readerOfClusterAccess(c *Collector, client *eks.Client) evidence.Reader {
	const calls = "eks:DescribeCluster, eks:ListAccessEntries, eks:DescribeAccessEntry, eks:ListAssociatedAccessPolicies"
	return evidence.Read(evidence.AWSClusterAccess, c.statement(calls, c.target.Cluster), func(ctx context.Context) (evidence.EKSAccess, error) {
		if c.target.Cluster == "" {
			return evidence.EKSAccess{}, missing("EKS cluster", "cluster")
		}
		return clusterAccess(ctx, client, c.target.Cluster)
	})
}

// clusterAccess reads the access entries. What it returns with an error is so,
// but there may be more entries, and more to each of them.
func clusterAccess(ctx context.Context, client *eks.Client, cluster string) (evidence.EKSAccess, error) {
	var found evidence.EKSAccess
	described, describeErr := client.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: &cluster})
	if describeErr == nil && described.Cluster != nil && described.Cluster.AccessConfig != nil {
		found.Mode = string(described.Cluster.AccessConfig.AuthenticationMode)
	}
	var principals []string
	listErr := pages(ctx, eks.NewListAccessEntriesPaginator(client, &eks.ListAccessEntriesInput{ClusterName: &cluster}), func(page *eks.ListAccessEntriesOutput) {
		principals = append(principals, page.AccessEntries...)
	})
	entries := make([]evidence.EKSAccessEntry, len(principals))
	at := make([]int, len(principals))
	for i := range at {
		at[i] = i
	}
	_, entryErr := each(ctx, at, func(ctx context.Context, i int) (evidence.EKSAccessEntry, error) {
		var err error
		entries[i], err = accessEntry(ctx, client, cluster, principals[i])
		return entries[i], err
	})
	found.Entries = entries
	return found, errors.Join(describeErr, listErr, entryErr)
}

// accessEntry reads what one principal is given. With an error it holds at
// least who it is: that they may enter is known.
func accessEntry(ctx context.Context, client *eks.Client, cluster, principal string) (evidence.EKSAccessEntry, error) {
	found := evidence.EKSAccessEntry{Principal: principal}
	out, err := client.DescribeAccessEntry(ctx, &eks.DescribeAccessEntryInput{ClusterName: &cluster, PrincipalArn: &principal})
	if err == nil && out.AccessEntry != nil {
		found.Type, found.Groups = aws.ToString(out.AccessEntry.Type), out.AccessEntry.KubernetesGroups
	}
	list := eks.NewListAssociatedAccessPoliciesPaginator(client, &eks.ListAssociatedAccessPoliciesInput{ClusterName: &cluster, PrincipalArn: &principal})
	listErr := pages(ctx, list, func(page *eks.ListAssociatedAccessPoliciesOutput) {
		for _, p := range page.AssociatedAccessPolicies {
			policy := evidence.EKSAccessPolicy{ARN: aws.ToString(p.PolicyArn)}
			if p.AccessScope != nil {
				policy.Namespaces = p.AccessScope.Namespaces
			}
			found.Policies = append(found.Policies, policy)
		}
	})
	slices.Sort(found.Groups)
	return found, errors.Join(err, listErr)
}
