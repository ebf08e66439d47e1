package config

// Environment says whose environment this is and where it lives.
type Environment struct {
	// Tier decides which minimums hold: a production environment must be
	// highly available in every layer.
	Tier Tier `yaml:"tier"`
	// Region is the AWS region of everything but the parts of CloudFront that
	// AWS keeps in us-east-1.
	Region Region `yaml:"region"`
	// AccountID is the 12-digit AWS account; the provider refuses any other.
	AccountID AccountID `yaml:"accountId"`
	// Owner is the team that answers for the environment (tag `owner`).
	Owner string `yaml:"owner"`
	// Contact is the e-mail address that budget and security notices go to.
	Contact Email `yaml:"contact"`
	// CostCenter is the tag `cost-center`.
	CostCenter string `yaml:"costCenter"`
	// DataClassification is the tag `data-classification` of every resource
	// that does not say otherwise.
	DataClassification Classification `yaml:"dataClassification"`
	// AccountServices says that this environment owns what exists once an
	// account: CloudTrail, GuardDuty, the budget, EBS encryption by default
	// and ECR's registry settings. Exactly one environment of an account
	// should say true.
	AccountServices bool `yaml:"accountServices"`
	// Protect keeps data stores and keys from being deleted by Pulumi.
	Protect bool `yaml:"protect" jsonschema:"default=true"`
}
