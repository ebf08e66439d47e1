// Package compliance judges what an auditor asks of the AWS account: what is
// recorded and for how long, how data is classified and protected, how secrets
// are renewed, what threats were seen, and who has access.
//
// What only a person can say, such as that an access review took place, is an
// attestation and not here.
package compliance

import (
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Checkers are those of compliance.
func Checkers() []judge.Checker {
	return []judge.Checker{
		trail, logRetention,
		classified, ownKeys, keysRotate,
		secretsRotate, secretsHold,
		threatDetection, openFindings,
		root, signIn, accessKeys, passwords, outsiders, administrators,
	}
}

func needs(names ...evidence.Name) []evidence.Name { return names }

func enumerate(texts []string) string { return strings.Join(texts, ", ") }
