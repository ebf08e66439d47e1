package config

// Scalars with a closed list of values.
type (
	// Tier is staging or production.
	Tier string
	// Region is an AWS region such as us-west-2, of the commercial partition:
	// CloudFront's certificates and firewalls need us-east-1, which the others
	// do not have.
	Region string
	// Classification is public, internal, confidential or restricted.
	Classification string
	// LockMode is GOVERNANCE or COMPLIANCE.
	LockMode string
	// Rotation says who renews a secret: see its values.
	Rotation string
	// NATGateways is perZone or single.
	NATGateways string
	// PriceClass is a CloudFront price class.
	PriceClass string
	// ThroughputMode is elastic or bursting.
	ThroughputMode string
)

// The values of the scalars that layers branch on.
const (
	Staging    Tier = "staging"
	Production Tier = "production"

	Governance LockMode = "GOVERNANCE"
	Compliance LockMode = "COMPLIANCE"

	// RotationManaged: AWS renews the value itself.
	RotationManaged Rotation = "managed"
	// RotationGenerated: the environment's rotation function renews it.
	RotationGenerated Rotation = "generated"
	// RotationManual: a person renews it.
	RotationManual Rotation = "manual"

	NATPerZone NATGateways = "perZone"
	NATSingle  NATGateways = "single"
)

func (*Tier) form() form {
	return form{what: "a tier", example: "staging", choices: []string{"staging", "production"}}
}

// UnmarshalText accepts staging and production.
func (t *Tier) UnmarshalText(text []byte) error { return parseText(t, t.form(), text) }

func (*Region) form() form {
	// Source: AWS, "AWS Regions", the commercial partition.
	return form{what: "a known AWS region", example: "us-west-2", choices: []string{
		"us-east-1", "us-east-2", "us-west-1", "us-west-2",
		"af-south-1",
		"ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
		"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-central-1", "ca-west-1",
		"eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
		"il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
	}}
}

// UnmarshalText accepts the regions of the commercial partition.
func (r *Region) UnmarshalText(text []byte) error { return parseText(r, r.form(), text) }

func (*Classification) form() form {
	return form{
		what: "a data classification", example: "internal",
		choices: []string{"public", "internal", "confidential", "restricted"},
	}
}

// UnmarshalText accepts public, internal, confidential and restricted.
func (c *Classification) UnmarshalText(text []byte) error { return parseText(c, c.form(), text) }

func (*LockMode) form() form {
	return form{what: "an object lock mode", example: "COMPLIANCE", choices: []string{"GOVERNANCE", "COMPLIANCE"}}
}

// UnmarshalText accepts GOVERNANCE and COMPLIANCE.
func (m *LockMode) UnmarshalText(text []byte) error { return parseText(m, m.form(), text) }

func (*Rotation) form() form {
	return form{what: "a kind of rotation", example: "generated", choices: []string{"managed", "generated", "manual"}}
}

// UnmarshalText accepts managed, generated and manual.
func (r *Rotation) UnmarshalText(text []byte) error { return parseText(r, r.form(), text) }

func (*NATGateways) form() form {
	return form{what: "a NAT layout", example: "perZone", choices: []string{"perZone", "single"}}
}

// UnmarshalText accepts perZone and single.
func (n *NATGateways) UnmarshalText(text []byte) error { return parseText(n, n.form(), text) }

func (*PriceClass) form() form {
	return form{
		what: "a CloudFront price class", example: "PriceClass_100",
		choices: []string{"PriceClass_100", "PriceClass_200", "PriceClass_All"},
	}
}

// UnmarshalText accepts PriceClass_100, PriceClass_200 and PriceClass_All.
func (p *PriceClass) UnmarshalText(text []byte) error { return parseText(p, p.form(), text) }

func (*ThroughputMode) form() form {
	return form{what: "an EFS throughput mode", example: "elastic", choices: []string{"elastic", "bursting"}}
}

// UnmarshalText accepts elastic and bursting.
func (m *ThroughputMode) UnmarshalText(text []byte) error { return parseText(m, m.form(), text) }
