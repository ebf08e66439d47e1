package html_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
)

// What each part of the page says of the rich run.
func TestEverySectionIsThere(t *testing.T) {
	r := readinesstest.Rich()
	root := parse(t, write(t, r))
	for id, wants := range map[string][]string{
		"outcome": {
			"✗ Not ready", r.Summary.Headline, "severity high or worse fails", "Of what applies, 53 % holds.", "Sandbox.",
			"2 of the 5 resources are simulated (1 × aws:eks/cluster:Cluster, 1 × aws:rds/instance:Instance)",
			"3 ✗ Fail", "1 ! Error", "1 ? Unknown", "3 ☐ Manual", "1 – Not applicable", "5 ✓ Pass", "1 of them waived", "2 of them attested",
			"Since staging-20261121T101500Z: 2 worse, 1 incomparable, 1 better, 1 new, 1 gone, 0 changed, 11 the same.",
			"Why not fix critical ✗ Fail: DB-3: Backups:", "What next read high ? Unknown: K8S-5:", "state high", "renew",
			"Account 123456789012", "Region us-west-2", "staging-20261122T101500Z", "Started 2026-11-22 10:15:00 UTC", "Took 3.9 s",
			"7c9e4f1b2a3d5e6f708192a3b4c5d6e7f8091a2b by Grace Hopper <grace@example.com>", "signed (the signature was not verified); the files differ from it",
			"postgres: gatehouse_readiness", "gatehouse 1.6.0",
		},
		"map": {
			"portal ✓ Pass 2 resources · 1 denied", "data ✗ Fail 1 resource · 1 denied", "? Unknown: K8S-5", "foundation – Not applicable",
			"no item is about it",
		},
		"trend": {
			"2026-11-16", "2026-11-22", "7 runs from 2026-11-16", "staging-20261116T101500Z nothing applies no",
			"staging-20261122T101500Z 53 % no 3 1 1 3 1 5 1 2",
		},
		"filters":      {"readiness: Cache Systems", "Anything open", "critical", "CIS EKS"},
		"items":        {"Guide: readiness", "Guide: maintenance", "Database Systems 50 % · ✗ 1 fail ✓ 1 pass", "Infrastructure nothing applies"},
		"item-CACHE-3": {"vacuous", "It does not fail only because there was nothing to look at", "no run before has it", "Evidence none"},
		"item-SEC-2":   {"! Error", "index out of range [3] with length 3"},
		"policies":     {"state of staging: 5 rules over 5 resources. 1 denied, 1 could not be judged, 1 undecided, 1 waived.", "1 rule found no resource", "aws-dms-encrypted"},
		"rule-aws-rds-storage-encrypted": {
			"RDS storage is encrypted critical ✗ 1 denied", "mandatory · SOC 2 CC6.1", "storageEncrypted: true", "storageEncrypted is false",
			"urn:pulumi:staging::gatehouse::gatehouse:layer:data$aws:rds/instance:Instance::postgres", "components/data/postgres.go:65",
			"- storageEncrypted: false + storageEncrypted: true",
		},
		"rule-aws-s3-bucket-versioned": {"1 waived", "Waived by Platform team until 2027-02-01: Logs are written once. See https://tickets.example.com/browse/GH-9."},
		"frameworks": {
			"SOC 2 2017", "the privacy criteria are left to others", "✗ 2 not met", "– 1 not covered", "PE-3 Physical access", "– Not covered",
			"A1.2 Recovery infrastructure Availability ✗ Not met ✓ Pass: DB-1, ✗ Fail: DB-3 against", "aws-rds-storage-encrypted against",
			"≈ Accepted", "? Undetermined", "∅ Vacuous", "✓ Supported",
		},
		"comparison": {
			"it is worse", "▼ Worse ✗ Fail: DB-3 Backups critical PASS FAIL", "? Incomparable", "− Gone OLD-9 Retired item low PASS –",
			"+ New ☐ Manual: MNT-1 Announcement low – MANUAL (attested)", "▲ Better", "The finding is new", "(aws.rds.instances)",
		},
		"coverage":                   {"8 were read in full, 1 in part, 1 not at all", "kubernetes 2 1 0", "connection refused", "nothing was there to look at: ✓ Pass: CACHE-3"},
		"access":                     {r.Access.Digest, "The list is not whole.", "iam:GetRolePolicy is denied", "powerful, people *:* on *", "get, list, watch pods, get pods/log"},
		"expiring":                   {"attested Ada Lovelace 2026-11-18 ended gatehouse attest COMP-3", "8 days"},
		"deployed":                   {"5 resources in the state", "foundation: 1 resource", "of no layer: 1 resource", "gatehouse-staging-postgres yes", "postgres urn:pulumi:staging::gatehouse::gatehouse:layer:data$"},
		"evidence":                   {"Queries of the run: 10", "42 ms", "5.0 s"},
		"evidence-aws.rds.instances": {"rds DescribeDBInstances", "as arn:aws:sts::123456789012", "2026-11-22 10:15:01 UTC", r.Evidence[2].SHA256, "yes"},
		"evidence-prometheus.rules":  {"nothing was read", "no", "unreachable: dial tcp", "→ name Prometheus's address"},
		"verify":                     {"gatehouse report verify BUNDLE.tar --keys keys.yaml", "✗ Fail Read, and not as it must be.", "Vacuous"},
	} {
		section := text(find(t, root, id))
		for _, want := range wants {
			require.Contains(t, section, want, id)
		}
	}
}

