package evidence

// Distribution is a CloudFront distribution (CloudFront API reference,
// DistributionConfig).
type Distribution struct {
	ID     string `json:"id"`
	ARN    string `json:"arn"`
	Domain string `json:"domain"`
	// Status is Deployed once every edge location has the configuration.
	Status  string `json:"status"`
	Enabled bool   `json:"enabled"`
	// Aliases are the names that people use.
	Aliases []string `json:"aliases"`
	// WebACL is the ARN of its web ACL, "" for none.
	WebACL string `json:"webAcl,omitempty"`
	// MinimumTLS is the security policy, e.g. TLSv1.2_2021. Certificate is the
	// ACM certificate's ARN, "" for CloudFront's own.
	MinimumTLS  string      `json:"minimumTls"`
	Certificate string      `json:"certificate,omitempty"`
	Behaviours  []Behaviour `json:"behaviours"`
	Origins     []Origin    `json:"origins"`
	Logged      bool        `json:"logged"`
}

// Behaviour is how requests for a path are served.
type Behaviour struct {
	// Path is a pattern, "*" for the default.
	Path string `json:"path"`
	// Viewers is allow-all, https-only or redirect-to-https.
	Viewers string `json:"viewers"`
}

// Origin is where CloudFront fetches.
type Origin struct {
	ID     string `json:"id"`
	Domain string `json:"domain"`
	// Bucket is whether it is an S3 bucket, which CloudFront reaches by HTTPS;
	// then the rest is empty.
	Bucket bool `json:"bucket,omitempty"`
	// Protocol is http-only, https-only or match-viewer; TLS the versions that
	// are allowed to the origin, e.g. TLSv1.2.
	Protocol string   `json:"protocol,omitempty"`
	TLS      []string `json:"tls,omitempty"`
}

// AWSDistribution is the distribution before the portal.
var AWSDistribution = Define[Distribution](AWS, "cloudfront.distribution",
	"cloudfront:ListDistributions", "cloudfront:GetDistribution")
