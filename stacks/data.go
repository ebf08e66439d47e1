package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/filesystem"
	"gatehouse/components/postgres"
	"gatehouse/components/redis"
	"gatehouse/components/vault"
	"gatehouse/stacks/config"
)

// database is the first database of PostgreSQL: the portal's. Backstage makes
// one a plugin beside it.
const database = "portal"

// deployData makes the data stores and the vault of their backups.
func deployData(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, network NetworkOutputs) (DataOutputs, error) {
	inLayer, err := newLayer(ctx, env, "data", env.Providers.Regional)
	if err != nil {
		return DataOutputs{}, err
	}
	db, err := postgres.New(ctx, env.Named("postgres"), postgresArgs(env, foundation, network), inLayer)
	if err != nil {
		return DataOutputs{}, fmt.Errorf("deploy data: %w", err)
	}
	monitors, err := redisMonitors(ctx, env, foundation, inLayer)
	if err != nil {
		return DataOutputs{}, fmt.Errorf("deploy data: %w", err)
	}
	cache, err := redis.New(ctx, env.Named("redis"), redisArgs(env, foundation, network, monitors), inLayer)
	if err != nil {
		return DataOutputs{}, fmt.Errorf("deploy data: %w", err)
	}
	files, err := filesystem.New(ctx, env.Named("plugins"), filesystemArgs(env, foundation, network), inLayer)
	if err != nil {
		return DataOutputs{}, fmt.Errorf("deploy data: %w", err)
	}
	args, err := vaultArgs(env, foundation, db, files)
	if err != nil {
		return DataOutputs{}, fmt.Errorf("deploy data: %w", err)
	}
	safe, err := vault.New(ctx, env.Named("vault"), args, inLayer)
	if err != nil {
		return DataOutputs{}, fmt.Errorf("deploy data: %w", err)
	}
	return DataOutputs{
		Postgres: Postgres{
			Identifier: db.Identifier, ResourceID: db.ResourceID, ARN: db.ARN,
			Endpoint: db.Endpoint, Readers: db.Readers,
			MasterSecretARN: db.MasterSecretARN, Database: database,
		},
		Redis: Redis{Endpoint: cache.Endpoint, ARN: cache.ARN, UserARNs: cache.UserARNs},
		Filesystem: Filesystem{
			ID: files.ID, ARN: files.ARN,
			PluginAccessPointID: files.PluginAccessPointID, PluginAccessPointARN: files.PluginAccessPointARN,
		},
		VaultARN: safe.ARN,
	}, nil
}

func postgresArgs(env Environment, foundation FoundationOutputs, network NetworkOutputs) postgres.Args {
	c := env.Config.Data.Postgres
	args := postgres.Args{
		VPCID: network.VPCID, Subnets: network.Data, Clients: administrators(env, network),
		Version: postgres.Version{Major: c.EngineVersion.Major},
		Class:   string(c.InstanceClass), ReplicaClass: string(c.InstanceClass),
		StorageGiB: c.StorageGiB, MaxStorageGiB: c.MaxStorageGiB,
		MultiAZ: c.MultiAZ, Replicas: c.Replicas, Database: database,
		BackupRetentionDays: c.BackupRetentionDays,
		BackupWindow:        c.BackupWindow.String(), MaintenanceWindow: c.MaintenanceWindow.String(),
		SlowQueryMillis: c.SlowQueryMillis, LogRetentionDays: c.LogRetentionDays,
		// A week of Performance Insights is free.
		InsightsRetentionDays: 7, MonitoringSeconds: 60,
		DatabaseKey: foundation.Keys.Database, SecretsKey: foundation.Keys.Secrets, LogsKey: foundation.Keys.Logs,
		Partition: env.Partition, Region: env.Region, AccountID: env.AccountID,
		Protect: env.Config.Environment.Protect,
	}
	if minor := c.EngineVersion.Minor; minor >= 0 {
		args.Version.Minor = &minor
	}
	if c.ReplicaClass != nil {
		args.ReplicaClass = string(*c.ReplicaClass)
	}
	if env.Production() {
		args.InsightsRetentionDays, args.MonitoringSeconds = 731, 30
	}
	return args
}

