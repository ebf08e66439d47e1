package compliance_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
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

func newGood(t *testing.T) *good {
	t.Helper()
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
		thresholds: thresholds(t), problems: map[evidence.Name]evidence.Problem{},
	}
}

func (g *good) judge(t *testing.T, id string) readiness.Judgement {
	facts := evidence.Facts{}
	checkstest.Troubled(facts, evidence.AWSTrails, g.trails, g.problems)
	checkstest.Troubled(facts, evidence.AWSLogGroups, g.groups, g.problems)
	checkstest.Troubled(facts, evidence.AWSStores, g.stores, g.problems)
	checkstest.Troubled(facts, evidence.AWSStoreKeys, g.keys, g.problems)
	checkstest.Troubled(facts, evidence.AWSSecrets, g.secrets, g.problems)
	checkstest.Troubled(facts, evidence.AWSDetectors, g.detectors, g.problems)
	checkstest.Troubled(facts, evidence.AWSFindings, g.findings, g.problems)
	checkstest.Troubled(facts, evidence.AWSAccount, g.account, g.problems)
	checkstest.Troubled(facts, evidence.AWSCredentials, g.report, g.problems)
	checkstest.Troubled(facts, evidence.AWSPasswords, g.passwords, g.problems)
	checkstest.Troubled(facts, evidence.AWSAccess, g.access, g.problems)
	return checkstest.Over(t, compliance.Checkers(), id, judge.Environment{Name: "test", Now: now}, g.thresholds, facts)
}

func TestGoodAccountPasses(t *testing.T) {
	for _, k := range compliance.Checkers() {
		j := newGood(t).judge(t, k.ID)
		require.Equal(t, readiness.Pass, j.Verdict, "%s: %s %s", k.ID, j.Found, j.Reasons)
		require.Positive(t, j.Subjects)
	}
}
