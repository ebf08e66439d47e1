package evidence

// members is what it takes to find the nodes.
const members = "+cluster|nodes (on sentinels: +sentinel|master, +sentinel|replicas)"

// The queries of Redis. Rows say of which node they are.
var (
	RedisTopology  = Define[RedisMap](Redis, "topology", members)
	RedisNodes     = Define[[]RedisNode](Redis, "nodes", "+info", members)
	RedisClusters  = Define[[]RedisClusterState](Redis, "cluster", "+cluster|info", members)
	RedisSentinels = Define[[]RedisSentinel](Redis, "sentinels", "+sentinel|master", "+sentinel|ckquorum")
	RedisSettings  = Define[[]RedisSetting](Redis, "settings", "+config|get", members)
	RedisAccess    = Define[[]RedisDoor](Redis, "access", members)
)

// RedisMap is who is there, as the nodes or the sentinels know it.
type RedisMap struct {
	// Sentinel is whether sentinels watch one primary; else it is a cluster.
	Sentinel bool `json:"sentinel"`
	// Managed is whether ElastiCache runs it.
	Managed bool          `json:"managed"`
	Members []RedisMember `json:"members"`
}

// RedisMember is one node.
type RedisMember struct {
	ID      string `json:"id"`
	Address string `json:"address"` // host:port
	Primary bool   `json:"primary"`
	// Of is the ID of its primary, for a replica.
	Of string `json:"of,omitempty"`
	// Failed is whether the others hold it to be down.
	Failed bool `json:"failed"`
	// Slots counts those that a primary of a cluster serves.
	Slots int `json:"slots"`
}

// RedisNode is INFO of one node.
type RedisNode struct {
	Address string `json:"address"`
	Primary bool   `json:"primary"`
	Version string `json:"version"`
	// Loading is whether it reads its files still and answers nothing else.
	Loading bool `json:"loading"`
	// Refused is set, with the address alone, when nobody listens there.
	Refused bool `json:"refused"`

	UsedBytes int64 `json:"usedBytes"`
	// MaxBytes is maxmemory, 0 for no limit; PeakBytes the most ever used.
	MaxBytes  int64 `json:"maxBytes"`
	PeakBytes int64 `json:"peakBytes"`
	// Policy is maxmemory-policy.
	Policy string `json:"policy"`
	// Fragmentation is resident over used memory.
	Fragmentation float64 `json:"fragmentation"`
	Evicted       int64   `json:"evicted"`

	AppendOnly bool `json:"appendOnly"`
	// AppendOK and RewriteOK are whether the last write to the append-only file
	// and its last rewriting went well.
	AppendOK  bool `json:"appendOk"`
	RewriteOK bool `json:"rewriteOk"`
	// SnapshotOK is whether the last snapshot (RDB) went well.
	SnapshotOK bool `json:"snapshotOk"`
	// SnapshotSecondsAgo is the age of the last good one by the node's clock;
	// before the first it is the age of the server.
	SnapshotSecondsAgo float64 `json:"snapshotSecondsAgo"`
	// Changes counts writes since the last snapshot.
	Changes int64 `json:"changes"`

	// LinkUp is whether a replica is connected to its primary; LinkSeconds when
	// it last heard of it.
	LinkUp      bool    `json:"linkUp"`
	LinkSeconds float64 `json:"linkSeconds"`
	Syncing     bool    `json:"syncing"`
	// Offset is how much of the replication stream it has: a replica's own
	// compared with its primary's is its lag in bytes.
	Offset int64 `json:"offset"`
}

// RedisClusterState is CLUSTER INFO of one node.
type RedisClusterState struct {
	Address  string `json:"address"`
	OK       bool   `json:"ok"`
	Assigned int    `json:"assigned"`
	Serving  int    `json:"serving"`
	Suspect  int    `json:"suspect"`
	Failing  int    `json:"failing"`
	Known    int    `json:"known"`
	// Shards counts primaries with slots.
	Shards int `json:"shards"`
}

// RedisSentinel is what one sentinel thinks.
type RedisSentinel struct {
	Address string `json:"address"`
	// Primary is host:port of the one it sends clients to.
	Primary string `json:"primary"`
	Down    bool   `json:"down"`
	Quorum  int    `json:"quorum"`
	// Reachable is CKQUORUM's answer: enough sentinels for a failover; Answer its
	// words.
	Reachable bool   `json:"reachable"`
	Answer    string `json:"answer"`
	// Others counts the sentinels that it knows beside itself, Replicas the
	// replicas.
	Others   int `json:"others"`
	Replicas int `json:"replicas"`
}

// RedisSetting is one setting of one node.
type RedisSetting struct {
	Address string `json:"address"`
	Name    string `json:"name"`
	Value   string `json:"value"`
}

// RedisDoor is what a node says to somebody who shows no password.
type RedisDoor struct {
	Address string `json:"address"`
	// Closed is whether it refuses to answer them.
	Closed bool `json:"closed"`
	// Answer is what it said: PONG, or the code of the error (NOAUTH).
	Answer string `json:"answer"`
}
