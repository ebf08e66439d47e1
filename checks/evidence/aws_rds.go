package evidence

import "time"

// DBInstance is an RDS instance: the primary or a replica of it.
type DBInstance struct {
	ID      string `json:"id"`
	Engine  string `json:"engine"`
	Version string `json:"version"`
	Status  string `json:"status"` // available, backing-up, …
	Zone    string `json:"zone"`
	// SourceID is the primary's, "" for the primary itself.
	SourceID string `json:"source,omitempty"`
	// MultiAZ is whether a standby waits in another zone.
	MultiAZ            bool   `json:"multiAz"`
	StandbyZone        string `json:"standbyZone,omitempty"`
	Encrypted          bool   `json:"encrypted"`
	DeletionProtection bool   `json:"deletionProtection"`
	Public             bool   `json:"public"`
	// Subnets are IDs of those that it may stand in.
	Subnets []string `json:"subnets,omitempty"`
	// BackupDays is how long automated backups are kept; 0 turns them off.
	BackupDays int `json:"backupDays"`
	// Restorable is the newest point in time that can be restored; zero when
	// RDS does not say.
	Restorable time.Time `json:"restorable"`
	// BackupWindow is hh:mm-hh:mm and MaintenanceWindow ddd:hh:mm-ddd:hh:mm, UTC.
	BackupWindow      string `json:"backupWindow"`
	MaintenanceWindow string `json:"maintenanceWindow"`
	MinorUpgrades     bool   `json:"minorUpgrades"`
	// Insights is whether Performance Insights are on, MonitoringSeconds how
	// often enhanced monitoring looks; 0 is off.
	Insights          bool     `json:"insights"`
	MonitoringSeconds int      `json:"monitoringSeconds"`
	LogExports        []string `json:"logExports,omitempty"`
}

// DBSnapshot is a snapshot of the primary.
type DBSnapshot struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"` // automated, manual, awsbackup
	Status    string    `json:"status"`
	Created   time.Time `json:"created"`
	Encrypted bool      `json:"encrypted"`
}

// AWSDatabases are the environment's primary, first, and its replicas.
var AWSDatabases = Define[[]DBInstance](AWS, "rds.instances", "rds:DescribeDBInstances")

// AWSDatabaseSnapshots are the snapshots of the primary.
var AWSDatabaseSnapshots = Define[[]DBSnapshot](AWS, "rds.snapshots", "rds:DescribeDBSnapshots")
