package readinesstest

import (
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// frameworks are requirements, given as name and requirement in turn.
func frameworks(pairs ...string) []report.Framework {
	out := []report.Framework{}
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, report.Framework{Name: pairs[i], Requirement: pairs[i+1]})
	}
	return out
}

// single is an item that one checker judged.
func single(i readiness.Item, j readiness.Judgement) readiness.Item {
	j.Verdict, j.Expected, j.Found, j.Evidence = i.Verdict, i.Expected, i.Found, i.Evidence
	i.Judgements = []readiness.Judgement{j}
	return i
}

// past is what the two runs before said, newest first.
func past(last, before readiness.Verdict, found string) []readiness.Past {
	return []readiness.Past{
		{Run: "staging-20261121T101500Z", Started: started.Add(-24 * time.Hour), Verdict: last, Found: found},
		{Run: "staging-20261120T101500Z", Started: started.Add(-48 * time.Hour), Verdict: before, Found: found},
	}
}

// commit is the revision in which a statement was made.
func commit() *readiness.Commit {
	return &readiness.Commit{
		Hash: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c", Author: "Ada Lovelace <ada@example.com>",
		At: started.Add(-30 * 24 * time.Hour), Signed: true,
	}
}

// items are one or more of each verdict and overlay.
func items() []readiness.Item {
	return append(platformItems(), peopleItems()...)
}

