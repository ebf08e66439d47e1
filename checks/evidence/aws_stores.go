package evidence

// Store is something that keeps the environment's data.
type Store struct {
	// Kind is RDS, ElastiCache, EFS or S3.
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Purpose is what the target calls a bucket, e.g. logs.
	Purpose string `json:"purpose,omitempty"`
	// Classification is the tag that says how sensitive the data is, "" for
	// none.
	Classification string `json:"classification,omitempty"`
	Encrypted      bool   `json:"encrypted"`
	// Key is the KMS key that encrypts it, "" when AWS owns the key.
	Key string `json:"key,omitempty"`
}

// ClassificationTag is the tag that says how sensitive data is.
const ClassificationTag = "data-classification"

// StoreKey is a KMS key that encrypts data of the environment.
type StoreKey struct {
	// ID is as the stores name it, an ARN most often.
	ID string `json:"id"`
	// Manager is CUSTOMER, or AWS for one that AWS keeps.
	Manager string `json:"manager"`
	// State is Enabled, Disabled, PendingDeletion, …
	State string `json:"state"`
	// Rotates is whether new key material is made by itself; only symmetric
	// keys of KMS's own material can (Rotatable).
	Rotatable bool `json:"rotatable"`
	Rotates   bool `json:"rotates"`
}

// AWSStores are the database, its replicas, the cache, the file system and the
// buckets that the target names.
var AWSStores = Define[[]Store](AWS, "stores",
	"rds:DescribeDBInstances", "elasticache:DescribeReplicationGroups", "elasticache:ListTagsForResource",
	"elasticfilesystem:DescribeFileSystems", "s3:GetBucketTagging", "s3:GetEncryptionConfiguration")

// AWSStoreKeys are the keys of the stores, the secrets and the log groups.
var AWSStoreKeys = Define[[]StoreKey](AWS, "stores.keys", "kms:DescribeKey", "kms:GetKeyRotationStatus")
