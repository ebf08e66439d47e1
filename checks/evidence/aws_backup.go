package evidence

import "time"

// BackupPlan is an AWS Backup plan that keeps in the environment's vault.
type BackupPlan struct {
	Name  string       `json:"name"`
	Rules []BackupRule `json:"rules"`
}

// BackupRule is one rule of a plan.
type BackupRule struct {
	Name     string `json:"name"`
	Vault    string `json:"vault"`
	Schedule string `json:"schedule"` // cron(…)
	// DeleteAfterDays is how long a recovery point is kept; 0 is for ever.
	DeleteAfterDays int `json:"deleteAfterDays"`
}

// Vault is the environment's backup vault.
type Vault struct {
	Name   string `json:"name"`
	Locked bool   `json:"locked"`
	// MinDays is how long its lock keeps a recovery point at least.
	MinDays int `json:"minDays,omitempty"`
}

// RecoveryPoint is a backup in the vault.
type RecoveryPoint struct {
	// Resource is the ARN of what it is of, Type RDS, EFS, S3, …
	Resource  string    `json:"resource"`
	Type      string    `json:"type"`
	Status    string    `json:"status"` // COMPLETED, …
	Created   time.Time `json:"created"`
	Encrypted bool      `json:"encrypted"`
}

// RestoreJob is a restore by AWS Backup.
type RestoreJob struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	Status    string    `json:"status"`
	Created   time.Time `json:"created"`
	Completed time.Time `json:"completed"`
	// Test is whether a restore testing plan started it.
	Test bool `json:"test"`
	// Validation is SUCCESSFUL, FAILED, TIMED_OUT, VALIDATING, or "".
	Validation string `json:"validation,omitempty"`
}

// AWSBackupPlans are the plans that keep in the environment's vault.
var AWSBackupPlans = Define[[]BackupPlan](AWS, "backup.plans", "backup:ListBackupPlans", "backup:GetBackupPlan")

// AWSBackupVault is the environment's vault.
var AWSBackupVault = Define[Vault](AWS, "backup.vault", "backup:DescribeBackupVault")

// AWSRecoveryPoints are the newest of each resource in the vault.
var AWSRecoveryPoints = Define[[]RecoveryPoint](AWS, "backup.recovery-points", "backup:ListRecoveryPointsByBackupVault")

// AWSRestoreJobs are the restores of the region that AWS Backup still lists.
var AWSRestoreJobs = Define[[]RestoreJob](AWS, "backup.restore-jobs", "backup:ListRestoreJobs")