// platformItems are those that the guides ask of the environment.
func platformItems() []readiness.Item {
	const guide = "readiness"
	return []readiness.Item{
		single(readiness.Item{
			ID: "K8S-1", Guide: guide, Section: "Kubernetes Cluster", Title: "Cluster Version",
			Text: "Kubernetes 1.28+ with support lifecycle", Severity: report.High, Phase: readiness.Periodic,
			Frameworks: frameworks("NIST 800-53", "SI-2"), Verdict: readiness.Pass, Layer: "cluster",
			Expected: "the API server is at least Kubernetes 1.28", Found: "Kubernetes v1.34.1",
			Remediation: "Upgrade the cluster one minor version after another:\n\n  gatehouse:cluster.version: \"1.35\"\n\nand run pulumi up.",
			Evidence:    []string{"kubernetes.version"}, History: past(readiness.Pass, readiness.Pass, "Kubernetes v1.34.1"),
		}, readiness.Judgement{Checker: "kubernetes-version", Subjects: 1}),
		single(readiness.Item{
			ID: "K8S-5", Guide: guide, Section: "Kubernetes Cluster", Title: "Network Policies", Text: "Implemented and tested",
			Severity: report.High, Phase: readiness.PostDeploy, Frameworks: frameworks("NIST 800-53", "SC-7", "CIS EKS", "4.3.2"),
			Verdict: readiness.Unknown, Layer: "cluster", Expected: "a network plugin that enforces policies runs on every node",
			Found:       "no network plugin that enforces was found: policies are only objects without one",
			Remediation: "Turn enforcement on: enableNetworkPolicy \"true\" of the add-on vpc-cni.",
			Evidence:    []string{"kubernetes.networkpolicies", "kubernetes.workloads"},
			History:     past(readiness.Pass, readiness.Pass, "14 looked at, all as they must be"),
		}, readiness.Judgement{
			Checker: "kubernetes-network-enforcement",
			Reasons: []string{"no DaemonSet aws-node, calico-node, cilium, antrea-agent, kube-router, weave-net"},
		}),
		single(readiness.Item{
			ID: "DB-1", Guide: guide, Section: "Database Systems", Title: "PostgreSQL",
			Text: "Version 15+ with high availability configuration", Severity: report.Critical, Phase: readiness.PostDeploy,
			Frameworks: frameworks("NIST 800-53", "CP-10", "SOC 2", "A1.2"), Verdict: readiness.Pass, Layer: "data",
			Expected: "the primary streams its log to 2 replicas", Found: "2 replicas stream",
			Remediation: "Add a replica.", Evidence: []string{"postgres.replication", "aws.rds.instances"},
			History: past(readiness.Pass, readiness.Fail, "1 replica streams"),
		}, readiness.Judgement{Checker: "postgres-replicas-stream", Subjects: 3}),
		single(readiness.Item{
			ID: "DB-3", Guide: guide, Section: "Database Systems", Title: "Backups",
			Text: "Point-in-time recovery enabled", Severity: report.Critical, Phase: readiness.PostDeploy,
			Frameworks: frameworks("NIST 800-53", "CP-9", "SOC 2", "A1.2", "ISO 27001", "A.8.13"),
			Verdict:    readiness.Fail, Layer: "data", Expected: "the newest restorable time is at most 15 min old",
			Found:       "gatehouse-staging-postgres: the newest restorable time is 26 h old, 15 min are allowed; and 1 more",
			Remediation: "See docs/runbooks/pitr.md, and look at the log of the archiver.",
			Evidence:    []string{"aws.rds.instances"}, History: past(readiness.Pass, readiness.Pass, "5 min old"),
		}, readiness.Judgement{Checker: "rds-recoverable", Subjects: 2, Failures: []readiness.Failure{
			{
				Where: "database gatehouse-staging-postgres", Found: "the newest restorable time is 26 h old, 15 min are allowed",
				Remedy: "Set the backup retention to 7 days: gatehouse:data.postgres.backupDays: 7.",
			},
			{Where: "database gatehouse-staging-postgres-replica-1", Found: "backups are off"},
		}}),
		single(readiness.Item{
			ID: "CACHE-1", Guide: guide, Section: "Cache Systems", Title: "Redis Cluster",
			Text: "Configured with sentinel for high availability", Severity: report.High, Phase: readiness.PostDeploy,
			Frameworks: frameworks("NIST 800-53", "CP-10"), Verdict: readiness.Fail, Layer: "data",
			Overlay: &readiness.Overlay{
				Kind: readiness.Waived, By: "Platform team", Link: "https://tickets.example.com/browse/GH-5", Expires: "2026-11-30",
				Reason: "A replica of a shard would double staging's cache, which holds sessions and copies only", Commit: commit(),
			},
			Expected: "every shard has 1 replica or more in other zones", Found: "shard 0001: it has 0 replicas, 1 is wanted",
			Remediation: "Set gatehouse:data.redis.replicas to 1.", Evidence: []string{"aws.elasticache.group"},
			History: []readiness.Past{{
				Run: "staging-20261121T101500Z", Started: started.Add(-24 * time.Hour), Verdict: readiness.Fail,
				Overlay: readiness.Waived, Found: "shard 0001: it has 0 replicas, 1 is wanted",
			}},
		}, readiness.Judgement{Checker: "elasticache-highly-available", Subjects: 6, Failures: []readiness.Failure{
			{Where: "cache gatehouse-staging-redis, shard 0001", Found: "it has 0 replicas, 1 is wanted"},
		}}),
		single(readiness.Item{
			ID: "CACHE-3", Guide: guide, Section: "Cache Systems", Title: "Eviction", Text: "Eviction policies configured",
			Severity: report.Medium, Phase: readiness.PostDeploy, Frameworks: frameworks("SOC 2", "CC7.2"),
			Verdict: readiness.Pass, Layer: "data", Vacuous: true, Expected: "every cache that is not a store evicts",
			Found: "no cache of this kind is deployed", Remediation: "Set maxmemory-policy.", Evidence: []string{},
		}, readiness.Judgement{Checker: "redis-evicts"}),
		single(readiness.Item{
			ID: "SEC-2", Guide: guide, Section: "Network Security", Title: "Web Application Firewall",
			Text: "WAF rules configured", Severity: report.High, Phase: readiness.PostDeploy,
			Frameworks: frameworks("ISO 27001", "A.8.20"), Verdict: readiness.Error, Layer: "edge",
			Expected: "the load balancer is behind a web ACL that blocks", Found: "the checker failed: index out of range [3] with length 3",
			Remediation: "Associate the web ACL.", Evidence: []string{},
		}, readiness.Judgement{Checker: "waf-blocks", Reasons: []string{"index out of range [3] with length 3"}}),
		hostileItem(),
	}
}
