package evidence

// LogGroup is a CloudWatch Logs group.
type LogGroup struct {
	Name   string `json:"name"`
	Region string `json:"region"`
	// Days is how long events are kept, 0 for ever.
	Days int32 `json:"days"`
	// Key is the KMS key's ARN, "" for the one that AWS keeps.
	Key string `json:"key,omitempty"`
}

// AWSLogGroups are the groups of the environment, in its region and, for the
// firewall's log, in us-east-1.
var AWSLogGroups = Define[[]LogGroup](AWS, "logs.groups", "logs:DescribeLogGroups")
