// Package iampolicy builds IAM, bucket, key and repository policies from typed
// values. No policy in this repository is a pasted string: Document checks the
// rules that a string cannot (no wildcard action on a wildcard resource, no
// statement that names nobody or nothing) and renders the JSON that AWS reads.
//
// What a policy allows is decided by the component that needs it, not here.
package iampolicy

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Kind says where a policy is attached, which decides what a statement must
// name.
type Kind int

const (
	// Identity policies are attached to a role: statements name resources and
	// no principals.
	Identity Kind = iota
	// Resource policies are attached to a bucket, key, repository, vault …:
	// statements name principals; resources too.
	Resource
	// Trust policies say who may assume a role: statements name principals and
	// no resources.
	Trust
)

// Effect is Allow or Deny.
type Effect string

// The two effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// PrincipalType is the kind of a principal (IAM user guide, "AWS JSON policy
// elements: Principal").
type PrincipalType string

// The principal types in use here.
const (
	AWS       PrincipalType = "AWS"
	Service   PrincipalType = "Service"
	Federated PrincipalType = "Federated"
	// Everyone renders `"Principal": "*"`. It is for Deny statements, and for
	// Allow statements that a condition narrows.
	Everyone PrincipalType = "*"
)

// Principal is who a statement is about.
type Principal struct {
	Type PrincipalType
	// ID is an ARN, a service such as kms.amazonaws.com or a provider's ARN;
	// nil for Everyone.
	ID pulumi.StringInput
}

// Condition narrows a statement: all conditions must hold.
type Condition struct {
	// Test is the operator, e.g. StringEquals or Bool.
	Test string
	// Variable is the condition key, e.g. aws:SecureTransport. It is an input
	// because the keys of an OIDC provider are only known after creation.
	Variable pulumi.StringInput
	// Values are alternatives.
	Values []pulumi.StringInput
}

// Statement is one statement of a policy.
type Statement struct {
	// ID is the Sid: letters and digits, unique in the document.
	ID         string
	Effect     Effect
	Principals []Principal
	// Actions are service:Action names.
	Actions []string
	// Resources are ARNs; patterns are allowed.
	Resources  []pulumi.StringInput
	Conditions []Condition
}

// Document is one policy.
type Document struct {
	Kind       Kind
	Statements []Statement
}

// Is returns a condition that variable equals one of the values.
func Is(variable string, values ...string) Condition {
	return When("StringEquals", variable, values...)
}

// When returns a condition of known strings.
func When(test, variable string, values ...string) Condition {
	return Condition{Test: test, Variable: pulumi.String(variable), Values: Strings(values...)}
}

// Strings turns known strings into inputs.
func Strings(values ...string) []pulumi.StringInput {
	inputs := make([]pulumi.StringInput, len(values))
	for i, v := range values {
		inputs[i] = pulumi.String(v)
	}
	return inputs
}

// AWSService returns the principal of an AWS service, such as
// "backup.amazonaws.com".
func AWSService(name string) Principal {
	return Principal{Type: Service, ID: pulumi.String(name)}
}

// Account returns the principal of a whole account, which means: whoever that
// account's own IAM policies allow.
func Account(partition, id string) Principal {
	return Principal{Type: AWS, ID: pulumi.Sprintf("arn:%s:iam::%s:root", partition, id)}
}
