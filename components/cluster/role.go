package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

// newRole makes the role of the control plane: AWS's policy for it, and the
// use of the one key that encrypts Kubernetes secrets. Only EKS may assume it,
// and only for this cluster (EKS user guide, "Cross-service confused deputy
// prevention in Amazon EKS").
func newRole(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*role.Role, error) {
	trust := role.ServiceTrust("eks.amazonaws.com", args.AccountID)
	arn := fmt.Sprintf("arn:%s:eks:%s:%s:cluster/%s", args.Partition, args.Region, args.AccountID, name)
	trust.Conditions = append(trust.Conditions, iampolicy.When("ArnEquals", "aws:SourceArn", arn))
	return role.New(ctx, name+"-role", role.Args{
		Description: "EKS control plane of " + name,
		Partition:   args.Partition,
		Trust:       []iampolicy.Statement{trust},
		Managed:     []string{"AmazonEKSClusterPolicy"},
		Statements: []iampolicy.Statement{{
			ID: "SecretsKey", Effect: iampolicy.Allow,
			Actions:   []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"},
			Resources: []pulumi.StringInput{args.SecretsKeyARN},
		}},
	}, child)
}
