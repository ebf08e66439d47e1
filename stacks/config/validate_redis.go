package config

const (
	oldestRedis             = 7
	productionShards        = 3
	productionShardReplicas = 1
	// Source: ElastiCache quotas, "Nodes per cluster (cluster mode enabled)".
	maxRedisNodes = 500
)

// redis checks the cache against AWS and the guides.
func (v validator) redis() {
	const path = "data.redis"
	cache := v.Config.Data.Redis
	if v.readable(path + ".engineVersion") {
		switch {
		case cache.EngineVersion.Major < oldestRedis:
			v.refuse(path+".engineVersion", "Redis %s is too old; the portal needs %d or newer (deployment guide, Prerequisites)", cache.EngineVersion, oldestRedis)
		case cache.EngineVersion.Minor < 0:
			v.refuse(path+".engineVersion", "ElastiCache wants major.minor, such as \"7.1\"")
		}
	}
	if nodes := cache.Shards * (1 + cache.ReplicasPerShard); v.readable(path+".shards", path+".replicasPerShard") && nodes > maxRedisNodes {
		v.refuse(path+".shards", "%d shards of %d nodes are %d nodes; ElastiCache allows %d", cache.Shards, 1+cache.ReplicasPerShard, nodes, maxRedisNodes)
	}
	v.windows(path, "snapshotWindow", cache.SnapshotWindow, cache.MaintenanceWindow, minRedisWindowMinutes)
	if !v.production() {
		return
	}
	if v.readable(path+".shards") && cache.Shards < productionShards {
		v.refuse(path+".shards", "has %d; production needs %d or more (deployment guide, Infrastructure Architecture)", cache.Shards, productionShards)
	}
	if v.readable(path+".replicasPerShard") && cache.ReplicasPerShard < productionShardReplicas {
		v.refuse(path+".replicasPerShard", "has %d; production needs a replica of each shard: set replicasPerShard: 1 or more (readiness guide, Cache Systems)", cache.ReplicasPerShard)
	}
	v.notBurstable(path+".nodeType", string(cache.NodeType))
}

// backup checks that the vault's lock admits the plans.
func (v validator) backup() {
	const path = "data.backup"
	b := v.Config.Data.Backup
	if !v.readable(path+".dailyRetentionDays", path+".monthlyRetentionDays", path+".lockMinDays", path+".lockMaxDays") {
		return
	}
	if b.DailyRetentionDays < b.LockMinDays {
		v.refuse(path+".dailyRetentionDays", "%d is less than lockMinDays: %d%s; the vault would refuse every daily backup", b.DailyRetentionDays, b.LockMinDays, v.line(path+".lockMinDays"))
	}
	if b.MonthlyRetentionDays < b.DailyRetentionDays {
		v.refuse(path+".monthlyRetentionDays", "%d is less than dailyRetentionDays: %d%s; monthly backups are the longer ones", b.MonthlyRetentionDays, b.DailyRetentionDays, v.line(path+".dailyRetentionDays"))
	}
	if longest := max(b.DailyRetentionDays, b.MonthlyRetentionDays); b.LockMaxDays < longest {
		v.refuse(path+".lockMaxDays", "%d is less than the longest retention, %d; the vault would refuse those backups", b.LockMaxDays, longest)
	}
}
