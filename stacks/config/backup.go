package config

// BackupJobs configures the backup jobs in the cluster and the restore drill.
// The AWS Backup plan is [Backup], the retention of objects [Buckets].
type BackupJobs struct {
	// Schedules says when each job runs.
	Schedules Schedules `yaml:"schedules" jsonschema:"default={}"`
	// RetentionDays is how long the jobs keep a backup in the bucket.
	RetentionDays int `yaml:"retentionDays" jsonschema:"minimum=7,maximum=3650,default=35"`
	// MaxAgeHours is how old the newest dump of the database may be before an
	// alert fires.
	MaxAgeHours int `yaml:"maxAgeHours" jsonschema:"minimum=1,maximum=168,default=12"`
	// DrillMaxMinutes is how long a restore may take: the recovery time
	// objective.
	DrillMaxMinutes int `yaml:"drillMaxMinutes" jsonschema:"minimum=5,maximum=720,default=60"`
}

// Schedules says when each job runs, in UTC.
type Schedules struct {
	// Database dumps the databases (pg_dump).
	Database Cron `yaml:"database" jsonschema:"default=0 */6 * * *"`
	// Configuration saves the objects of the cluster.
	Configuration Cron `yaml:"configuration" jsonschema:"default=30 1 * * *"`
	// Base takes a physical base backup.
	Base Cron `yaml:"base" jsonschema:"default=0 3 * * *"`
	// Drill restores the newest dump and compares.
	Drill Cron `yaml:"drill" jsonschema:"default=0 6 * * mon"`
}
