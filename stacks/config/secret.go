package config

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// hidden is what a secret prints as, everywhere.
const hidden = "[secret]"

// SecretValue is a Pulumi secret: ciphertext in the file, plain text only in
// the running program. It never prints.
type SecretValue struct{ plain string }

// Output is the value as a Pulumi secret. It is empty when the configuration
// came from a file: only the running program has the plain text.
func (s SecretValue) Output() pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(s.plain)).(pulumi.StringOutput)
}

// String hides the value.
func (s SecretValue) String() string { return hidden }

// Format hides the value from every verb of fmt.
func (s SecretValue) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(hidden)) }

// MarshalText hides the value from JSON and YAML.
func (s SecretValue) MarshalText() ([]byte, error) { return []byte(hidden), nil }
