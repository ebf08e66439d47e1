package stacks

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runFoundation runs the foundation and network layers, the second on what the
// first really returns.
func runFoundation(t testing.TB, c config.Config) (componenttest.Registrations, FoundationOutputs, NetworkOutputs) {
	t.Helper()
	var foundation FoundationOutputs
	var network NetworkOutputs
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		if foundation, err = deployFoundation(ctx, env); err != nil {
			return err
		}
		network, err = deployNetwork(ctx, env, foundation)
		return err
	})
	return seen, foundation, network
}

// environments are the committed ones.
func environments() map[string]config.Config {
	return map[string]config.Config{"staging": configtest.Staging(), "production": configtest.Production()}
}

func TestFoundationOutputsAreComplete(t *testing.T) {
	for name, c := range environments() {
		t.Run(name, func(t *testing.T) {
			_, outputs, _ := runFoundation(t, c)
			v := reflect.ValueOf(outputs.Keys)
			for i := range v.NumField() {
				require.NotEqual(t, pulumi.StringOutput{}, v.Field(i).Interface(), "key %s", v.Type().Field(i).Name)
			}
			for _, b := range []Bucket{outputs.Backups, outputs.Plugins, outputs.Logs, outputs.Audit} {
				require.NotEqual(t, pulumi.StringOutput{}, b.Name)
				require.NotEqual(t, pulumi.StringOutput{}, b.ARN)
				require.NotEqual(t, pulumi.StringOutput{}, b.Domain)
			}
			require.ElementsMatch(t, []string{"portal-frontend", "websocket", "backstage-backend", "gatehouse", "keeper", "pgbouncer", "plugin-installer", "plugin-loader"},
				slices.Collect(maps.Keys(outputs.Repositories)))
			require.ElementsMatch(t, slices.Collect(maps.Keys(c.Foundation.Secrets)), slices.Collect(maps.Keys(outputs.SecretARNs)))
		})
	}
}

func TestFoundationBuckets(t *testing.T) {
	seen, _, _ := runFoundation(t, configtest.Production())
	const encryption = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	for name, algorithm := range map[string]string{"backups": "aws:kms", "plugins": "aws:kms", "audit": "aws:kms", "logs": "AES256"} {
		got := seen.Named(t, encryption, "gatehouse-test-"+name+"-encryption")
		require.Equal(t, algorithm, got.Input("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm"), name)
	}
	require.ElementsMatch(t, []string{"gatehouse-test-backups-logging", "gatehouse-test-plugins-logging", "gatehouse-test-audit-logging"},
		seen.OfType("aws:s3/bucketLoggingV2:BucketLoggingV2").Names())
	lock := seen.One(t, "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2")
	require.Equal(t, "gatehouse-test-audit-lock", lock.Name)
	require.Equal(t, "COMPLIANCE", lock.Input("rule.defaultRetention.mode"))
	npm := seen.Named(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", "gatehouse-test-plugins-lifecycle")
	require.Equal(t, "npm/", npm.Input("rules[1].filter.prefix"))
	require.Nil(t, npm.Input("rules[0].expiration.days"), "plugin artefacts are kept")
}

// TestTheTrailMayWrite: the trail's name is decided in one place and must
// agree with the bucket that lets it in.
func TestTheTrailMayWrite(t *testing.T) {
	seen, _, _ := runFoundation(t, configtest.Production())
	trail := seen.One(t, "aws:cloudtrail/trail:Trail")
	write := seen.Named(t, "aws:s3/bucketPolicy:BucketPolicy", "gatehouse-test-audit-policy").Policy(t, "policy").Named(t, "TrailWrite")
	require.Equal(t, []string{"arn:aws:cloudtrail:us-west-2:" + string(configtest.Production().Environment.AccountID) + ":trail/" + trail.Input("name").(string)},
		write.Condition["ArnLike"]["aws:SourceArn"])
	require.Contains(t, trail.Dependencies, urn("foundation", "gatehouse:aws:Bucket$aws:s3/bucketPolicy:BucketPolicy", "audit-policy"))
}

func urn(layer, types, name string) string {
	return "urn:pulumi:test::gatehouse::gatehouse:layer:" + layer + "$" + types + "::gatehouse-test-" + name
}

func TestAccountServicesBelongToOneEnvironment(t *testing.T) {
	c := configtest.Staging()
	c.Environment.AccountServices = false
	seen, _, _ := runFoundation(t, c)
	for _, token := range []string{
		"aws:cloudtrail/trail:Trail", "aws:guardduty/detector:Detector", "aws:budgets/budget:Budget",
		"aws:ebs/encryptionByDefault:EncryptionByDefault", "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
	} {
		require.Empty(t, seen.OfType(token), token)
	}
}

// TestEveryValidFoundationAndNetworkIsClosed holds for every configuration
// that is accepted: nothing that keeps data lacks a key or its protection, and
// nothing escapes its layer.
func TestEveryValidFoundationAndNetworkIsClosed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := configtest.Valid(rt)
		seen, _, network := runFoundation(t, c)
		for _, r := range seen.Customs() {
			require.NotEmpty(rt, r.Parent, "%s %s", r.Type, r.Name)
			require.NotEmpty(rt, r.Provider, "%s %s would use a default provider", r.Type, r.Name)
			switch r.Type {
			case "aws:kms/key:Key", "aws:s3/bucketV2:BucketV2", "aws:secretsmanager/secret:Secret", "aws:ecr/repository:Repository":
				require.Equal(rt, c.Environment.Protect, r.Protect, "%s %s", r.Type, r.Name)
			case "aws:cloudwatch/logGroup:LogGroup":
				require.NotNil(rt, r.Input("kmsKeyId"), r.Name)
				require.NotNil(rt, r.Input("retentionInDays"), r.Name)
			}
		}
		require.Len(rt, seen.OfType("aws:ec2/subnet:Subnet"), 3*len(c.Network.Zones))
		require.Equal(rt, c.Network.CIDR.String(), network.CIDR)
		require.Len(rt, seen.OfType("aws:ec2clientvpn/endpoint:Endpoint"), map[bool]int{true: 1, false: 0}[c.Network.VPN != nil])
	})
}
