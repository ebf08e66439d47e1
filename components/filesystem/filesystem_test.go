package filesystem_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/filesystem"
)

const name = "gatehouse-test-plugins"

func run(t testing.TB) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := filesystem.New(ctx, name, filesystem.Args{
			VPCID: pulumi.String("vpc-1"),
			Subnets: map[string]pulumi.StringInput{
				"us-west-2c": pulumi.String("subnet-c"), "us-west-2a": pulumi.String("subnet-a"), "us-west-2b": pulumi.String("subnet-b"),
			},
			Clients:        map[string]pulumi.StringInput{"workloads": pulumi.String("sg-nodes")},
			ThroughputMode: "elastic", ColdAfterDays: 30,
			Key: pulumi.String("key-filesystem"), Protect: true,
		})
		return err
	})
}

func TestFileSystem(t *testing.T) {
	seen := run(t)
	system := seen.One(t, "aws:efs/fileSystem:FileSystem")
	require.True(t, system.Protect)
	require.Equal(t, true, system.Input("encrypted"))
	require.Equal(t, "key-filesystem", system.Input("kmsKeyId"))
	require.Equal(t, "elastic", system.Input("throughputMode"))
	require.Equal(t, []any{
		map[string]any{"transitionToIa": "AFTER_30_DAYS"},
		map[string]any{"transitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
	}, system.Input("lifecyclePolicies"), "AWS takes one transition a policy")
	require.Equal(t, "ENABLED", seen.One(t, "aws:efs/backupPolicy:BackupPolicy").Input("backupPolicy.status"))
	for _, r := range seen.Customs() {
		require.NotEmpty(t, r.Parent, r.Name)
	}
}

func TestMountTargetsAreKeyedByZone(t *testing.T) {
	seen := run(t)
	const mountTarget = "aws:efs/mountTarget:MountTarget"
	require.Len(t, seen.OfType(mountTarget), 3)
	for zone, subnet := range map[string]string{"us-west-2a": "subnet-a", "us-west-2b": "subnet-b", "us-west-2c": "subnet-c"} {
		target := seen.Named(t, mountTarget, name+"-"+zone)
		require.Equal(t, subnet, target.Input("subnetId"))
		require.Equal(t, []any{name + "-access-id"}, target.Input("securityGroups"))
	}
	rule := seen.One(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
	require.Equal(t, 2049.0, rule.Input("fromPort"))
	require.Equal(t, "sg-nodes", rule.Input("referencedSecurityGroupId"))
}

func TestPluginAccessPoint(t *testing.T) {
	point := run(t).One(t, "aws:efs/accessPoint:AccessPoint")
	require.Equal(t, 1000.0, point.Input("posixUser.uid"))
	require.Equal(t, 1000.0, point.Input("posixUser.gid"))
	require.Equal(t, map[string]any{
		"path":         "/plugins",
		"creationInfo": map[string]any{"ownerUid": 1000.0, "ownerGid": 1000.0, "permissions": "0750"},
	}, point.Input("rootDirectory"))
}

func TestPolicyRefusesPlainTextAndRoot(t *testing.T) {
	var policy struct {
		Statement []struct {
			Effect    string
			Action    []string
			Condition map[string]map[string][]string
		}
	}
	text := run(t).One(t, "aws:efs/fileSystemPolicy:FileSystemPolicy").Input("policy").(string)
	require.NoError(t, json.Unmarshal([]byte(text), &policy))
	require.Len(t, policy.Statement, 3)

	mount, plain, root := policy.Statement[0], policy.Statement[1], policy.Statement[2]
	require.Equal(t, "Allow", mount.Effect)
	require.NotContains(t, mount.Action, "elasticfilesystem:ClientRootAccess")
	require.Equal(t, map[string]map[string][]string{"Bool": {"elasticfilesystem:AccessedViaMountTarget": {"true"}}}, mount.Condition)

	require.Equal(t, "Deny", plain.Effect)
	require.Equal(t, map[string]map[string][]string{"Bool": {"aws:SecureTransport": {"false"}}}, plain.Condition)

	require.Equal(t, "Deny", root.Effect)
	require.Equal(t, []string{"elasticfilesystem:ClientRootAccess"}, root.Action)
	require.Empty(t, root.Condition)
}
