package access

import (
	"fmt"
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

const wholeAccount = "account"

// account lists what the roles and users of IAM may, and who may assume the
// roles. What a policy says is not read, but whether it allows everything.
func (l *list) account(fact evidence.Fact[evidence.IAMAccess]) {
	l.any = l.any || len(fact.Value.Roles)+len(fact.Value.Users) > 0
	for _, role := range fact.Value.Roles {
		if strings.HasPrefix(role.Path, "/aws-service-role/") {
			continue // AWS's own, which only its service assumes and nobody can change
		}
		l.policies(holderOf(role.ARN, "role "+role.Name), role.Policies, role.Admin, peoples(role))
		for _, trust := range role.Trusts {
			may := "assume the role " + role.Name
			if len(trust.Conditions) > 0 {
				may += ", conditioned by " + strings.Join(trust.Conditions, ", ")
			}
			l.add(readiness.Grant{
				System: aws, Holder: trustee(trust), Through: "trust policy of the role " + role.Name, Scope: wholeAccount,
				May: []string{may}, Powerful: role.Admin != "", Person: trustsPeople(trust, fact.Value.Roles),
			})
		}
	}
	for _, user := range fact.Value.Users {
		l.policies(holderOf(user.ARN, "user "+user.Name), user.Policies, user.Admin, true)
	}
}

func holderOf(arn, name string) string {
	if arn == "" {
		return name
	}
	return arn
}

// broad are policies of AWS that read or change everything but IAM.
var broad = []string{"PowerUserAccess", "ReadOnlyAccess"}

// policies lists what one role or user may, policy by policy.
func (l *list) policies(holder string, names []string, admin string, people bool) {
	if admin != "" && !slices.Contains(names, admin) {
		names = append(slices.Clone(names), admin)
	}
	for _, name := range names {
		g := readiness.Grant{
			System: aws, Holder: holder, Through: "policy " + name, Scope: wholeAccount,
			May: []string{"what the policy " + name + " allows"}, Person: people,
		}
		own, _, _ := strings.Cut(name, " of the group ")
		switch {
		case name == admin:
			g.May, g.Powerful = []string{"every action on everything, or to give itself that"}, true
		case slices.Contains(broad, own):
			g.Powerful = true
		}
		l.add(g)
	}
}

// trustee names who may assume a role.
func trustee(t evidence.Trust) string {
	switch {
	case t.Who == "*":
		return "anybody"
	case t.Kind == "AWS":
		return t.Who
	default:
		return t.Kind + " " + t.Who
	}
}

// peoples tells whether a role is for people: whether a person may assume it.
func peoples(role evidence.IAMRole) bool {
	return slices.ContainsFunc(role.Trusts, func(t evidence.Trust) bool { return trustsPeople(t, nil) })
}

// trustsPeople tells whether a trust lets people in. Services and the tokens of
// OpenID Connect providers (a cluster's accounts, a pipeline) are programs; of
// others of AWS, only a role that none but programs can assume is one.
func trustsPeople(t evidence.Trust, roles []evidence.IAMRole) bool {
	switch t.Kind {
	case "Service":
		return false
	case "Federated":
		return !strings.Contains(t.Who, ":oidc-provider/")
	}
	i := slices.IndexFunc(roles, func(r evidence.IAMRole) bool { return r.ARN != "" && r.ARN == t.Who })
	return i < 0 || peoples(roles[i])
}

// rootUser is root's row in the credential report.
const rootUser = "<root_account>"

// credentials lists who can sign in, and root. How long a password or key was
// not used is the business of other checks: it changes from day to day.
func (l *list) credentials() {
	names := map[string]string{}
	for _, user := range evidence.Get(l.facts, evidence.AWSAccess).Value.Users {
		names[user.Name] = user.ARN
	}
	report := get(l, evidence.AWSCredentials)
	l.any = l.any || len(report.Value.Users) > 0
	for _, user := range report.Value.Users {
		if user.User == rootUser {
			continue // the summary says more of root
		}
		g := readiness.Grant{System: aws, Holder: holderOf(names[user.User], "user "+user.User), Scope: wholeAccount, Person: true}
		if user.Password {
			g.Through, g.May = "password", []string{"sign in to the console" + factor(user.MFA)}
			l.add(g)
		}
		if n := len(user.Keys); n > 0 {
			g.Through, g.May = "access keys", []string{fmt.Sprintf("call AWS with %d access key(s)", n)}
			l.add(g)
		}
	}
	if summary := get(l, evidence.AWSAccount); len(summary.Problems) == 0 {
		g := readiness.Grant{System: aws, Holder: "root", Scope: wholeAccount, Powerful: true, Person: true}
		g.Through, g.May = "password", []string{"every action on everything" + factor(summary.Value.RootMFA)}
		l.add(g)
		if summary.Value.RootKeys {
			g.Through, g.May = "access keys", []string{"every action on everything"}
			l.add(g)
		}
	}
}

func factor(second bool) string {
	if second {
		return ", with a second factor"
	}
	return ", without a second factor"
}
