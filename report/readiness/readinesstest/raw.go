package readinesstest

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
)

// Evidence is what [Rich] has read, with its content: whole, in part, and not at
// all.
func Evidence() []readiness.Evidence {
	read := func(id, source, query, content string) readiness.Evidence {
		sum := sha256.Sum256([]byte(content))
		return readiness.Evidence{
			ID: id, Source: source, Query: query, At: started.Add(time.Second), Seconds: 0.042, Complete: true,
			SHA256: hex.EncodeToString(sum[:]), Content: []byte(content),
		}
	}
	partly := func(e readiness.Evidence, problems ...readiness.Problem) readiness.Evidence {
		e.Complete, e.Problems = false, problems
		return e
	}
	all := []readiness.Evidence{
		read("alertmanager.routing", "alertmanager", "GET /api/v2/status", `{"receivers":["pager"]}`),
		read("aws.elasticache.group", "aws", "elasticache DescribeReplicationGroups", `{"shards":3}`),
		read("aws.rds.instances", "aws", "rds DescribeDBInstances", `{"instances":[{"engineVersion":"15.18"}]}`),
		partly(read("kubernetes.networkpolicies", "kubernetes", "GET /apis/networking.k8s.io/v1/networkpolicies", `{"items":[]}`),
			readiness.Problem{
				Kind: "denied", Message: "networkpolicies.networking.k8s.io is forbidden in namespace payments",
				Remedy: "bind the ClusterRole gatehouse-readiness to the identity",
			}),
		read("kubernetes.version", "kubernetes", "GET /version", `{"gitVersion":"v1.34.1"}`),
		read("kubernetes.workloads", "kubernetes", "GET /apis/apps/v1/deployments, daemonsets, statefulsets", `{"items":[]}`),
		read("postgres.replication", "postgres", "select application_name, state, sync_state from pg_stat_replication", `[{"state":"streaming"}]`),
		{
			ID: "prometheus.rules", Source: "prometheus", Query: "GET /api/v1/rules", At: started.Add(2 * time.Second), Seconds: 5,
			Problems: []readiness.Problem{{
				Kind: "unreachable", Message: "dial tcp 127.0.0.1:9090: connect: connection refused",
				Remedy: "name Prometheus's address: gatehouse:readiness.prometheus",
			}},
		},
		read("state.summary", "state", "gatehouse state of staging", `{"resources":5}`),
		read("web.headers", "web", "GET https://staging.example.com/", `{"body":"`+"<script>alert(1)</script>"+`"}`),
	}
	for i := range all {
		switch all[i].Source {
		case "aws":
			all[i].Identity = "arn:aws:sts::123456789012:assumed-role/gatehouse-auditor/ci"
		case "kubernetes":
			all[i].Identity = "system:serviceaccount:gatehouse:auditor"
		case "postgres":
			all[i].Identity = "gatehouse_readiness"
		}
	}
	return all
}

const urn = "urn:pulumi:staging::gatehouse::gatehouse:layer:"

