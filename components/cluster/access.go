package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The EKS access policies in use (EKS user guide, "Review access policy
// permissions"). The view policy shows no secrets.
const (
	adminPolicy    = "AmazonEKSClusterAdminPolicy"
	readOnlyPolicy = "AmazonEKSViewPolicy"
)

// newAccess lets the admins and the readers in, and returns the associations
// of the admins.
func newAccess(ctx *pulumi.Context, name string, args Args, control *eks.Cluster, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	if len(args.Admins) == 0 {
		return nil, fmt.Errorf("grant access: no admins; name at least the role that deploys")
	}
	for _, principal := range args.ReadOnly {
		if slices.Contains(args.Admins, principal) {
			return nil, fmt.Errorf("grant access: %s is both an admin and read-only; keep it in one list", principal)
		}
	}
	var admins []pulumi.Resource
	grant := func(principal, policy string) (pulumi.Resource, error) {
		return newGrant(ctx, name, principal, fmt.Sprintf("arn:%s:eks::aws:cluster-access-policy/%s", args.Partition, policy), control, child)
	}
	for _, principal := range args.Admins {
		association, err := grant(principal, adminPolicy)
		if err != nil {
			return nil, err
		}
		admins = append(admins, association)
	}
	for _, principal := range args.ReadOnly {
		if _, err := grant(principal, readOnlyPolicy); err != nil {
			return nil, err
		}
	}
	return admins, nil
}

// newGrant gives one principal one policy over the whole cluster.
func newGrant(ctx *pulumi.Context, name, principal, policyARN string, control *eks.Cluster, child pulumi.ResourceOption) (pulumi.Resource, error) {
	logical := name + "-access-" + principalName(principal)
	entry, err := eks.NewAccessEntry(ctx, logical, &eks.AccessEntryArgs{
		ClusterName:  control.Name,
		PrincipalArn: pulumi.String(principal),
		Type:         pulumi.String("STANDARD"),
	}, child)
	if err != nil {
		return nil, err
	}
	return eks.NewAccessPolicyAssociation(ctx, logical, &eks.AccessPolicyAssociationArgs{
		ClusterName:  control.Name,
		PrincipalArn: entry.PrincipalArn,
		PolicyArn:    pulumi.String(policyARN),
		AccessScope:  eks.AccessPolicyAssociationAccessScopeArgs{Type: pulumi.String("cluster")},
	}, child)
}

// principalName is an IAM ARN without what all of them share and without the
// characters that URNs use: 111122223333-role-admin.
func principalName(arn string) string {
	_, rest, _ := strings.Cut(arn, ":iam::")
	return strings.NewReplacer(":", "-", "/", "-").Replace(rest)
}
