package compliance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

type testCase struct {
	checker string
	change  func(*good)
	verdict readiness.Verdict
	found   string
}

var denied = evidence.Problem{Kind: evidence.Denied, Message: "refused"}

func play(t *testing.T, cases map[string]testCase) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			g := newGood(t)
			c.change(g)
			j := g.judge(t, c.checker)
			require.Equal(t, c.verdict, j.Verdict, "%s %s", j.Found, j.Reasons)
			require.Contains(t, j.Found, c.found)
		})
	}
}

func TestCasesOfData(t *testing.T) {
	trail := func(change func(*evidence.Trail)) func(*good) { return func(g *good) { change(&g.trails[0]) } }
	store := func(change func(*evidence.Store)) func(*good) { return func(g *good) { change(&g.stores[0]) } }
	play(t, map[string]testCase{
		"no trail":                   {"trail-records-account", func(g *good) { g.trails = nil }, readiness.Fail, "has no trail"},
		"no trail that can be read":  {"trail-records-account", func(g *good) { g.trails = nil; g.problems[evidence.AWSTrails.Name()] = denied }, readiness.Unknown, "refused"},
		"a bad trail beside another": {"trail-records-account", func(g *good) { g.trails[0].Logging = false; g.problems[evidence.AWSTrails.Name()] = denied }, readiness.Unknown, "refused"},
		"two halves": {"trail-records-account", func(g *good) {
			other := g.trails[0]
			other.Validated = false
			g.trails[0].MultiRegion = false
			g.trails = append(g.trails, other)
		}, readiness.Fail, "one region only; trail trail does not validate"},
		"a good trail beside a bad": {"trail-records-account", func(g *good) { other := g.trails[0]; g.trails[0].Logging = false; g.trails = append(g.trails, other) }, readiness.Pass, "delivered 1h0m0s ago"},
		"writes only":               {"trail-records-account", trail(func(r *evidence.Trail) { r.Management = "WriteOnly" }), readiness.Fail, "but WriteOnly"},
		"delivered yesterday":       {"trail-records-account", trail(func(r *evidence.Trail) { r.Delivered = now.Add(-24*time.Hour - time.Second) }), readiness.Fail, "last delivered on 2026-11-21"},
		"never delivered":           {"trail-records-account", trail(func(r *evidence.Trail) { r.Delivered = time.Time{} }), readiness.Fail, "has never delivered"},
		"cannot deliver":            {"trail-records-account", trail(func(r *evidence.Trail) { r.DeliveryError = "AccessDenied" }), readiness.Fail, "cannot deliver: AccessDenied"},

		"a log for ever":         {"log-groups-retain", func(g *good) { g.groups[0].Days = 0 }, readiness.Fail, "never expires"},
		"a log for too short":    {"log-groups-retain", func(g *good) { g.groups[0].Days = 29 }, readiness.Fail, "29 days only"},
		"a log for too long":     {"log-groups-retain", func(g *good) { g.groups[0].Days = 401 }, readiness.Fail, "longer than is allowed"},
		"no logs":                {"log-groups-retain", func(g *good) { g.groups = nil }, readiness.Unknown, "nothing to look at"},
		"a class nobody knows":   {"data-classified", store(func(s *evidence.Store) { s.Classification = "secretish" }), readiness.Fail, "none of the classes"},
		"no stores":              {"data-classified", func(g *good) { g.stores = nil }, readiness.Unknown, "no store of the environment"},
		"a service's own secret": {"data-classified", func(g *good) { g.secrets[0].Owner, g.secrets[0].Tags = "rds", nil }, readiness.Pass, ""},
		"plain data":             {"data-own-keys", store(func(s *evidence.Store) { s.Encrypted = false }), readiness.Fail, "RDS postgres: is not encrypted"},
		"a key that AWS manages": {"data-own-keys", func(g *good) { g.keys[0].Manager = "AWS" }, readiness.Fail, "that AWS manages"},
		"a key to be deleted":    {"data-own-keys", func(g *good) { g.keys[0].State = "PendingDeletion" }, readiness.Fail, "is PendingDeletion"},
		"a key nobody read":      {"data-own-keys", func(g *good) { g.keys = nil }, readiness.Unknown, "nothing is known of its key"},
		"another bucket":         {"data-own-keys", func(g *good) { g.stores[1].Purpose = "plugins" }, readiness.Fail, "a key that AWS owns"},
		"an asymmetric key":      {"keys-rotate", func(g *good) { g.keys[0].Rotatable, g.keys[0].Rotates = false, false }, readiness.Fail, "cannot rotate by itself"},
		"no keys":                {"keys-rotate", func(g *good) { g.keys = nil }, readiness.Unknown, "nothing to look at"},

		"no detector":                  {"guardduty-on", func(g *good) { g.detectors = nil }, readiness.Fail, "is not on"},
		"no detector that can be read": {"guardduty-on", func(g *good) { g.detectors = nil; g.problems[evidence.AWSDetectors.Name()] = denied }, readiness.Unknown, "refused"},
		"a protection off":             {"guardduty-on", func(g *good) { g.detectors[0].Features = g.detectors[0].Features[:1] }, readiness.Fail, "has S3_DATA_EVENTS off"},
		"nothing found by nobody":      {"guardduty-findings", func(g *good) { g.detectors[0].Enabled = false }, readiness.Unknown, "no detector is on"},
		"more findings than are named": {"guardduty-findings", func(g *good) { g.findings.High = 60 }, readiness.Fail, "60 more findings"},
		"a finding, half read":         {"guardduty-findings", func(g *good) { g.findings.High = 1; g.problems[evidence.AWSFindings.Name()] = denied }, readiness.Fail, "1 more findings"},
	})
}

