package config

import (
	"maps"
	"slices"
)

// Foundation configures keys, buckets, registries, audit and secrets.
type Foundation struct {
	// KeyDeletionDays is the waiting period before a deleted KMS key is gone.
	KeyDeletionDays int `yaml:"keyDeletionDays" jsonschema:"minimum=7,maximum=30,default=30"`
	// Buckets configures how long objects are kept.
	Buckets Buckets `yaml:"buckets" jsonschema:"default={}"`
	// Registries configures the image repositories.
	Registries Registries `yaml:"registries" jsonschema:"default={}"`
	// Budget is the monthly budget of the account; only the environment with
	// accountServices has one.
	Budget *Budget `yaml:"budget"`
	// Secrets are the Secrets Manager entries of the environment, by name.
	// Values are never written here.
	Secrets map[string]Secret `yaml:"secrets" jsonschema:"default={}"`
}

// Buckets configures how long objects are kept, in days.
type Buckets struct {
	// BackupRetentionDays is how long a backup object is kept.
	BackupRetentionDays int `yaml:"backupRetentionDays" jsonschema:"minimum=7,maximum=3650,default=35"`
	// LogRetentionDays is how long access logs are kept.
	LogRetentionDays int `yaml:"logRetentionDays" jsonschema:"minimum=30,maximum=3650,default=365"`
	// AuditRetentionDays is the object lock of the audit bucket: nobody can
	// delete an audit object before.
	AuditRetentionDays int `yaml:"auditRetentionDays" jsonschema:"minimum=1,maximum=3650,default=365"`
	// AuditLockMode is GOVERNANCE (a privileged role can shorten it) or
	// COMPLIANCE (nobody can).
	AuditLockMode LockMode `yaml:"auditLockMode" jsonschema:"default=COMPLIANCE"`
}

// Registries configures the ECR repositories.
type Registries struct {
	// KeepImages is how many tagged images a repository keeps.
	KeepImages int `yaml:"keepImages" jsonschema:"minimum=5,maximum=1000,default=50"`
	// UntaggedDays is how long an untagged image is kept.
	UntaggedDays int `yaml:"untaggedDays" jsonschema:"minimum=1,maximum=365,default=14"`
}

// Budget is a monthly cost budget with notices.
type Budget struct {
	// MonthlyUSD is the limit in US dollars.
	MonthlyUSD int `yaml:"monthlyUsd" jsonschema:"minimum=1"`
	// AlertPercents are the shares of the limit at which a notice is sent.
	AlertPercents []int `yaml:"alertPercents" jsonschema:"default=[80,100]"`
}

// RedisLogin is the entry with the password of the cache's user monitor. The
// program writes its value, for the cache has to be told it as well.
const RedisLogin = "redis-monitor-login"

// Secret is one Secrets Manager entry; its value lives only there.
type Secret struct {
	// Description says what the secret opens.
	Description string `yaml:"description"`
	// Rotation says who renews the value.
	Rotation Rotation `yaml:"rotation"`
	// RotationDays is the time between two renewals.
	RotationDays int `yaml:"rotationDays" jsonschema:"minimum=1,maximum=365,default=30"`
	// InitialValue seeds a `manual` secret at creation; a Pulumi secret only
	// (`pulumi config set --secret --path`).
	InitialValue *SecretValue `yaml:"initialValue"`
}

// SecretNames are the names of the secrets, sorted.
func (f Foundation) SecretNames() []string { return slices.Sorted(maps.Keys(f.Secrets)) }
