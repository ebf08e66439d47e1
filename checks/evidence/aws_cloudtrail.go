package evidence

import "time"

// Trail is a CloudTrail trail with what it does now.
type Trail struct {
	Name   string `json:"name"`
	ARN    string `json:"arn"`
	Bucket string `json:"bucket"`
	// MultiRegion is whether it records all regions, Global whether those of
	// services without one (IAM, CloudFront).
	MultiRegion bool `json:"multiRegion"`
	Global      bool `json:"global"`
	// Validated is whether digest files show later changes.
	Validated bool `json:"validated"`
	// Encrypted is whether a KMS key of the customer encrypts the files.
	Encrypted bool `json:"encrypted"`
	// Logging is whether it records at this moment.
	Logging bool `json:"logging"`
	// Delivered is when files last reached the bucket, zero for never.
	Delivered time.Time `json:"delivered"`
	// DeliveryError is why the latest delivery failed, "" when it did not.
	DeliveryError string `json:"deliveryError,omitempty"`
	// Management is which management events are recorded: All, ReadOnly,
	// WriteOnly, Some or None.
	Management string `json:"management"`
	// Objects is whether uses of some buckets' objects are recorded too.
	Objects bool `json:"objects"`
}

// AWSTrails are the trails that record the region.
var AWSTrails = Define[[]Trail](AWS, "cloudtrail.trails",
	"cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors")
