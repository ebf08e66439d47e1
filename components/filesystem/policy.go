package filesystem

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/efs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// policyOf lets clients mount and write through a mount target, which the
// security group guards, with TLS and never as root (EFS user guide, "Using
// IAM to control file system data access"). NFS clients that do not sign with
// IAM are anonymous, hence everyone.
func policyOf(system *efs.FileSystem) iampolicy.Document {
	everyone := []iampolicy.Principal{{Type: iampolicy.Everyone}}
	resources := []pulumi.StringInput{system.Arn}
	return iampolicy.Document{Kind: iampolicy.Resource, Statements: []iampolicy.Statement{
		{
			ID: "MountThroughTargets", Effect: iampolicy.Allow, Principals: everyone, Resources: resources,
			Actions:    []string{"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"},
			Conditions: []iampolicy.Condition{iampolicy.When("Bool", "elasticfilesystem:AccessedViaMountTarget", "true")},
		},
		{
			ID: "DenyWithoutTLS", Effect: iampolicy.Deny, Principals: everyone, Resources: resources,
			Actions:    []string{"elasticfilesystem:Client*"},
			Conditions: []iampolicy.Condition{iampolicy.When("Bool", "aws:SecureTransport", "false")},
		},
		{
			ID: "DenyRoot", Effect: iampolicy.Deny, Principals: everyone, Resources: resources,
			Actions: []string{"elasticfilesystem:ClientRootAccess"},
		},
	}}
}
