package evidence

// FileSystem is an EFS file system.
type FileSystem struct {
	ID        string `json:"id"`
	State     string `json:"state"` // available, …
	Encrypted bool   `json:"encrypted"`
	// Backup is the policy of AWS's own automatic backups: ENABLED, DISABLED, …
	// "" when there is none.
	Backup  string        `json:"backup"`
	Targets []MountTarget `json:"targets"`
}

// MountTarget is a file system's interface in one zone.
type MountTarget struct {
	ID    string `json:"id"`
	State string `json:"state"`
	Zone  string `json:"zone"`
}

// AWSFileSystem is the environment's file system.
var AWSFileSystem = Define[FileSystem](AWS, "efs.filesystem", "elasticfilesystem:DescribeFileSystems",
	"elasticfilesystem:DescribeMountTargets", "elasticfilesystem:DescribeBackupPolicy")
