package evidence

import "time"

// IAMSummary is what IAM says of the whole account.
type IAMSummary struct {
	RootKeys bool `json:"rootKeys"`
	RootMFA  bool `json:"rootMfa"`
	Users    int  `json:"users"`
}

// PasswordPolicy is what IAM asks of passwords.
type PasswordPolicy struct {
	// Set is whether the account has one; AWS's default is weaker.
	Set           bool  `json:"set"`
	MinimumLength int32 `json:"minimumLength"`
	// Reuse is how many earlier passwords may not come again.
	Reuse     int32 `json:"reuse"`
	Uppercase bool  `json:"uppercase"`
	Lowercase bool  `json:"lowercase"`
	Numbers   bool  `json:"numbers"`
	Symbols   bool  `json:"symbols"`
}

// CredentialReport is who can sign in with what (IAM user guide, "Generate
// credential reports").
type CredentialReport struct {
	At    time.Time       `json:"at"`
	Users []IAMCredential `json:"users"`
}

// IAMCredential is a row of the credential report.
type IAMCredential struct {
	// User is "<root_account>" for root.
	User     string    `json:"user"`
	Created  time.Time `json:"created"`
	Password bool      `json:"password"`
	MFA      bool      `json:"mfa"`
	// SignedIn is when the password was last used, zero for never.
	SignedIn time.Time `json:"signedIn"`
	// Keys are the active access keys.
	Keys []AccessKey `json:"keys,omitempty"`
}

// AccessKey is an active access key. Times are zero for never.
type AccessKey struct {
	Rotated time.Time `json:"rotated"`
	Used    time.Time `json:"used"`
}

// IAMRole is a role with who may take it and whether it may do everything.
type IAMRole struct {
	ARN  string `json:"arn,omitempty"`
	Name string `json:"name"`
	Path string `json:"path"`
	// Trusts are those who may assume it.
	Trusts []Trust `json:"trusts"`
	// Admin is the policy by which it may do everything, "" when it may not.
	Admin string `json:"admin,omitempty"`
	// Policies are the names of all that are attached to it or written into it,
	// sorted.
	Policies []string `json:"policies,omitempty"`
}

// Trust is one who may assume a role.
type Trust struct {
	// Kind is AWS, Service, Federated, or CanonicalUser.
	Kind string `json:"kind"`
	// Who is an ARN, a service's name, an account's ID, or "*".
	Who string `json:"who"`
	// Conditions are the keys that a condition of the statement asks for, in
	// lower case; those with a wildcard alone as value are left out.
	Conditions []string `json:"conditions,omitempty"`
}

// IAMUser is a user with the policy by which it may do everything.
type IAMUser struct {
	ARN   string `json:"arn,omitempty"`
	Name  string `json:"name"`
	Admin string `json:"admin,omitempty"`
	// Policies are the names of all that it has, sorted; one that it has by a
	// group ends in " of the group NAME".
	Policies []string `json:"policies,omitempty"`
}

// IAMAccess is who may do what.
type IAMAccess struct {
	// Account is the ID of the account itself.
	Account string    `json:"account"`
	Roles   []IAMRole `json:"roles"`
	Users   []IAMUser `json:"users"`
}

// AWSAccount is IAM's summary.
var AWSAccount = Define[IAMSummary](AWS, "iam.summary", "iam:GetAccountSummary")

// AWSPasswords is the password policy.
var AWSPasswords = Define[PasswordPolicy](AWS, "iam.passwords", "iam:GetAccountPasswordPolicy")

// AWSCredentials is the credential report.
var AWSCredentials = Define[CredentialReport](AWS, "iam.credentials",
	"iam:GenerateCredentialReport", "iam:GetCredentialReport")

// AWSAccess is who may assume what, and who may do everything.
var AWSAccess = Define[IAMAccess](AWS, "iam.access", "iam:GetAccountAuthorizationDetails", "sts:GetCallerIdentity")
