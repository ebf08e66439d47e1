package postgres_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/components/componenttest"
	"gatehouse/components/postgres"
)

const (
	name     = "gatehouse-test-postgres"
	instance = "aws:rds/instance:Instance"
	logGroup = "aws:cloudwatch/logGroup:LogGroup"
)

func production() postgres.Args {
	return postgres.Args{
		VPCID: pulumi.String("vpc-1"), Subnets: pulumi.ToStringArray([]string{"subnet-a", "subnet-b", "subnet-c"}),
		Clients: map[string]pulumi.StringInput{"workloads": pulumi.String("sg-nodes")},
		Version: postgres.Version{Major: 16}, Class: "db.r7g.large", ReplicaClass: "db.r7g.medium",
		StorageGiB: 100, MaxStorageGiB: 500, MultiAZ: true, Replicas: 2, Database: "portal",
		BackupRetentionDays: 35, BackupWindow: "05:00-05:30", MaintenanceWindow: "sun:02:00-sun:04:00",
		SlowQueryMillis: 750, LogRetentionDays: 90, InsightsRetentionDays: 731, MonitoringSeconds: 30,
		DatabaseKey: pulumi.String("key-database"), SecretsKey: pulumi.String("key-secrets"), LogsKey: pulumi.String("key-logs"),
		Partition: "aws", Region: "us-west-2", AccountID: "111122223333", Protect: true,
	}
}

func run(t testing.TB, args postgres.Args) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := postgres.New(ctx, name, args)
		return err
	})
}

func TestEveryInstanceIsEncryptedWatchedAndPrivate(t *testing.T) {
	instances := run(t, production()).OfType(instance)
	require.ElementsMatch(t, []string{name, name + "-replica-1", name + "-replica-2"}, instances.Names())
	for _, i := range instances {
		for path, want := range map[string]any{
			"identifier":                         i.Name,
			"storageEncrypted":                   true,
			"kmsKeyId":                           "key-database",
			"publiclyAccessible":                 false,
			"vpcSecurityGroupIds":                []any{name + "-access-id"},
			"caCertIdentifier":                   "rds-ca-rsa2048-g1",
			"iamDatabaseAuthenticationEnabled":   true,
			"performanceInsightsEnabled":         true,
			"performanceInsightsKmsKeyId":        "key-database",
			"performanceInsightsRetentionPeriod": 731.0,
			"monitoringInterval":                 30.0,
			"enabledCloudwatchLogsExports":       []any{"postgresql", "upgrade"},
			"allowMajorVersionUpgrade":           false,
			"autoMinorVersionUpgrade":            true,
			"engineVersion":                      "16",
			"storageType":                        "gp3",
			"maxAllocatedStorage":                500.0,
			"copyTagsToSnapshot":                 true,
			"maintenanceWindow":                  "sun:02:00-sun:04:00",
			"networkType":                        "IPV4",
		} {
			require.Equal(t, want, i.Input(path), "%s of %s", path, i.Name)
		}
	}
}

func TestPrimaryCanBeRecovered(t *testing.T) {
	primary := run(t, production()).Named(t, instance, name)
	require.True(t, primary.Protect)
	for path, want := range map[string]any{
		"engine":                   "postgres",
		"multiAz":                  true,
		"backupRetentionPeriod":    35.0,
		"backupWindow":             "05:00-05:30",
		"deletionProtection":       true,
		"skipFinalSnapshot":        false,
		"finalSnapshotIdentifier":  name + "-final",
		"deleteAutomatedBackups":   false,
		"manageMasterUserPassword": true,
		"masterUserSecretKmsKeyId": "key-secrets",
		"dbName":                   "portal",
		"allocatedStorage":         100.0,
	} {
		require.Equal(t, want, primary.Input(path), path)
	}
	require.Nil(t, primary.Input("password"), "RDS makes the password; Pulumi never knows it")
}

func TestReplicasFollowThePrimary(t *testing.T) {
	replica := run(t, production()).Named(t, instance, name+"-replica-2")
	require.False(t, replica.Protect, "a replica holds no data of its own")
	for path, want := range map[string]any{
		"replicateSourceDb":     name,
		"instanceClass":         "db.r7g.medium",
		"backupRetentionPeriod": 0.0,
		"skipFinalSnapshot":     true,
		"deletionProtection":    false,
		"multiAz":               false,
	} {
		require.Equal(t, want, replica.Input(path), path)
	}
	for _, inherited := range []string{"engine", "username", "dbName", "allocatedStorage", "dbSubnetGroupName", "manageMasterUserPassword"} {
		require.Nil(t, replica.Input(inherited), "RDS refuses %s on a replica, or takes the source's", inherited)
	}
}

func TestPinnedMinorIsNotUpgradedByRDS(t *testing.T) {
	args, minor := production(), 9
	args.Version.Minor = &minor
	primary := run(t, args).Named(t, instance, name)
	require.Equal(t, "16.9", primary.Input("engineVersion"))
	require.Equal(t, false, primary.Input("autoMinorVersionUpgrade"))
}