// What one item opens to.
func TestAnItemTellsAll(t *testing.T) {
	root := parse(t, write(t, readinesstest.Rich()))
	for id, wants := range map[string][]string{
		"item-DB-3": {
			"✗ Fail DB-3 Backups critical", "Checkbox Point-in-time recovery enabled", "Judged post-deploy, layer data",
			"Expected the newest restorable time is at most 15 min old", "Found gatehouse-staging-postgres: the newest restorable time is 26 h old",
			"✗ Fail rds-recoverable", "2 subjects looked at. Evidence: aws.rds.instances.", "database gatehouse-staging-postgres-replica-1: backups are off",
			"→ Set the backup retention to 7 days", "Remediation See docs/runbooks/pitr.md", "Frameworks NIST 800-53 CP-9, SOC 2 A1.2, ISO 27001 A.8.13",
			"History ✓ Pass staging-20261121T101500Z: 5 min old",
		},
		"item-CACHE-1": {
			"waived until 2026-11-30", "Waived by Platform team, until 2026-11-30: A replica of a shard would double",
			"See https://tickets.example.com/browse/GH-5.", "Committed as 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c by Ada Lovelace", "✗ Fail waived staging-20261121T101500Z",
		},
		"item-COMP-1": {"Attested by Ada Lovelace on 2026-10-01, until 2027-10-01", "See https://wiki.example.com/data?page=1&view=all."},
		"item-MNT-1":  {"Not committed: no revision shows who wrote it.", "See GH-77."},
		"item-MON-1":  {"✓ Pass alert-rules-present: 31 alerts, all loaded", "✓ Pass policies: 5 rules, none denies", "Expected: the alerts of the guide are loaded. 31 subjects"},
		"item-K8S-1":  {"gatehouse:cluster.version: \"1.35\"", "and run pulumi up."},
	} {
		item := find(t, root, id)
		require.Equal(t, "details", item.Data)
		for _, want := range wants {
			require.Contains(t, text(item), want, id)
		}
	}
}

func TestTheOtherFirstScreens(t *testing.T) {
	ready := text(find(t, parse(t, write(t, readinesstest.Ready())), "outcome"))
	require.Contains(t, ready, "✓ Ready")
	require.Contains(t, ready, "Nothing is open.")
	require.Contains(t, ready, "There is no run before to compare with.")
	require.NotContains(t, ready, "Sandbox.")
	require.NotContains(t, ready, "Why not")
	bare := parse(t, write(t, readinesstest.Bare()))
	require.Contains(t, text(find(t, bare, "outcome")), "? Not ready")
	require.Contains(t, text(find(t, bare, "outcome")), "The run was interrupted. What was not read by then is unknown.")
	require.Contains(t, text(find(t, bare, "outcome")), "the revision is not known")
	require.Contains(t, text(find(t, bare, "policies")), "The policies were not run: the state of staging could not be read.")
	require.Contains(t, text(find(t, bare, "access")), "Nothing was read of who can do what.")
	require.Contains(t, text(find(t, bare, "deployed")), "There is no state.")
	require.Contains(t, text(find(t, bare, "trend")), "No runs have been kept.")
}

// Steps after the fifth of a kind are there, closed.
func TestLongListsOfStepsAreClosed(t *testing.T) {
	r := readinesstest.Rich()
	r.Next = nil
	for range 7 {
		r.Next = append(r.Next, readiness.Step{Kind: readiness.Fix, Items: []string{"DB-3"}, Severity: report.High, What: "this"})
	}
	outcome := find(t, parse(t, write(t, r)), "outcome")
	require.Contains(t, text(outcome), "2 more steps")
	require.Len(t, elements(elements(outcome, "details")[0], "li"), 2)
}

// A remediation that all findings of a rule share stands there once; others
// stand with their findings.
func TestARemediationStandsOnce(t *testing.T) {
	r := readinesstest.Many(300)
	rule := elements(find(t, parse(t, write(t, r)), "policies"), "details")[0]
	require.Len(t, elements(rule, "pre"), 1)
	r.Policies.Findings[0].Remediation = "Do this:\n  that"
	rule = elements(find(t, parse(t, write(t, r)), "policies"), "details")[0]
	require.Len(t, elements(rule, "pre"), 2)
}

// A word that the lists do not have is shown as it is, and not as a pass.
func TestUnknownWordsAreShown(t *testing.T) {
	r := readinesstest.Rich()
	r.Items[0].Verdict, r.Policies.Findings[0].Verdict = "MAYBE", "later"
	root := parse(t, write(t, r))
	require.Contains(t, text(find(t, root, "item-K8S-1")), "! MAYBE K8S-1")
	require.Contains(t, text(find(t, root, "rule-aws-rds-storage-encrypted")), "later: storageEncrypted is false")
}