func TestCasesOfSecrets(t *testing.T) {
	rotating := func(change func(*evidence.SecretEntry)) func(*good) {
		return func(g *good) { change(&g.secrets[0]) }
	}
	manual := func(change func(*evidence.SecretEntry)) func(*good) { return func(g *good) { change(&g.secrets[1]) } }
	play(t, map[string]testCase{
		"within the grace":            {"secrets-renewed", rotating(func(s *evidence.SecretEntry) { s.Rotated = now.AddDate(0, 0, -32) }), readiness.Pass, "1 secrets rotate"},
		"a rotation that failed":      {"secrets-renewed", rotating(func(s *evidence.SecretEntry) { s.Rotated = now.AddDate(0, 0, -33) }), readiness.Fail, "last did on 2026-10-20"},
		"never rotated, and old":      {"secrets-renewed", rotating(func(s *evidence.SecretEntry) { s.Rotated = time.Time{} }), readiness.Fail, "last did never"},
		"never rotated, but new":      {"secrets-renewed", rotating(func(s *evidence.SecretEntry) { s.Rotated, s.Created = time.Time{}, now.AddDate(0, 0, -1) }), readiness.Pass, ""},
		"rotates once a year":         {"secrets-renewed", rotating(func(s *evidence.SecretEntry) { s.Days = 365 }), readiness.Fail, "every 365 days only"},
		"rotates by a schedule":       {"secrets-renewed", rotating(func(s *evidence.SecretEntry) { s.Days = 0 }), readiness.Pass, ""},
		"does not say who renews":     {"secrets-renewed", manual(func(s *evidence.SecretEntry) { s.Tags = nil }), readiness.Fail, "does not say that a person renews it"},
		"a service renews":            {"secrets-renewed", manual(func(s *evidence.SecretEntry) { s.Tags, s.Owner = nil, "rds" }), readiness.Pass, ""},
		"renewed too long ago":        {"secrets-renewed", manual(func(s *evidence.SecretEntry) { s.Changed = now.AddDate(-1, 0, -1) }), readiness.Fail, "last renewed on 2025-11-21"},
		"rotation turned off":         {"secrets-renewed", manual(func(s *evidence.SecretEntry) { s.Tags["rotation-days"] = "30" }), readiness.Fail, "last renewed on 2026-05-22"},
		"never changed since made":    {"secrets-renewed", manual(func(s *evidence.SecretEntry) { s.Changed, s.Created = time.Time{}, now.AddDate(-2, 0, 0) }), readiness.Fail, "2024"},
		"no secrets":                  {"secrets-renewed", func(g *good) { g.secrets = nil }, readiness.Unknown, "nothing to look at"},
		"is being deleted":            {"secrets-hold-values", manual(func(s *evidence.SecretEntry) { s.Deleted = now.AddDate(0, 0, -2) }), readiness.Fail, "was marked for deletion on 2026-11-20"},
		"the account's key":           {"secrets-hold-values", manual(func(s *evidence.SecretEntry) { s.Key = "" }), readiness.Fail, "aws/secretsmanager"},
		"the account's key, by alias": {"secrets-hold-values", manual(func(s *evidence.SecretEntry) { s.Key = "arn:aws:kms:us-west-2:1:alias/aws/secretsmanager" }), readiness.Fail, "aws/secretsmanager"},
	})
}