func TestParameterGroupsAreNamedByFamily(t *testing.T) {
	const parameterGroup = "aws:rds/parameterGroup:ParameterGroup"
	groups := run(t, production()).OfType(parameterGroup)
	require.ElementsMatch(t, []string{name + "-postgres16", name + "-replica-postgres16"}, groups.Names())

	next := production()
	next.Version.Major = 17
	require.ElementsMatch(t, []string{name + "-postgres17", name + "-replica-postgres17"}, run(t, next).OfType(parameterGroup).Names(),
		"a new major must make a group beside the old one, not replace it")

	for _, group := range groups {
		settings := parameters(t, group)
		require.Equal(t, [2]string{"1", "immediate"}, settings["rds.force_ssl"])
		require.Equal(t, [2]string{"pg_stat_statements", "pending-reboot"}, settings["shared_preload_libraries"])
		require.Equal(t, [2]string{"all", "immediate"}, settings["pg_stat_statements.track"])
		require.Equal(t, [2]string{"750", "immediate"}, settings["log_min_duration_statement"])
		for _, on := range []string{"log_connections", "log_disconnections", "log_lock_waits", "track_io_timing"} {
			require.Equal(t, "1", settings[on][0], on)
		}
	}
}

func parameters(t *testing.T, group componenttest.Registration) map[string][2]string {
	t.Helper()
	settings := map[string][2]string{}
	for _, p := range group.Input("parameters").([]any) {
		m := p.(map[string]any)
		name := m["name"].(string)
		require.NotContains(t, settings, name, "RDS refuses a parameter that is given twice")
		settings[name] = [2]string{m["value"].(string), m["applyMethod"].(string)}
	}
	return settings
}

func TestOnlyNamedClientsConnect(t *testing.T) {
	args := production()
	args.Clients["vpn"] = pulumi.String("sg-vpn")
	seen := run(t, args)
	require.Nil(t, seen.One(t, "aws:ec2/securityGroup:SecurityGroup").Input("ingress"))
	require.Nil(t, seen.One(t, "aws:ec2/securityGroup:SecurityGroup").Input("egress"))
	rules := seen.OfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
	require.Len(t, rules, 2)
	for source, group := range map[string]string{"workloads": "sg-nodes", "vpn": "sg-vpn"} {
		rule := seen.Named(t, rules[0].Type, name+"-access-"+source)
		require.Equal(t, group, rule.Input("referencedSecurityGroupId"))
		require.Equal(t, 5432.0, rule.Input("fromPort"))
		require.Equal(t, 5432.0, rule.Input("toPort"))
		require.Nil(t, rule.Input("cidrIpv4"))
	}

	args.Clients = nil
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := postgres.New(ctx, name, args)
		return err
	})
	require.ErrorContains(t, err, "no sources")
}

func TestLogGroupsAndRoleComeBeforeTheInstance(t *testing.T) {
	seen := run(t, production())
	require.Len(t, seen.OfType(logGroup), 6)
	for _, i := range seen.OfType(instance) {
		for _, export := range []string{"postgresql", "upgrade"} {
			group := seen.Named(t, logGroup, i.Name+"-"+export)
			require.Equal(t, "/aws/rds/instance/"+i.Name+"/"+export, group.Input("name"))
			require.Equal(t, "key-logs", group.Input("kmsKeyId"))
			require.Equal(t, 90.0, group.Input("retentionInDays"))
			require.True(t, waitsFor(i, group.Name), "%s must wait for %s", i.Name, group.Name)
		}
		require.True(t, waitsFor(i, name+"-monitoring-AmazonRDSEnhancedMonitoringRole"), "%s must wait for its role's rights", i.Name)
	}
}

func waitsFor(r componenttest.Registration, name string) bool {
	for _, urn := range r.Dependencies {
		if strings.HasSuffix(urn, "::"+name) {
			return true
		}
	}
	return false
}

func TestMonitoringRoleServesThisDatabaseOnly(t *testing.T) {
	role := run(t, production()).One(t, "aws:iam/role:Role")
	var policy struct {
		Statement []struct {
			Principal map[string][]string
			Condition map[string]map[string][]string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(role.Input("assumeRolePolicy").(string)), &policy))
	require.Len(t, policy.Statement, 1)
	require.Equal(t, map[string][]string{"Service": {"monitoring.rds.amazonaws.com"}}, policy.Statement[0].Principal)
	require.Equal(t, map[string]map[string][]string{
		"StringEquals": {"aws:SourceAccount": {"111122223333"}},
		"ArnLike":      {"aws:SourceArn": {"arn:aws:rds:us-west-2:111122223333:db:" + name + "*"}},
	}, policy.Statement[0].Condition)
}

// Whatever the size, every child is parented, every instance encrypted, and a
// replica more adds resources without renaming any.
func TestScalingKeepsNames(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		args := production()
		args.Replicas = rapid.IntRange(0, 4).Draw(rt, "replicas")
		args.MultiAZ = rapid.Bool().Draw(rt, "multiAZ")
		args.Protect = rapid.Bool().Draw(rt, "protect")
		smaller := run(t, args)
		args.Replicas++
		larger := run(t, args)
		require.Subset(rt, larger.Names(), smaller.Names())
		require.Len(rt, larger.OfType(instance), args.Replicas+1)
		for _, r := range larger.Customs() {
			require.NotEmpty(rt, r.Parent, r.Name)
		}
		for _, i := range larger.OfType(instance) {
			require.Equal(rt, true, i.Input("storageEncrypted"))
		}
		require.Equal(rt, args.Protect, larger.Named(t, instance, name).Protect)
	})
}
