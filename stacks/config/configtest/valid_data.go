package configtest

import (
	"pgregory.net/rapid"

	"gatehouse/stacks/config"
)

func drawData(t *rapid.T, production bool) config.Data {
	return config.Data{
		Postgres: drawPostgres(t, production),
		Redis:    drawRedis(t, production),
		Filesystem: config.Filesystem{
			ThroughputMode: oneOf[config.ThroughputMode](t, "throughput", "elastic", "bursting"),
			ColdAfterDays:  oneOf(t, "cold after", 7, 14, 30, 60, 90),
		},
		Backup: drawBackup(t),
	}
}

func drawPostgres(t *rapid.T, production bool) config.Postgres {
	storage := number(t, 20, 1000, "storage")
	class := oneOf[config.InstanceClass](t, "class", "db.r7g.large", "db.m7g.xlarge", "db.m6i.large")
	p := config.Postgres{
		EngineVersion:       config.EngineVersion{Major: number(t, 15, 18, "postgres major"), Minor: number(t, -1, 20, "postgres minor")},
		InstanceClass:       class,
		StorageGiB:          storage,
		MaxStorageGiB:       storage + storage/10 + number(t, 1, 1000, "more storage"),
		MultiAZ:             production || rapid.Bool().Draw(t, "multi az"),
		Replicas:            number(t, atLeast(production, 2, 0), 5, "replicas"),
		BackupRetentionDays: number(t, 7, 35, "postgres retention"),
		SlowQueryMillis:     number(t, 10, 60000, "slow query"),
		LogRetentionDays:    logDays(t, "postgres logs"),
	}
	p.BackupWindow, p.MaintenanceWindow = drawWindows(t, 30)
	if rapid.Bool().Draw(t, "other class for replicas") {
		p.ReplicaClass = &class
	}
	return p
}

func drawRedis(t *rapid.T, production bool) config.Redis {
	r := config.Redis{
		EngineVersion:         config.EngineVersion{Major: 7, Minor: number(t, 0, 1, "redis minor")},
		NodeType:              oneOf[config.NodeType](t, "node type", "cache.r7g.large", "cache.m7g.xlarge"),
		Shards:                number(t, atLeast(production, 3, 1), 10, "shards"),
		ReplicasPerShard:      number(t, atLeast(production, 1, 0), 5, "replicas a shard"),
		SnapshotRetentionDays: number(t, 7, 35, "snapshots"),
		LogRetentionDays:      logDays(t, "redis logs"),
	}
	r.SnapshotWindow, r.MaintenanceWindow = drawWindows(t, 60)
	return r
}

// drawWindows draws a daily window and a weekly one after it on some day, so
// that they never meet; both may pass midnight, and the week's end.
func drawWindows(t *rapid.T, shortest int) (config.DailyWindow, config.WeeklyWindow) {
	const day, week = 24 * 60, 7 * 24 * 60
	start := number(t, 0, day-1, "window start")
	length := number(t, shortest, 5*60, "window length")
	daily := config.DailyWindow{Start: start, End: (start + length) % day}
	begin := number(t, 0, 6, "weekday")*day + start + length + number(t, 0, 60, "gap")
	end := begin + number(t, shortest, 5*60, "maintenance length")
	return daily, config.WeeklyWindow{Start: begin % week, End: end % week}
}

func drawBackup(t *rapid.T) config.Backup {
	daily := number(t, 7, 365, "daily retention")
	monthly := number(t, max(90, daily), 3650, "monthly retention")
	b := config.Backup{
		DailyRetentionDays:   daily,
		MonthlyRetentionDays: monthly,
		LockMinDays:          number(t, 1, daily, "lock minimum"),
		LockMaxDays:          number(t, monthly, 3650, "lock maximum"),
	}
	if rapid.Bool().Draw(t, "locked for good") {
		grace := number(t, 3, 365, "grace")
		b.LockGraceDays = &grace
	}
	return b
}

func drawCluster(t *rapid.T, account config.AccountID, production bool) config.Cluster {
	principal := func(name string) config.ARN { return config.ARN("arn:aws:iam::" + string(account) + ":" + name) }
	return config.Cluster{
		Version:           "1.35",
		PublicAccessCIDRs: oneOf(t, "public access", []config.CIDR{}, []config.CIDR{prefix("203.0.113.0/24")}),
		Admins:            []config.ARN{principal("role/admin")},
		ReadOnly:          oneOf(t, "read only", []config.ARN{}, []config.ARN{principal("role/viewer"), principal("user/auditor")}),
		LogRetentionDays:  logDays(t, "cluster logs"),
		NodeGroups: config.NodeGroups{
			System: drawNodes(t, atLeast(production, 2, 1)),
			Apps:   drawNodes(t, atLeast(production, 6, 1)),
			Build:  drawNodes(t, 0),
		},
	}
}

func drawNodes(t *rapid.T, least int) config.NodeGroup {
	low := number(t, least, least+10, "min nodes")
	high := number(t, max(1, low), low+20, "max nodes")
	return config.NodeGroup{
		InstanceTypes: oneOf(t, "types", []config.InstanceType{"m7i.large"}, []config.InstanceType{"m7g.large", "r7g.large"}),
		Min:           low, Max: high, Desired: number(t, low, high, "desired nodes"),
		DiskGiB: number(t, 20, 1000, "disk"),
	}
}
