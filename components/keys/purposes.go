package keys

// Purpose is what a key encrypts.
type Purpose string

// The purposes.
const (
	// Storage encrypts the S3 buckets.
	Storage Purpose = "storage"
	// Database encrypts PostgreSQL and its Performance Insights.
	Database Purpose = "database"
	// Cache encrypts Redis.
	Cache Purpose = "cache"
	// Filesystem encrypts EFS.
	Filesystem Purpose = "filesystem"
	// Cluster encrypts the secrets that Kubernetes keeps.
	Cluster Purpose = "cluster"
	// Volumes encrypts the disks of nodes and pods.
	Volumes Purpose = "volumes"
	// Secrets encrypts Secrets Manager.
	Secrets Purpose = "secrets"
	// Logs encrypts CloudWatch Logs and CloudTrail.
	Logs Purpose = "logs"
	// Backup encrypts the backup vault.
	Backup Purpose = "backup"
	// Registry encrypts the ECR repositories.
	Registry Purpose = "registry"
)

// use is one row: a purpose and who may use its key for cryptography.
type use struct {
	purpose Purpose
	// protects is the key's description.
	protects string
	// via are the services through which the account's principals may use the
	// key, as kms:ViaService names them less the region. None means that the
	// service names itself to KMS no other way than by a grant (EKS).
	via []string
	// direct are the callers that use the key without a principal of the
	// account behind them.
	direct []caller
}

// caller is who uses a key directly.
type caller int

const (
	cloudWatchLogs caller = iota
	cloudTrail
	autoScaling
)

// uses is the table of all keys. AWS Backup restores into the stores, so it is
// let through to their keys too; RDS keeps the master password in Secrets Manager.
func uses() []use {
	return []use{
		{purpose: Storage, protects: "S3 buckets", via: []string{"s3", "backup"}},
		{purpose: Database, protects: "PostgreSQL and its Performance Insights", via: []string{"rds", "backup"}},
		{purpose: Cache, protects: "Redis", via: []string{"elasticache"}},
		{purpose: Filesystem, protects: "EFS", via: []string{"elasticfilesystem", "backup"}},
		{purpose: Cluster, protects: "Kubernetes secrets"},
		{purpose: Volumes, protects: "disks of nodes and pods", via: []string{"ec2"}, direct: []caller{autoScaling}},
		{purpose: Secrets, protects: "Secrets Manager", via: []string{"secretsmanager", "rds"}},
		{purpose: Logs, protects: "CloudWatch Logs and CloudTrail", via: []string{"s3"}, direct: []caller{cloudWatchLogs, cloudTrail}},
		{purpose: Backup, protects: "backup vault", via: []string{"backup", "rds", "elasticfilesystem", "s3"}},
		{purpose: Registry, protects: "ECR repositories", via: []string{"ecr"}},
	}
}
