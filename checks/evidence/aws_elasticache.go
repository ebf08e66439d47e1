package evidence

import "time"

// CacheGroup is an ElastiCache replication group.
type CacheGroup struct {
	ID string `json:"id"`
	// Status is available, modifying, snapshotting, …
	Status      string `json:"status"`
	ClusterMode bool   `json:"clusterMode"`
	// Failover and MultiAZ are enabled, enabling, disabled, …
	Failover string       `json:"failover"`
	MultiAZ  string       `json:"multiAz"`
	Shards   []CacheShard `json:"shards"`
	// Transit and AtRest are whether data is encrypted.
	Transit bool `json:"transit"`
	AtRest  bool `json:"atRest"`
	// SnapshotDays is how long daily snapshots are kept; 0 turns them off.
	SnapshotDays   int    `json:"snapshotDays"`
	SnapshotWindow string `json:"snapshotWindow"`
}

// CacheShard is one shard: a primary and its replicas.
type CacheShard struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	// Zones are those of its nodes, one for each; "" where AWS does not say.
	Zones []string `json:"zones"`
}

// CacheSnapshot is a snapshot of the replication group.
type CacheSnapshot struct {
	Name    string    `json:"name"`
	Source  string    `json:"source"` // automated, manual
	Status  string    `json:"status"`
	Created time.Time `json:"created"` // of its oldest shard
}

// AWSCache is the environment's replication group.
var AWSCache = Define[CacheGroup](AWS, "elasticache.group", "elasticache:DescribeReplicationGroups")

// AWSCacheSnapshots are the snapshots of the replication group.
var AWSCacheSnapshots = Define[[]CacheSnapshot](AWS, "elasticache.snapshots", "elasticache:DescribeSnapshots")