func TestCasesOfPeople(t *testing.T) {
	alice := func(change func(*evidence.IAMCredential)) func(*good) {
		return func(g *good) { change(&g.report.Users[1]) }
	}
	trust := func(kind, who string, conditions ...string) func(*good) {
		return func(g *good) {
			g.access.Roles[1].Trusts = []evidence.Trust{{Kind: kind, Who: who, Conditions: conditions}}
		}
	}
	play(t, map[string]testCase{
		"root's keys":               {"root-locked", func(g *good) { g.account.RootKeys = true }, readiness.Fail, "has access keys"},
		"has not signed in":         {"users-second-factor", alice(func(u *evidence.IAMCredential) { u.SignedIn = now.AddDate(0, 0, -91) }), readiness.Fail, "has not since"},
		"nobody has a password":     {"users-second-factor", func(g *good) { g.report.Users = g.report.Users[:1] }, readiness.Pass, "0 IAM users can sign in"},
		"a key of 90 days and more": {"access-keys-fresh", alice(func(u *evidence.IAMCredential) { u.Keys[0].Rotated = now.Add(-90*24*time.Hour - time.Second) }), readiness.Fail, "access key of 2026-08-24"},
		"a key that nobody uses": {"access-keys-fresh", func(g *good) {
			g.thresholds["credentialUnusedAge"] = "720h"
			g.report.Users[1].Keys[0].Used = now.AddDate(0, 0, -31)
		}, readiness.Fail, "was not used since"},
		"a new key, not used yet":    {"access-keys-fresh", alice(func(u *evidence.IAMCredential) { u.Keys[0] = evidence.AccessKey{Rotated: now} }), readiness.Pass, "1 access keys"},
		"a key of unknown age":       {"access-keys-fresh", alice(func(u *evidence.IAMCredential) { u.Keys[0] = evidence.AccessKey{} }), readiness.Unknown, "does not say how old"},
		"no policy, but passwords":   {"password-policy", func(g *good) { g.passwords = evidence.PasswordPolicy{} }, readiness.Fail, "1 users have a password"},
		"no policy and no passwords": {"password-policy", func(g *good) { g.passwords = evidence.PasswordPolicy{}; g.report.Users = g.report.Users[:1] }, readiness.NotApplicable, "no IAM user has a password"},
		"no policy, users not read": {"password-policy", func(g *good) {
			g.passwords = evidence.PasswordPolicy{}
			g.report = evidence.CredentialReport{}
			g.problems[evidence.AWSCredentials.Name()] = denied
		}, readiness.Unknown, "refused"},
		"anybody":                     {"roles-trust-known", trust("AWS", "*"), readiness.Fail, "by anybody"},
		"anybody of the organisation": {"roles-trust-known", trust("AWS", "*", "aws:principalorgid"), readiness.Pass, ""},
		"another account by its ID":   {"roles-trust-known", trust("AWS", "999988887777"), readiness.Fail, "from the account 999988887777"},
		"an external ID is no name":   {"roles-trust-known", trust("AWS", "arn:aws:iam::999988887777:role/x", "sts:externalid"), readiness.Fail, "from the account 999988887777"},
		"a known account": {"roles-trust-known", func(g *good) {
			trust("AWS", "999988887777")(g)
			g.thresholds["trustedAccounts"] = []any{"999988887777"}
		}, readiness.Pass, ""},
		"somebody who is gone":        {"roles-trust-known", trust("AWS", "AIDAEXAMPLE"), readiness.Fail, "which is gone"},
		"every repository of GitHub":  {"roles-trust-known", trust("Federated", "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", "token.actions.githubusercontent.com:aud"), readiness.Fail, "every identity"},
		"too many administrators":     {"administrators-few", func(g *good) { g.thresholds["mostAdministrators"] = 0 }, readiness.Fail, "1 roles may do everything: admin"},
		"an administrator by a group": {"administrators-few", func(g *good) { g.access.Users[0].Admin = "AdministratorAccess of the group ops" }, readiness.Fail, "of the group ops"},
		"administrators, half read":   {"administrators-few", func(g *good) { g.problems[evidence.AWSAccess.Name()] = denied }, readiness.Unknown, "refused"},
	})
}
