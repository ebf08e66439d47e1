package keys_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/keys"
)

const (
	keyType   = "aws:kms/key:Key"
	aliasType = "aws:kms/alias:Alias"
	account   = "111122223333"
)

func run(t *testing.T) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := keys.New(ctx, "gate", keys.Args{
			Partition: "aws", AccountID: account, Region: "us-west-2", DeletionDays: 30, Protect: true,
		})
		return err
	})
}

func TestOneRotatingProtectedKeyAPurpose(t *testing.T) {
	seen := run(t)
	require.ElementsMatch(t, []string{
		"gate-storage", "gate-database", "gate-cache", "gate-filesystem", "gate-cluster",
		"gate-volumes", "gate-secrets", "gate-logs", "gate-backup", "gate-registry",
	}, seen.OfType(keyType).Names())
	for _, key := range seen.OfType(keyType) {
		require.Equal(t, true, key.Input("enableKeyRotation"), key.Name)
		require.Equal(t, false, key.Input("multiRegion"), key.Name)
		require.InDelta(t, 30, key.Input("deletionWindowInDays"), 0, key.Name)
		require.True(t, key.Protect, key.Name)
		require.Contains(t, key.Parent, "gatehouse:aws:Keys::gate")
		require.Equal(t, "alias/"+key.Name, seen.Named(t, aliasType, key.Name).Input("name"))
	}
}

// TestNobodyUsesAKeyWithoutACondition is the least privilege of all keys:
// the account may administer them, and whoever encrypts or decrypts comes
// through a named service, from this account.
func TestNobodyUsesAKeyWithoutACondition(t *testing.T) {
	for _, key := range run(t).OfType(keyType) {
		for _, s := range key.Policy(t, "policy").Statement {
			if s.Sid == "Administration" {
				for _, action := range s.Action {
					for _, use := range []string{"crypt", "GenerateDataKey", "CreateGrant", "*"} {
						require.NotContains(t, action, use, "%s %s", key.Name, s.Sid)
					}
				}
				continue
			}
			require.NotEmpty(t, s.Condition, "%s %s", key.Name, s.Sid)
			bound := false
			for _, variables := range s.Condition {
				for variable, values := range variables {
					for _, v := range values {
						bound = bound || strings.Contains(v, account)
					}
					bound = bound || variable == "kms:ViaService"
				}
			}
			require.True(t, bound, "%s %s is not bound to the account", key.Name, s.Sid)
		}
	}
}

func TestAKeyIsUsedThroughItsOwnServices(t *testing.T) {
	seen := run(t)
	for purpose, services := range map[string][]string{
		"storage":    {"s3", "backup"},
		"database":   {"rds", "backup"},
		"cache":      {"elasticache"},
		"filesystem": {"elasticfilesystem", "backup"},
		"volumes":    {"ec2"},
		"secrets":    {"secretsmanager", "rds"},
		"registry":   {"ecr"},
	} {
		policy := seen.Named(t, keyType, "gate-"+purpose).Policy(t, "policy")
		var want []string
		for _, s := range services {
			want = append(want, s+".us-west-2.amazonaws.com")
		}
		require.Equal(t, want, policy.Named(t, "UseThroughService").Condition["StringEquals"]["kms:ViaService"], purpose)
		grant := policy.Named(t, "GrantThroughService")
		require.Equal(t, []string{"true"}, grant.Condition["Bool"]["kms:GrantIsForAWSResource"], purpose)
	}
}

func TestServicesWithoutAPrincipalAreBoundToTheirSource(t *testing.T) {
	seen := run(t)
	logs := seen.Named(t, keyType, "gate-logs").Policy(t, "policy")
	groups := logs.Named(t, "LogGroups")
	require.Equal(t, map[string]any{"Service": []any{"logs.us-west-2.amazonaws.com"}}, groups.Principal)
	require.Equal(t, []string{"arn:aws:logs:us-west-2:111122223333:log-group:*"}, groups.Condition["ArnLike"]["kms:EncryptionContext:aws:logs:arn"])
	trail := logs.Named(t, "TrailEncrypt")
	require.Equal(t, []string{account}, trail.Condition["StringEquals"]["aws:SourceAccount"])
	require.Len(t, trail.Condition["ArnLike"], 2)
	require.NotContains(t, logs.Named(t, "TrailDescribe").Condition["ArnLike"], "kms:EncryptionContext:aws:cloudtrail:arn")

	volumes := seen.Named(t, keyType, "gate-volumes").Policy(t, "policy")
	use := volumes.Named(t, "AutoScalingUse")
	require.Equal(t, []string{account}, use.Condition["StringEquals"]["kms:CallerAccount"])
	require.Contains(t, use.Condition["ArnEquals"]["aws:PrincipalArn"][0], "AWSServiceRoleForAutoScaling")
	require.NotContains(t, use.Condition, "Bool")
	require.Equal(t, []string{"true"}, volumes.Named(t, "AutoScalingGrant").Condition["Bool"]["kms:GrantIsForAWSResource"])
}

// TestEKSMakesItsGrantFreely: CreateCluster fails under
// kms:GrantIsForAWSResource.
func TestEKSMakesItsGrantFreely(t *testing.T) {
	use := run(t).Named(t, keyType, "gate-cluster").Policy(t, "policy").Named(t, "UseByIAM")
	require.Contains(t, use.Action, "kms:CreateGrant")
	require.NotContains(t, use.Condition, "Bool")
	require.Equal(t, []string{account}, use.Condition["StringEquals"]["kms:CallerAccount"])
}
