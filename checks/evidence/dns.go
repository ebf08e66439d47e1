package evidence

// The queries of the domain name system.
var (
	DNSNames = Define[[]DNSName](DNS, "names")
	DNSCAA   = Define[[]CAA](DNS, "caa")
)

// DNSName is how one name resolves.
type DNSName struct {
	Name string `json:"name"`
	// Exists is whether the server knows the name (else NXDOMAIN).
	Exists bool `json:"exists"`
	// Aliases is the chain of CNAME targets, in order.
	Aliases []string `json:"aliases,omitempty"`
	// Dangling is the CNAME target that does not exist; "" when all do.
	Dangling  string   `json:"dangling,omitempty"`
	Addresses []string `json:"addresses"`
	// TTL is the longest of the answers' times to live, in seconds.
	TTL int `json:"ttl"`
	// Authenticated is whether the resolver says that DNSSEC proved the answer.
	Authenticated bool `json:"authenticated"`
}

// CAA is who may issue certificates for a name (RFC 8659).
type CAA struct {
	Name string `json:"name"`
	// At is the name that has the records: Name or a parent; "" when none has.
	At string `json:"at,omitempty"`
	// Issuers are the values of the issue records; Wild those of issuewild.
	Issuers []string `json:"issuers,omitempty"`
	Wild    []string `json:"wild,omitempty"`
}
