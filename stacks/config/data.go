package config

// Data configures PostgreSQL, Redis, the shared file system and backups.
type Data struct {
	// Postgres is the RDS instance and its replicas.
	Postgres Postgres `yaml:"postgres"`
	// Redis is the ElastiCache replication group.
	Redis Redis `yaml:"redis"`
	// Filesystem is the EFS file system that holds plugins.
	Filesystem Filesystem `yaml:"filesystem" jsonschema:"default={}"`
	// Backup is the AWS Backup plan over all stores.
	Backup Backup `yaml:"backup" jsonschema:"default={}"`
}

// Postgres is an RDS for PostgreSQL instance and its read replicas.
type Postgres struct {
	// EngineVersion is PostgreSQL's version, major.minor or major; 15 or newer
	// (readiness guide, Database Systems).
	EngineVersion EngineVersion `yaml:"engineVersion"`
	// InstanceClass is the RDS class of the primary, e.g. db.r7g.large.
	InstanceClass InstanceClass `yaml:"instanceClass"`
	// ReplicaClass is the class of the replicas; the primary's when absent.
	ReplicaClass *InstanceClass `yaml:"replicaClass"`
	// StorageGiB is the initial gp3 storage.
	StorageGiB int `yaml:"storageGiB" jsonschema:"minimum=20,maximum=65536,default=100"`
	// MaxStorageGiB is where storage autoscaling stops.
	MaxStorageGiB int `yaml:"maxStorageGiB" jsonschema:"minimum=22,maximum=65536,default=500"`
	// MultiAZ keeps a synchronous standby in another zone.
	MultiAZ bool `yaml:"multiAz" jsonschema:"default=true"`
	// Replicas is the number of asynchronous read replicas.
	Replicas int `yaml:"replicas" jsonschema:"minimum=0,maximum=5,default=2"`
	// BackupRetentionDays is how far point-in-time recovery reaches back.
	BackupRetentionDays int `yaml:"backupRetentionDays" jsonschema:"minimum=7,maximum=35,default=35"`
	// BackupWindow is the daily time of the snapshot, UTC.
	BackupWindow DailyWindow `yaml:"backupWindow" jsonschema:"default=05:00-05:30"`
	// MaintenanceWindow is when AWS may patch, UTC; the guide's weekly window.
	MaintenanceWindow WeeklyWindow `yaml:"maintenanceWindow" jsonschema:"default=sun:02:00-sun:04:00"`
	// PubliclyAccessible exists to be refused: no data store may be public.
	PubliclyAccessible bool `yaml:"publiclyAccessible" jsonschema:"default=false"`
	// SlowQueryMillis is log_min_duration_statement, in milliseconds.
	SlowQueryMillis int `yaml:"slowQueryMillis" jsonschema:"minimum=10,maximum=60000,default=1000"`
	// LogRetentionDays is how long exported logs are kept.
	LogRetentionDays int `yaml:"logRetentionDays" jsonschema:"enum=30,enum=60,enum=90,enum=120,enum=180,enum=365,enum=400,enum=731,default=90"`
}

// Redis is an ElastiCache replication group in cluster mode.
type Redis struct {
	// EngineVersion is the version of Redis OSS, 7 or newer.
	EngineVersion EngineVersion `yaml:"engineVersion" jsonschema:"default=7.1"`
	// NodeType is the ElastiCache node type, e.g. cache.r7g.large; the guide
	// asks for 4 GiB a node.
	NodeType NodeType `yaml:"nodeType"`
	// Shards is the number of shards (node groups).
	Shards int `yaml:"shards" jsonschema:"minimum=1,maximum=90,default=3"`
	// ReplicasPerShard is the number of replicas of each shard.
	ReplicasPerShard int `yaml:"replicasPerShard" jsonschema:"minimum=0,maximum=5,default=1"`
	// SnapshotRetentionDays is how long daily snapshots are kept.
	SnapshotRetentionDays int `yaml:"snapshotRetentionDays" jsonschema:"minimum=7,maximum=35,default=14"`
	// SnapshotWindow is the daily time of the snapshot, UTC.
	SnapshotWindow DailyWindow `yaml:"snapshotWindow" jsonschema:"default=05:30-06:30"`
	// MaintenanceWindow is when AWS may patch, UTC.
	MaintenanceWindow WeeklyWindow `yaml:"maintenanceWindow" jsonschema:"default=sun:02:00-sun:04:00"`
	// LogRetentionDays is how long slow and engine logs are kept.
	LogRetentionDays int `yaml:"logRetentionDays" jsonschema:"enum=30,enum=60,enum=90,enum=120,enum=180,enum=365,enum=400,enum=731,default=90"`
}

// Filesystem is the EFS file system that holds plugins.
type Filesystem struct {
	// ThroughputMode is elastic or bursting.
	ThroughputMode ThroughputMode `yaml:"throughputMode" jsonschema:"default=elastic"`
	// ColdAfterDays moves files that nobody reads to infrequent access.
	ColdAfterDays int `yaml:"coldAfterDays" jsonschema:"enum=7,enum=14,enum=30,enum=60,enum=90,default=30"`
}

// Backup is the AWS Backup plan over all stores.
type Backup struct {
	// DailyRetentionDays is how long daily recovery points are kept.
	DailyRetentionDays int `yaml:"dailyRetentionDays" jsonschema:"minimum=7,maximum=365,default=35"`
	// MonthlyRetentionDays is how long monthly recovery points are kept.
	MonthlyRetentionDays int `yaml:"monthlyRetentionDays" jsonschema:"minimum=90,maximum=3650,default=365"`
	// LockMinDays and LockMaxDays bound the retention that the vault's lock
	// lets anyone set.
	LockMinDays int `yaml:"lockMinDays" jsonschema:"minimum=1,maximum=365,default=7"`
	// LockMaxDays is the longest retention in the vault.
	LockMaxDays int `yaml:"lockMaxDays" jsonschema:"minimum=7,maximum=3650,default=400"`
	// LockGraceDays makes the lock immutable that many days after creation
	// (compliance mode); absent leaves it in governance mode.
	LockGraceDays *int `yaml:"lockGraceDays" jsonschema:"minimum=3,maximum=365"`
}
