package evidence

import "time"

// ACMCertificate is a certificate of AWS Certificate Manager (ACM API
// reference, CertificateDetail).
type ACMCertificate struct {
	ARN   string   `json:"arn"`
	Names []string `json:"names"`
	// Status is ISSUED, PENDING_VALIDATION, EXPIRED, …
	Status string `json:"status"`
	// Type is AMAZON_ISSUED, IMPORTED or PRIVATE.
	Type string `json:"type"`
	// Validation is DNS, EMAIL or HTTP: the weakest of its names.
	Validation string `json:"validation,omitempty"`
	// Renewable is whether ACM says that it can renew it.
	Renewable bool `json:"renewable"`
	// Renewal is the state of the latest renewal, "" before the first.
	Renewal  string    `json:"renewal,omitempty"`
	NotAfter time.Time `json:"notAfter"`
	// Users is how many resources use it.
	Users int `json:"users"`
}

// AWSCertificates are the certificates of the load balancer and of the
// distribution.
var AWSCertificates = Define[[]ACMCertificate](AWS, "acm.certificates", "acm:DescribeCertificate")
