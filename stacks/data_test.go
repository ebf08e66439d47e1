package stacks

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

const (
	rdsInstance  = "aws:rds/instance:Instance"
	redisCluster = "aws:elasticache/replicationGroup:ReplicationGroup"
	ingressRule  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
)

// runData runs the data layer on stand-ins for the earlier layers' outputs.
func runData(t testing.TB, c config.Config) componenttest.Registrations {
	t.Helper()
	text := func(s string) pulumi.StringOutput { return pulumi.String(s).ToStringOutput() }
	foundation := FoundationOutputs{Keys: Keys{
		Database: text("key-database"), Cache: text("key-cache"), Filesystem: text("key-filesystem"),
		Secrets: text("key-secrets"), Logs: text("key-logs"), Backup: text("key-backup"),
	}, SecretARNs: map[string]pulumi.StringOutput{config.RedisLogin: text("arn:" + config.RedisLogin)}}
	network := NetworkOutputs{VPCID: text("vpc"), Workloads: text("sg-workloads")}
	zones := []string{}
	for zone := range c.Network.Zones {
		zones = append(zones, "data-"+zone)
	}
	slices.Sort(zones)
	network.Data = pulumi.ToStringArray(zones).ToStringArrayOutput()
	if c.Network.VPN != nil {
		network.VPN = pulumi.StringPtr("sg-vpn").ToStringPtrOutput()
	}
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		env, err := newEnvironment(ctx, c)
		if err != nil {
			return err
		}
		_, err = deployData(ctx, env, foundation, network)
		return err
	})
}

func TestProductionData(t *testing.T) {
	seen := runData(t, configtest.Production())
	primary := seen.Named(t, rdsInstance, "gatehouse-test-postgres")
	require.Len(t, seen.OfType(rdsInstance), 3, "a primary and two replicas")
	for path, want := range map[string]any{
		"multiAz": true, "deletionProtection": true, "performanceInsightsRetentionPeriod": 731.0, "monitoringInterval": 30.0,
		"kmsKeyId": "key-database", "masterUserSecretKmsKeyId": "key-secrets", "maintenanceWindow": "sun:02:00-sun:04:00",
	} {
		require.Equal(t, want, primary.Input(path), path)
	}
	cluster := seen.One(t, redisCluster)
	require.GreaterOrEqual(t, cluster.Input("numNodeGroups"), 3.0)
	require.GreaterOrEqual(t, cluster.Input("replicasPerNodeGroup"), 1.0)
	require.Equal(t, true, cluster.Input("multiAzEnabled"))

	// People reach the database through the VPN, and no other store.
	var throughVPN []string
	for _, rule := range seen.OfType(ingressRule) {
		if rule.Input("referencedSecurityGroupId") == "sg-vpn" {
			throughVPN = append(throughVPN, rule.Name)
		}
	}
	require.Equal(t, []string{"gatehouse-test-postgres-access-vpn"}, throughVPN)
}

func TestStagingData(t *testing.T) {
	seen := runData(t, configtest.Staging())
	primary := seen.Named(t, rdsInstance, "gatehouse-test-postgres")
	require.Equal(t, 7.0, primary.Input("performanceInsightsRetentionPeriod"))
	require.Equal(t, 60.0, primary.Input("monitoringInterval"))
	require.Len(t, seen.OfType(ingressRule), 3, "the workloads, into each of three stores")
}

func TestMountTargetsStandInTheirZones(t *testing.T) {
	c := configtest.Staging()
	for _, target := range runData(t, c).OfType("aws:efs/mountTarget:MountTarget") {
		zone := strings.TrimPrefix(target.Name, "gatehouse-test-plugins-")
		require.Contains(t, c.Network.Zones, zone)
		require.Equal(t, "data-"+zone, target.Input("subnetId"))
	}
}

func TestApplicationsMayNotAdministerRedis(t *testing.T) {
	users := redisUsers()
	require.Len(t, users, 2)
	for _, user := range users {
		acl := user.AccessString()
		require.NotContains(t, acl, "~*", "%s must keep to its own keys", user.Name)
		require.NotContains(t, acl, "&*")
		require.NotContains(t, acl, "+@all")
		dangerous := slices.Index(user.Commands, "-@dangerous")
		require.Positive(t, dangerous)
		for _, broad := range []string{"+@read", "+@write"} {
			require.Less(t, slices.Index(user.Commands, broad), dangerous, "a later rule wins: %s would bring FLUSHALL or KEYS back", broad)
		}
	}
}

func TestBackupHour(t *testing.T) {
	at := func(backup, maintenance string) config.Postgres {
		var c config.Postgres
		require.NoError(t, c.BackupWindow.UnmarshalText([]byte(backup)))
		require.NoError(t, c.MaintenanceWindow.UnmarshalText([]byte(maintenance)))
		return c
	}
	for _, example := range []struct {
		name, backup, maintenance string
		hour                      int
	}{
		{"after the backup", "05:00-05:30", "sun:02:00-sun:04:00", 6},
		{"not in the window's own hour", "05:00-06:30", "sun:02:00-sun:04:00", 7},
		{"not in the hour before maintenance", "05:00-05:30", "sun:07:00-sun:08:00", 8},
		{"past midnight", "22:30-23:30", "sun:00:30-sun:01:00", 1},
	} {
		t.Run(example.name, func(t *testing.T) {
			hour, err := backupHour(at(example.backup, example.maintenance))
			require.NoError(t, err)
			require.Equal(t, example.hour, hour)
		})
	}
	_, err := backupHour(at("05:00-05:30", "sun:00:00-mon:00:00"))
	require.ErrorContains(t, err, "shorten the maintenance window")
}

// Whatever the configuration, every store is encrypted, private, in its layer
// and, where asked, protected.
func TestEveryValidConfigurationGuardsItsData(t *testing.T) {
	stores := []string{rdsInstance, redisCluster, "aws:efs/fileSystem:FileSystem", "aws:backup/vault:Vault"}
	rapid.Check(t, func(rt *rapid.T) {
		c := configtest.Valid(rt)
		seen := runData(t, c)
		for _, r := range seen.Customs() {
			require.Contains(rt, r.Parent, "gatehouse:layer:data", r.Name)
			require.Contains(rt, r.Provider, "gatehouse-test-regional", r.Name)
		}
		for _, token := range stores {
			kept := seen.OfType(token)
			require.NotEmpty(rt, kept, token)
			for _, r := range kept {
				replica := r.Input("replicateSourceDb") != nil
				require.Equal(rt, c.Environment.Protect && !replica, r.Protect, r.Name)
				require.NotEmpty(rt, firstOf(r.Input("kmsKeyId"), r.Input("kmsKeyArn")), "%s has no key", r.Name)
				require.NotEqual(rt, true, r.Input("publiclyAccessible"), r.Name)
			}
		}
		for _, group := range seen.OfType("aws:cloudwatch/logGroup:LogGroup") {
			require.Equal(rt, "key-logs", group.Input("kmsKeyId"), group.Name)
		}
	})
}

// firstOf returns the first that is there.
func firstOf(values ...any) any {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}
