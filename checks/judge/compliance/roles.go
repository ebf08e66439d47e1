package compliance

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// outsiders serves COMP-5: a role that another account, or anybody with a token
// of a public issuer, may take is a door that no review of users shows.
var outsiders = judge.Checker{
	ID:       "roles-trust-known",
	Expected: "no role may be assumed from outside but by whom it is meant for",
	Needs:    needs(evidence.AWSAccess.Name()),
	Judge: func(c *judge.Case) {
		known := c.Texts("trustedAccounts")
		c.Expect("no role may be assumed from outside, but by the accounts [%s] and by single identities of federated issuers", enumerate(known))
		access := judge.Read(c, evidence.AWSAccess)
		for _, role := range access.Roles {
			if strings.HasPrefix(role.Path, "/aws-service-role/") {
				c.Saw() // AWS's own, which nobody can change
				continue
			}
			for _, trust := range role.Trusts {
				fault := strange(trust, access.Account, known)
				c.Require(fault == "", "role "+role.Name, "%s", fault)
			}
		}
		c.Note("%d roles trust nobody who is not meant", len(access.Roles))
	},
}

// narrowing are condition keys that leave a few of those who could assume a
// role.
var narrowing = []string{"aws:principalorgid", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn", "sts:externalid"}

// strange says why a trust is wider than it should be, "" when it is not.
func strange(t evidence.Trust, own string, known []string) string {
	narrowed := slices.ContainsFunc(t.Conditions, func(key string) bool { return slices.Contains(narrowing, key) })
	switch {
	case t.Kind == "Service" || t.Kind == "CanonicalUser":
		return ""
	case t.Kind == "Federated":
		// Of a public issuer such as GitHub, everybody has a token.
		single := slices.ContainsFunc(t.Conditions, func(key string) bool {
			return strings.HasSuffix(key, ":sub") || strings.HasPrefix(key, "saml:")
		})
		if !single {
			return "may be assumed by every identity of " + t.Who
		}
		return ""
	case t.Who == "*":
		if !narrowed {
			return "may be assumed by anybody"
		}
		return ""
	}
	account := t.Who
	if parts := strings.Split(t.Who, ":"); len(parts) > 5 {
		account = parts[4]
	}
	switch {
	case account == own || slices.Contains(known, account):
		return ""
	case len(account) != 12 || strings.Trim(account, "0123456789") != "":
		return fmt.Sprintf("trusts %s, which is gone", t.Who) // IAM shows a deleted principal by its ID
	default:
		return "may be assumed from the account " + account
	}
}

// administrators serves COMP-5: few may do everything, and they are roles, which
// give credentials for hours, not users.
var administrators = judge.Checker{
	ID:       "administrators-few",
	Expected: "few may do everything, and none of them is an IAM user",
	Needs:    needs(evidence.AWSAccess.Name()),
	Judge: func(c *judge.Case) {
		most := c.Int("mostAdministrators")
		c.Expect("%d roles or fewer may do everything, and no IAM user", most)
		access, read := judge.Whole(c, evidence.AWSAccess)
		for _, user := range access.Users {
			if user.Admin != "" {
				c.FailWith("user "+user.Name, "let them assume a role", "may do everything by %s", user.Admin)
				continue
			}
			c.Saw()
		}
		var names []string
		for _, role := range access.Roles {
			if role.Admin != "" {
				names = append(names, role.Name)
			}
		}
		if read {
			c.Require(len(names) <= most, "account "+access.Account, "%d roles may do everything: %s", len(names), enumerate(names))
		}
		c.Note("%d roles may do everything: %s", len(names), enumerate(names))
	},
}
