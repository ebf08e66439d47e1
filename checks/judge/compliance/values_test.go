package compliance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/compliance"
	"gatehouse/report/readiness"
)

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// good is what the readers answer of a good account.
type good struct {
	trails     []evidence.Trail
	groups     []evidence.LogGroup
	stores     []evidence.Store
	keys       []evidence.StoreKey
	secrets    []evidence.SecretEntry
	detectors  []evidence.Detector
	findings   evidence.Findings
	account    evidence.IAMSummary
	report     evidence.CredentialReport
	passwords  evidence.PasswordPolicy
	access     evidence.IAMAccess
	thresholds judge.Thresholds
	problems   map[evidence.Name]evidence.Problem
}

func newGood() *good {
	class := map[string]string{evidence.ClassificationTag: "restricted"}
	return &good{
		trails: []evidence.Trail{{
			Name: "trail", Bucket: "audit", MultiRegion: true, Global: true, Validated: true, Encrypted: true,
			Logging: true, Delivered: now.Add(-time.Hour), Management: "All",
		}},
		groups: []evidence.LogGroup{{Name: "/aws/rds", Region: "us-west-2", Days: 90, Key: "k"}},
		stores: []evidence.Store{
			{Kind: "RDS", Name: "postgres", Classification: "confidential", Encrypted: true, Key: "k"},
			{Kind: "S3", Name: "logs", Purpose: "logs", Classification: "internal", Encrypted: true},
		},
		keys: []evidence.StoreKey{{ID: "k", Manager: "CUSTOMER", State: "Enabled", Rotatable: true, Rotates: true}},
		secrets: []evidence.SecretEntry{
			{Name: "a", Key: "k", HasValue: true, Rotates: true, Days: 30, Rotated: now.AddDate(0, 0, -29), Created: now.AddDate(-1, 0, 0), Tags: class},
			{Name: "b", Key: "k", HasValue: true, Changed: now.AddDate(0, -6, 0), Tags: map[string]string{evidence.ClassificationTag: "restricted", "rotation-days": "0"}},
		},
		detectors: []evidence.Detector{{ID: "d", Enabled: true, Features: []string{"EKS_AUDIT_LOGS", "S3_DATA_EVENTS"}}},
		findings:  evidence.Findings{Detectors: 1},
		account:   evidence.IAMSummary{RootMFA: true},
		report: evidence.CredentialReport{At: now, Users: []evidence.IAMCredential{
			{User: "<root_account>", MFA: true},
			{User: "alice", Password: true, MFA: true, SignedIn: now, Created: now.AddDate(-2, 0, 0), Keys: []evidence.AccessKey{{Rotated: now.AddDate(0, 0, -90), Used: now}}},
		}},
		passwords: evidence.PasswordPolicy{Set: true, MinimumLength: 14, Reuse: 24},
		access: evidence.IAMAccess{Account: "123456789012", Users: []evidence.IAMUser{{Name: "alice"}}, Roles: []evidence.IAMRole{
			{Name: "admin", Path: "/", Admin: "AdministratorAccess", Trusts: []evidence.Trust{{Kind: "AWS", Who: "arn:aws:iam::123456789012:root"}}},
			{Name: "pod", Path: "/", Trusts: []evidence.Trust{{Kind: "Federated", Who: "arn:aws:iam::123456789012:oidc-provider/oidc.eks", Conditions: []string{"oidc.eks:sub"}}}},
		}},
		thresholds: thresholds(), problems: map[evidence.Name]evidence.Problem{},
	}
}

func fix[T any](g *good, facts evidence.Facts, q evidence.Query[T], value T) {
	if p, has := g.problems[q.Name()]; has {
		evidence.Fix(facts, q, value, p)
		return
	}
	evidence.Fix(facts, q, value)
}

func (g *good) judge(t *testing.T, id string) readiness.Judgement {
	facts := evidence.Facts{}
	fix(g, facts, evidence.AWSTrails, g.trails)
	fix(g, facts, evidence.AWSLogGroups, g.groups)
	fix(g, facts, evidence.AWSStores, g.stores)
	fix(g, facts, evidence.AWSStoreKeys, g.keys)
	fix(g, facts, evidence.AWSSecrets, g.secrets)
	fix(g, facts, evidence.AWSDetectors, g.detectors)
	fix(g, facts, evidence.AWSFindings, g.findings)
	fix(g, facts, evidence.AWSAccount, g.account)
	fix(g, facts, evidence.AWSCredentials, g.report)
	fix(g, facts, evidence.AWSPasswords, g.passwords)
	fix(g, facts, evidence.AWSAccess, g.access)
	for _, k := range compliance.Checkers() {
		if k.ID == id {
			return k.Do(judge.Environment{Name: "test", Now: now}, g.thresholds, facts)
		}
	}
	require.FailNow(t, "no such checker", id)
	return readiness.Judgement{}
}

func TestGoodAccountPasses(t *testing.T) {
	for _, k := range compliance.Checkers() {
		j := newGood().judge(t, k.ID)
		require.Equal(t, readiness.Pass, j.Verdict, "%s: %s %s", k.ID, j.Found, j.Reasons)
		require.Positive(t, j.Subjects)
	}
}

func TestNothingReadIsUnknown(t *testing.T) {
	for _, k := range compliance.Checkers() {
		j := k.Do(judge.Environment{Now: now}, thresholds(), evidence.Facts{})
		require.Equal(t, readiness.Unknown, j.Verdict, "%s: %s", k.ID, j.Found)
	}
}
