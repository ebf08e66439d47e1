package evidence

// Bucket is an S3 bucket of the environment.
type Bucket struct {
	// Purpose is what the targets call it: backups, audit, logs, plugins.
	Purpose string `json:"purpose"`
	Name    string `json:"name"`
	// Versioning is Enabled, Suspended or "".
	Versioning string `json:"versioning"`
	// Encryption is aws:kms, aws:kms:dsse, AES256 or "".
	Encryption string `json:"encryption"`
	// BlocksPublic is whether all four public access blocks are on.
	BlocksPublic bool `json:"blocksPublic"`
	// Lock is the object lock's default mode, GOVERNANCE or COMPLIANCE, and
	// LockDays how long it holds; "" is none.
	Lock      string          `json:"lock,omitempty"`
	LockDays  int             `json:"lockDays,omitempty"`
	Lifecycle []LifecycleRule `json:"lifecycle,omitempty"`
}

// LifecycleRule is an enabled rule of a bucket.
type LifecycleRule struct {
	ID string `json:"id"`
	// Prefix is what it is limited to, "" for the whole bucket; Filtered is
	// whether tags or sizes limit it too.
	Prefix   string `json:"prefix,omitempty"`
	Filtered bool   `json:"filtered,omitempty"`
	// ExpireDays is when a current version ends, OldExpireDays when an old one
	// does; 0 is never.
	ExpireDays    int `json:"expireDays,omitempty"`
	OldExpireDays int `json:"oldExpireDays,omitempty"`
}

// AWSBuckets are the buckets that the targets name.
var AWSBuckets = Define[[]Bucket](AWS, "s3.buckets", "s3:GetBucketVersioning", "s3:GetEncryptionConfiguration",
	"s3:GetBucketPublicAccessBlock", "s3:GetBucketObjectLockConfiguration", "s3:GetLifecycleConfiguration")
