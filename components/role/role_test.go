package role_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/iampolicy"
	"gatehouse/components/role"
)

func args() role.Args {
	return role.Args{
		Description: "A worker", Partition: "aws",
		Trust:   []iampolicy.Statement{role.ServiceTrust("eks.amazonaws.com", "111122223333")},
		Managed: []string{"AmazonEKSClusterPolicy", "service-role/AmazonEBSCSIDriverPolicy"},
		Statements: []iampolicy.Statement{{
			ID: "Read", Effect: iampolicy.Allow, Actions: []string{"s3:GetObject"}, Resources: iampolicy.Strings("arn:aws:s3:::b/*"),
		}},
	}
}

func run(t *testing.T, name string, args role.Args) (componenttest.Registrations, error) {
	t.Helper()
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := role.New(ctx, name, args)
		return err
	})
}

func TestRole(t *testing.T) {
	seen, err := run(t, "worker", args())
	require.NoError(t, err)

	made := seen.One(t, "aws:iam/role:Role")
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Sid":"Service","Effect":"Allow",
		"Principal":{"Service":["eks.amazonaws.com"]},"Action":["sts:AssumeRole"],
		"Condition":{"StringEquals":{"aws:SourceAccount":["111122223333"]}}}]}`, made.Input("assumeRolePolicy").(string))
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow",
		"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/*"]}]}`, seen.One(t, "aws:iam/rolePolicy:RolePolicy").Input("policy").(string))

	const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	require.Equal(t, "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
		seen.Named(t, attachment, "worker-AmazonEKSClusterPolicy").Input("policyArn"))
	require.Equal(t, "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
		seen.Named(t, attachment, "worker-AmazonEBSCSIDriverPolicy").Input("policyArn"))
	for _, r := range seen.Customs() {
		require.Contains(t, r.Parent, "gatehouse:aws:Role::worker", r.Name)
	}
}

func TestRoleWithoutStatementsHasNoInlinePolicy(t *testing.T) {
	bare := args()
	bare.Statements = nil
	seen, err := run(t, "worker", bare)
	require.NoError(t, err)
	require.Empty(t, seen.OfType("aws:iam/rolePolicy:RolePolicy"))
}

// IAM ends names at 64 characters, of which Pulumi's auto-naming takes 8.
func TestLongNamesFitIAM(t *testing.T) {
	seen, err := run(t, strings.Repeat("long-", 20)+"name", args())
	require.NoError(t, err)
	require.LessOrEqual(t, len(seen.One(t, "aws:iam/role:Role").Name), 56)
	require.LessOrEqual(t, len(seen.One(t, "aws:iam/rolePolicy:RolePolicy").Name), 56)
}

func TestRoleRefusesTrustInNobody(t *testing.T) {
	nobody := args()
	nobody.Trust = nil
	_, err := run(t, "worker", nobody)
	require.ErrorContains(t, err, "no statements")
}
