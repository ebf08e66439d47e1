package evidence

// Shield is what Shield Advanced does for an account. Shield Standard needs no
// configuration: it is always on for CloudFront and Route 53.
type Shield struct {
	// Subscribed is whether the account has Shield Advanced.
	Subscribed bool `json:"subscribed"`
	// Protected are the ARNs of the resources under it.
	Protected []string `json:"protected,omitempty"`
}

// AWSShield is Shield Advanced.
var AWSShield = Define[Shield](AWS, "shield.state", "shield:DescribeSubscription", "shield:ListProtections")
