// Package role makes an IAM role with everything that it may do: who may
// assume it, the AWS-managed policies and one inline policy of its own.
//
// What a role may do is decided by the component that needs it; how a policy
// is rendered lives in iampolicy.
package role

import (
	"path"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/iampolicy"
)

// nameLimit leaves room for the eight characters that Pulumi's auto-naming
// adds to a name; IAM ends role names at 64.
const nameLimit = 56

// Args says who may assume the role and what it may then do.
type Args struct {
	// Description says what the role is for.
	Description string
	// Partition is the AWS partition of the managed policies.
	Partition string
	// Trust is who may assume the role, and under which conditions.
	Trust []iampolicy.Statement
	// Managed are AWS-managed policies by name with path, e.g.
	// "AmazonEKSClusterPolicy" or "service-role/AmazonEBSCSIDriverPolicy".
	Managed []string
	// Statements are the inline policy; none makes no inline policy.
	Statements []iampolicy.Statement
}

// Role is an IAM role.
type Role struct {
	pulumi.ResourceState
	component.Parts

	ARN  pulumi.StringOutput `pulumi:"arn"`
	Name pulumi.StringOutput `pulumi:"name"`
}

// New makes a role. What acts through the role depends on the component, so
// that the policies are there before it acts and until it has ended.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Role, error) {
	r := &Role{}
	err := component.Register(ctx, "gatehouse:aws:Role", name, r, func(child pulumi.ResourceOption) error {
		trust, err := iampolicy.Document{Kind: iampolicy.Trust, Statements: args.Trust}.JSON()
		if err != nil {
			return err
		}
		made, err := iam.NewRole(ctx, component.Name(nameLimit, name), &iam.RoleArgs{
			Description:      pulumi.String(args.Description),
			AssumeRolePolicy: trust,
		}, child)
		if err != nil {
			return err
		}
		r.ARN, r.Name = made.Arn, made.Name
		for _, policy := range args.Managed {
			_, err := iam.NewRolePolicyAttachment(ctx, name+"-"+path.Base(policy), &iam.RolePolicyAttachmentArgs{
				Role:      made.Name,
				PolicyArn: pulumi.Sprintf("arn:%s:iam::aws:policy/%s", args.Partition, policy),
			}, child)
			if err != nil {
				return err
			}
		}
		if len(args.Statements) == 0 {
			return nil
		}
		policy, err := iampolicy.Document{Kind: iampolicy.Identity, Statements: args.Statements}.JSON()
		if err != nil {
			return err
		}
		_, err = iam.NewRolePolicy(ctx, component.Name(nameLimit, name, "policy"), &iam.RolePolicyArgs{
			Role: made.Name, Policy: policy,
		}, child)
		return err
	}, opts...)
	return r, err
}

// ServiceTrust lets an AWS service assume the role, on behalf of this account
// alone (IAM user guide, "The confused deputy problem").
func ServiceTrust(service, accountID string) iampolicy.Statement {
	return iampolicy.Statement{
		ID: "Service", Effect: iampolicy.Allow,
		Principals: []iampolicy.Principal{iampolicy.AWSService(service)},
		Actions:    []string{"sts:AssumeRole"},
		Conditions: []iampolicy.Condition{iampolicy.Is("aws:SourceAccount", accountID)},
	}
}