// policies are findings of each verdict, waived and not, and a rule that found
// nothing to look at.
func policies() *readiness.Policies {
	rule := func(id, title string, s report.Severity, l report.Level, matched bool, f ...string) readiness.PolicyRule {
		return readiness.PolicyRule{ID: id, Title: title, Severity: s, Level: l, Matched: matched, Frameworks: frameworks(f...)}
	}
	p := readiness.Policies{
		Source: "state of staging",
		Rules: []readiness.PolicyRule{
			rule("aws-dms-encrypted", "DMS is encrypted", report.High, report.Mandatory, false, "NIST 800-53", "SC-28"),
			rule("aws-rds-storage-encrypted", "RDS storage is encrypted", report.Critical, report.Mandatory, true, "SOC 2", "CC6.1"),
			rule("aws-s3-bucket-versioned", "Buckets keep versions", report.Medium, report.Advisory, true),
			rule("kubernetes-pods-image-digest", "Images are named by digest", report.Low, report.Advisory, true, "ISO 27001", "A.8.32"),
			rule("kubernetes-pods-non-root", "Containers do not run as root", report.High, report.Mandatory, true, "CIS EKS", "4.2.6"),
		},
		Findings: []report.Finding{
			{
				Rule: "aws-rds-storage-encrypted", Title: "RDS storage is encrypted", Severity: report.Critical,
				Level: report.Mandatory, Verdict: report.Deny, Resource: urn + "data$aws:rds/instance:Instance::postgres",
				Type: "aws:rds/instance:Instance", Path: "storageEncrypted", Message: "storageEncrypted is false",
				Remediation: "Set storageEncrypted:\n\n  storageEncrypted: true", Diff: "- storageEncrypted: false\n+ storageEncrypted: true",
				Frameworks: frameworks("SOC 2", "CC6.1"), Location: &report.Location{File: "components/data/postgres.go", Line: 65},
			},
			{
				Rule: "kubernetes-pods-non-root", Title: "Containers do not run as root", Severity: report.High,
				Level: report.Mandatory, Verdict: report.Error, Resource: urn + "portal$kubernetes:apps/v1:Deployment::backstage",
				Type: "kubernetes:apps/v1:Deployment", Message: "the rule failed: " + Hostile[1], Frameworks: frameworks("CIS EKS", "4.2.6"),
			},
			{
				Rule: "kubernetes-pods-image-digest", Title: "Images are named by digest", Severity: report.Low,
				Level: report.Advisory, Verdict: report.Undecided, Resource: urn + "portal$kubernetes:batch/v1:Job::migrate",
				Type: "kubernetes:batch/v1:Job", Path: "spec.template.spec.containers[0].image", Message: "the image is not known yet",
				Frameworks: frameworks("ISO 27001", "A.8.32"), Location: &report.Location{File: "components/portal/jobs.go"},
			},
			{
				Rule: "aws-s3-bucket-versioned", Title: "Buckets keep versions", Severity: report.Medium,
				Level: report.Advisory, Verdict: report.Deny, Resource: urn + "foundation$aws:s3/bucketV2:BucketV2::logs",
				Type: "aws:s3/bucketV2:BucketV2", Path: "versioning", Message: "versioning is off",
				Remediation: "Turn versioning on.", Frameworks: frameworks(), Waived: true, Waiver: &report.Waiver{
					Rule: "aws-s3-bucket-versioned", Resource: "aws:s3/*::logs", Environments: []string{"staging"},
					Reason: "Logs are written once", Approver: "Platform team", Ticket: "https://tickets.example.com/browse/GH-9", Expires: "2027-02-01",
				},
			},
		},
	}
	p.Summary = report.Summary{
		Rules: 5, Disabled: []string{}, Resources: 5, Deny: 1, Undecided: 1, Error: 1, Waived: 1, Failed: true,
		BySeverity: map[report.Severity]int{report.Critical: 1}, Unmatched: []string{"aws-dms-encrypted"},
	}
	return &p
}

// deployed are resources of several layers, and one of none.
func deployed() *readiness.Deployed {
	return &readiness.Deployed{
		Simulated: map[string]int{"aws:rds/instance:Instance": 1, "aws:eks/cluster:Cluster": 1},
		Resources: []readiness.Resource{
			{URN: "urn:pulumi:staging::gatehouse::pulumi:providers:aws::aws", Type: "pulumi:providers:aws", Name: "aws", ID: "6a1b"},
			{
				URN: urn + "foundation$aws:s3/bucketV2:BucketV2::logs", Type: "aws:s3/bucketV2:BucketV2", Name: "logs",
				ID: "gatehouse-staging-logs", Layer: "foundation", Protected: true,
			},
			{
				URN: urn + "data$aws:rds/instance:Instance::postgres", Type: "aws:rds/instance:Instance", Name: "postgres",
				ID: "gatehouse-staging-postgres", Layer: "data", Protected: true,
			},
			{
				URN: urn + "portal$kubernetes:apps/v1:Deployment::backstage", Type: "kubernetes:apps/v1:Deployment", Name: "backstage",
				ID: "developer-portal/backstage", Layer: "portal",
			},
			{
				URN: urn + "portal$kubernetes:batch/v1:Job::migrate", Type: "kubernetes:batch/v1:Job", Name: "migrate",
				ID: "developer-portal/migrate", Layer: "portal",
			},
		},
	}
}
