package redis_test

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/redis"
)

const (
	name  = "gatehouse-test-redis"
	group = "aws:elasticache/replicationGroup:ReplicationGroup"
	user  = "aws:elasticache/user:User"
)

func production() redis.Args {
	return redis.Args{
		VPCID: pulumi.String("vpc-1"), Subnets: pulumi.ToStringArray([]string{"subnet-a", "subnet-b", "subnet-c"}),
		Clients: map[string]pulumi.StringInput{"workloads": pulumi.String("sg-nodes")},
		Version: "7.1", Major: 7, NodeType: "cache.r7g.large", Shards: 3, ReplicasPerShard: 1,
		SnapshotRetentionDays: 14, SnapshotWindow: "05:30-06:30", MaintenanceWindow: "sun:02:00-sun:04:00",
		LogRetentionDays: 90,
		Users: []redis.User{
			{Name: "portal", Keys: []string{"portal:*"}, Channels: []string{"socket.io*"}, Commands: []string{"+@read", "-@dangerous"}},
			{Name: "backstage", Keys: []string{"backstage:*"}, Commands: []string{"+@write"}},
		},
		CacheKey: pulumi.String("key-cache"), LogsKey: pulumi.String("key-logs"), Protect: true,
	}
}

func run(t testing.TB, args redis.Args) componenttest.Registrations {
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := redis.New(ctx, name, args)
		return err
	})
}

func TestClusterIsEncryptedAndAvailable(t *testing.T) {
	seen := run(t, production())
	cluster := seen.One(t, group)
	require.True(t, cluster.Protect)
	for path, want := range map[string]any{
		"replicationGroupId":       name,
		"clusterMode":              "enabled",
		"numNodeGroups":            3.0,
		"replicasPerNodeGroup":     1.0,
		"automaticFailoverEnabled": true,
		"multiAzEnabled":           true,
		"atRestEncryptionEnabled":  true,
		"kmsKeyId":                 "key-cache",
		"transitEncryptionEnabled": true,
		"transitEncryptionMode":    "required",
		"userGroupIds":             []any{name + "-users"},
		"snapshotRetentionLimit":   14.0,
		"snapshotWindow":           "05:30-06:30",
		"maintenanceWindow":        "sun:02:00-sun:04:00",
		"finalSnapshotIdentifier":  name + "-final",
		"engineVersion":            "7.1",
	} {
		require.Equal(t, want, cluster.Input(path), path)
	}
	require.Nil(t, cluster.Input("authToken"), "a password would have to be replaced by users later, and the cluster with it")

	settings := map[any]any{}
	parameters := seen.Named(t, "aws:elasticache/parameterGroup:ParameterGroup", name+"-redis7")
	for _, p := range parameters.Input("parameters").([]any) {
		m := p.(map[string]any)
		settings[m["name"]] = m["value"]
	}
	require.Equal(t, "redis7", parameters.Input("family"))
	require.Equal(t, "yes", settings["cluster-enabled"])
	require.Equal(t, "allkeys-lru", settings["maxmemory-policy"])
}

func TestWithoutReplicasThereIsOneZone(t *testing.T) {
	args := production()
	args.ReplicasPerShard = 0
	cluster := run(t, args).One(t, group)
	require.Equal(t, false, cluster.Input("multiAzEnabled"))
	require.Equal(t, true, cluster.Input("automaticFailoverEnabled"), "cluster mode demands it")
}

func TestUsers(t *testing.T) {
	seen := run(t, production())
	require.Len(t, seen.OfType(user), 3)

	nobody := seen.Named(t, user, name+"-default")
	require.Equal(t, "default", nobody.Input("userName"))
	require.Equal(t, "off ~* -@all", nobody.Input("accessString"))
	require.Equal(t, "no-password-required", nobody.Input("authenticationMode.type"))

	for application, acl := range map[string]string{
		"portal":    "on ~portal:* &socket.io* -@all +@read -@dangerous",
		"backstage": "on ~backstage:* -@all +@write",
	} {
		u := seen.Named(t, user, name+"-"+application)
		require.Equal(t, acl, u.Input("accessString"))
		require.Equal(t, "iam", u.Input("authenticationMode.type"))
		require.Nil(t, u.Input("passwords"))
		require.Equal(t, u.Input("userId"), u.Input("userName"), "IAM authentication demands one name for both")
	}
	require.ElementsMatch(t,
		[]any{name + "-default", name + "-portal", name + "-backstage"},
		seen.One(t, "aws:elasticache/userGroup:UserGroup").Input("userIds"))
}

func TestAUserWithAPassword(t *testing.T) {
	args := production()
	args.Users = append(args.Users, redis.User{Name: "monitor", Password: pulumi.String("hush"), Keys: []string{"monitor:*"}, Commands: []string{"+ping"}})
	seen := run(t, args)
	u := seen.Named(t, user, name+"-monitor")
	require.Equal(t, "password", u.Input("authenticationMode.type"))
	require.Equal(t, []any{"hush"}, u.Input("authenticationMode.passwords"))
	require.True(t, u.Inputs["authenticationMode"].ContainsSecrets(), "the password must not be shown")
	require.Equal(t, redis.UserName(name, "monitor"), u.Input("userName"))
	require.Equal(t, "iam", seen.Named(t, user, name+"-portal").Input("authenticationMode.type"), "one password does not weaken the others")
	require.Contains(t, seen.One(t, "aws:elasticache/userGroup:UserGroup").Input("userIds"), name+"-monitor")
}

func TestUsersInAnotherOrderAreTheSame(t *testing.T) {
	args := production()
	first := run(t, args)
	slices.Reverse(args.Users)
	second := run(t, args)
	require.ElementsMatch(t, first.Names(), second.Names())
	for _, r := range first.Customs() {
		require.Equal(t, r.Inputs, second.Named(t, r.Type, r.Name).Inputs)
	}
}

func TestLogsAreDeliveredToEncryptedGroups(t *testing.T) {
	seen := run(t, production())
	deliveries := seen.One(t, group).Input("logDeliveryConfigurations").([]any)
	require.Len(t, deliveries, 2)
	for i, kind := range []string{"slow-log", "engine-log"} {
		to := seen.Named(t, "aws:cloudwatch/logGroup:LogGroup", name+"-"+kind)
		require.Equal(t, "key-logs", to.Input("kmsKeyId"))
		require.Equal(t, map[string]any{
			"destination": to.Input("name"), "destinationType": "cloudwatch-logs", "logFormat": "json", "logType": kind,
		}, deliveries[i])
	}
}

func TestLongNamesFitElastiCache(t *testing.T) {
	long := "gatehouse-a-rather-long-environment-name-redis"
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := redis.New(ctx, long, production())
		return err
	})
	ids := map[any]bool{}
	for _, r := range seen.Customs() {
		for _, property := range []string{"replicationGroupId", "userId", "userGroupId"} {
			if id := r.Input(property); id != nil {
				require.LessOrEqual(t, len(id.(string)), 40)
				require.False(t, ids[id], "two resources share the ID %s", id)
				ids[id] = true
			}
		}
	}
	require.Len(t, ids, 5)
	for _, r := range seen.Customs() {
		require.NotEmpty(t, r.Parent, r.Name)
	}
}
