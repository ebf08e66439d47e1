package evidence

import "time"

// SecretEntry is an entry of Secrets Manager. Its value is never read.
type SecretEntry struct {
	Name string `json:"name"`
	// Owner is the AWS service that keeps it, "" for none.
	Owner string `json:"owner,omitempty"`
	// Key is the KMS key, "" for the one that AWS keeps for the account.
	Key string `json:"key,omitempty"`
	// HasValue is whether there is a current version.
	HasValue bool `json:"hasValue"`
	// Rotates is whether Secrets Manager renews it, every Days; 0 when a
	// schedule says otherwise.
	Rotates bool  `json:"rotates"`
	Days    int64 `json:"days,omitempty"`
	// Rotated, Changed and Next are zero for never.
	Rotated time.Time `json:"rotated"`
	Changed time.Time `json:"changed"`
	Next    time.Time `json:"next"`
	Created time.Time `json:"created"`
	// Deleted is when it was marked for deletion, zero for not.
	Deleted time.Time `json:"deleted"`
	// Tags say, among others, how it is to be renewed.
	Tags map[string]string `json:"tags,omitempty"`
}

// AWSSecrets are the entries whose names begin with the environment's prefix.
var AWSSecrets = Define[[]SecretEntry](AWS, "secretsmanager.secrets", "secretsmanager:ListSecrets")