func redisArgs(env Environment, foundation FoundationOutputs, network NetworkOutputs, monitors []redis.User) redis.Args {
	c := env.Config.Data.Redis
	return redis.Args{
		VPCID: network.VPCID, Subnets: network.Data, Clients: workloads(network),
		Version: c.EngineVersion.String(), Major: c.EngineVersion.Major,
		NodeType: string(c.NodeType), Shards: c.Shards, ReplicasPerShard: c.ReplicasPerShard,
		SnapshotRetentionDays: c.SnapshotRetentionDays, SnapshotWindow: c.SnapshotWindow.String(),
		MaintenanceWindow: c.MaintenanceWindow.String(), LogRetentionDays: c.LogRetentionDays,
		Users:    append(redisUsers(), monitors...),
		CacheKey: foundation.Keys.Cache, LogsKey: foundation.Keys.Logs,
		Protect: env.Config.Environment.Protect,
	}
}

// redisUsers are the applications and what each may do. Both speak the cluster
// protocol, which asks for the slots first; neither may list all keys, flush or
// configure.
func redisUsers() []redis.User {
	inCluster := []string{"+@connection", "+cluster|slots", "+cluster|shards", "+cluster|nodes", "+cluster|info", "+info"}
	return []redis.User{
		{
			// Sessions, caches, rate limits (Lua) and the Socket.IO adapter.
			Name: "portal", Keys: []string{"portal:*"}, Channels: []string{"portal:*", "socket.io*"},
			Commands: append([]string{"+@read", "+@write", "+@transaction", "+@scripting", "+@pubsub", "-@dangerous"}, inCluster...),
		},
		{
			// Backstage's cache service only.
			Name: "backstage", Keys: []string{"backstage:*"},
			Commands: append([]string{"+@read", "+@write", "-@dangerous"}, inCluster...),
		},
	}
}

func filesystemArgs(env Environment, foundation FoundationOutputs, network NetworkOutputs) filesystem.Args {
	// The network layer's subnets are in the order of the zones' names.
	subnets := map[string]pulumi.StringInput{}
	for i, zone := range slices.Sorted(maps.Keys(env.Config.Network.Zones)) {
		subnets[zone] = network.Data.Index(pulumi.Int(i))
	}
	c := env.Config.Data.Filesystem
	return filesystem.Args{
		VPCID: network.VPCID, Subnets: subnets, Clients: workloads(network),
		ThroughputMode: string(c.ThroughputMode), ColdAfterDays: c.ColdAfterDays,
		Key: foundation.Keys.Filesystem, Protect: env.Config.Environment.Protect,
	}
}

func vaultArgs(env Environment, foundation FoundationOutputs, db *postgres.Postgres, files *filesystem.Filesystem) (vault.Args, error) {
	c := env.Config.Data.Backup
	hour, err := backupHour(env.Config.Data.Postgres)
	return vault.Args{
		Key:              foundation.Keys.Backup,
		MinRetentionDays: c.LockMinDays, MaxRetentionDays: c.LockMaxDays, ComplianceAfterDays: c.LockGraceDays,
		Hour: hour, DailyRetentionDays: c.DailyRetentionDays, MonthlyRetentionDays: c.MonthlyRetentionDays,
		Stores: map[string]vault.Store{
			"postgres": {ARN: db.ARN, Type: "RDS", RestoreOverrides: pulumi.StringMap{
				// Else the copy stands in the default VPC, or fails without one.
				"dbSubnetGroupName": db.SubnetGroup,
				"multiAz":           pulumi.String("false"),
			}},
			"plugins": {ARN: files.ARN, Type: "EFS", RestoreOverrides: pulumi.StringMap{
				"kmsKeyId": foundation.Keys.Filesystem,
			}},
		},
		Partition: env.Partition, AccountID: env.AccountID, Protect: env.Config.Environment.Protect,
	}, err
}

// backupHour is the first free hour after the database's own backup.
func backupHour(c config.Postgres) (int, error) {
	backup := config.WeeklyWindow{Start: c.BackupWindow.Start, End: c.BackupWindow.Start + c.BackupWindow.Minutes()}
	return vault.StartHour(c.BackupWindow.End/60, func(start, end int) bool {
		job := config.DailyWindow{Start: start, End: end}
		return backup.OverlapsDaily(job) || c.MaintenanceWindow.OverlapsDaily(job)
	})
}

// workloads are the clients of every data store.
func workloads(network NetworkOutputs) map[string]pulumi.StringInput {
	return map[string]pulumi.StringInput{"workloads": network.Workloads}
}

// administrators adds people, where they have a VPN to come through.
func administrators(env Environment, network NetworkOutputs) map[string]pulumi.StringInput {
	clients := workloads(network)
	if env.Config.Network.VPN != nil {
		clients["vpn"] = network.VPN.Elem()
	}
	return clients
}
