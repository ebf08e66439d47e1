package evidence

// WebACL is a web application firewall (WAF API reference, WebACL).
type WebACL struct {
	ARN  string `json:"arn"`
	Name string `json:"name"`
	// DefaultAction is what happens to a request that no rule decides: ALLOW or
	// BLOCK.
	DefaultAction string    `json:"defaultAction"`
	Rules         []WebRule `json:"rules"`
	// Balancers are the load balancers that a regional one stands before.
	Balancers []string `json:"balancers,omitempty"`
}

// WebRule is a rule of a web ACL, in the order of evaluation.
type WebRule struct {
	Name     string `json:"name"`
	Priority int32  `json:"priority"`
	// Action is ALLOW, BLOCK, COUNT, CAPTCHA, CHALLENGE, or GROUP: what the
	// rules of the group say.
	Action string `json:"action"`
	// Group is VENDOR/NAME of a managed rule group, "" for another rule.
	Group string `json:"group,omitempty"`
	// Counted are the rules of the group that only count.
	Counted []string `json:"counted,omitempty"`
	// Scoped is whether a rate or group rule looks at some requests only.
	Scoped bool `json:"scoped,omitempty"`
	// Rate is set for a rate-based rule.
	Rate *WebRate `json:"rate,omitempty"`
}

// WebRate is how much one sender may send.
type WebRate struct {
	// Limit is requests in Seconds; Key is what tells senders apart: IP,
	// FORWARDED_IP, CUSTOM_KEYS or CONSTANT.
	Limit   int64  `json:"limit"`
	Seconds int64  `json:"seconds"`
	Key     string `json:"key"`
}

// WebLog is how a web ACL logs requests.
type WebLog struct {
	// ACL is the web ACL's ARN, "" when there is none.
	ACL string `json:"acl"`
	// Logged is whether requests are logged, Redacted the headers, in lower
	// case, whose values are left out.
	Logged   bool     `json:"logged"`
	Redacted []string `json:"redacted,omitempty"`
}

// AWSWebACL is the web ACL before the portal: the one that the target names,
// else the distribution's.
var AWSWebACL = Define[WebACL](AWS, "wafv2.webacl",
	"wafv2:GetWebACL", "wafv2:ListResourcesForWebACL")

// AWSWebLog is the log of the web ACL before the portal.
var AWSWebLog = Define[WebLog](AWS, "wafv2.log", "wafv2:GetLoggingConfiguration")
