package config

import (
	"regexp"
	"strings"
)

// Scalars that are names of a form that AWS or the internet sets.
type (
	// AccountID is a 12-digit AWS account ID.
	AccountID string
	// Email is one e-mail address, without a display name.
	Email string
	// ARN is an Amazon Resource Name of the commercial partition.
	ARN string
	// Domain is a lower-case DNS name of at least two labels.
	Domain string
	// Country is an ISO 3166 alpha-2 code, in capitals.
	Country string
	// InstanceClass is an RDS instance class, db.*.
	InstanceClass string
	// NodeType is an ElastiCache node type, cache.*.
	NodeType string
	// InstanceType is an EC2 instance type.
	InstanceType string
)

var (
	accountIDPattern = regexp.MustCompile(`^[0-9]{12}$`)
	emailPattern     = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$`)
	arnPattern       = regexp.MustCompile(`^arn:aws:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12})?:[^\s]+$`)
	domainPattern    = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)
	countryPattern   = regexp.MustCompile(`^[A-Z]{2}$`)

	// A size, e.g. large, 24xlarge, metal-48xl.
	size                 = `(nano|micro|small|medium|large|xlarge|[0-9]+xlarge|metal(-[0-9]+xl)?)`
	instanceClassPattern = regexp.MustCompile(`^db\.[a-z]+[0-9][a-z0-9]*\.` + size + `$`)
	nodeTypePattern      = regexp.MustCompile(`^cache\.[a-z]+[0-9][a-z0-9]*\.` + size + `$`)
	instanceTypePattern  = regexp.MustCompile(`^[a-z]+[0-9-][a-z0-9-]*\.` + size + `$`)
)

func (*AccountID) form() form {
	return form{what: "an AWS account ID (12 digits)", example: "111122223333", pattern: accountIDPattern}
}

// UnmarshalText accepts 12 digits.
func (a *AccountID) UnmarshalText(text []byte) error { return parseText(a, a.form(), text) }

func (*Email) form() form {
	return form{what: "an e-mail address", example: "platform@example.com", pattern: emailPattern}
}

// UnmarshalText accepts one address without a display name.
func (e *Email) UnmarshalText(text []byte) error { return parseText(e, e.form(), text) }

func (*ARN) form() form {
	return form{
		what: "an ARN of the commercial partition", example: "arn:aws:iam::111122223333:role/platform-admin",
		pattern: arnPattern,
	}
}

// UnmarshalText accepts arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE.
func (a *ARN) UnmarshalText(text []byte) error { return parseText(a, a.form(), text) }

// part returns one of the six parts of an ARN.
func (a ARN) part(index int) string {
	if parts := strings.SplitN(string(a), ":", 6); index < len(parts) {
		return parts[index]
	}
	return ""
}

// Service is the ARN's service, e.g. iam.
func (a ARN) Service() string { return a.part(2) }

// Region is the ARN's region; empty for global services.
func (a ARN) Region() Region { return Region(a.part(3)) }

// Account is the ARN's account; empty where AWS leaves it out.
func (a ARN) Account() AccountID { return AccountID(a.part(4)) }

// Resource is what follows the account, e.g. role/platform-admin.
func (a ARN) Resource() string { return a.part(5) }

func (*Domain) form() form {
	return form{what: "a lower-case domain name", example: "portal.example.com", pattern: domainPattern}
}

// UnmarshalText accepts lower-case names without a final dot.
func (d *Domain) UnmarshalText(text []byte) error { return parseText(d, d.form(), text) }

func (*Country) form() form {
	return form{what: "an ISO 3166 alpha-2 country code", example: "NL", pattern: countryPattern}
}

// UnmarshalText accepts two capitals.
func (c *Country) UnmarshalText(text []byte) error { return parseText(c, c.form(), text) }

func (*InstanceClass) form() form {
	return form{what: "an RDS instance class", example: "db.r7g.large", pattern: instanceClassPattern}
}

// UnmarshalText accepts db.FAMILY.SIZE.
func (c *InstanceClass) UnmarshalText(text []byte) error { return parseText(c, c.form(), text) }

func (*NodeType) form() form {
	return form{what: "an ElastiCache node type", example: "cache.r7g.large", pattern: nodeTypePattern}
}

// UnmarshalText accepts cache.FAMILY.SIZE.
func (t *NodeType) UnmarshalText(text []byte) error { return parseText(t, t.form(), text) }

func (*InstanceType) form() form {
	return form{what: "an EC2 instance type", example: "m7g.large", pattern: instanceTypePattern}
}

// UnmarshalText accepts FAMILY.SIZE.
func (t *InstanceType) UnmarshalText(text []byte) error { return parseText(t, t.form(), text) }

var armFamily = regexp.MustCompile(`^(a1\.|[a-z]+[0-9]+g)`)

// ARM64 says that the type runs on a Graviton processor; the others are
// x86-64. Source: AWS, instance type naming: a `g` first after the generation,
// and the first generation, a1.
func (t InstanceType) ARM64() bool { return armFamily.MatchString(string(t)) }
