package render_test

import (
	"time"

	"gatehouse/report"
	"gatehouse/report/render"
)

var now = time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)

func options() render.Options { return render.Options{Now: now} }

func urn(token, name string) string {
	return "urn:pulumi:staging::gatehouse::gatehouse:stack:Layer$" + token + "::" + name
}

var encrypted = report.Rule{
	ID: "aws-rds-storage-encrypted", Title: "RDS storage is encrypted", Severity: report.High, Level: report.Mandatory,
	Description: "Storage that is not encrypted gives every row to whoever gets hold of a snapshot.",
	Remediation: "Set storageEncrypted; an existing instance must be restored from an encrypted copy of a snapshot:\n" +
		"  rds.InstanceArgs{StorageEncrypted: pulumi.Bool(true), KmsKeyId: key.Arn}\n",
	Frameworks:    []report.Framework{{Name: "CIS AWS", Requirement: "2.2.1"}, {Name: "NIST 800-53", Requirement: "SC-28"}},
	ResourceTypes: []string{"aws:rds/instance:Instance"},
	URL:           "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
}

func found(rule report.Rule, resource, path, message string, at *report.Location) report.Finding {
	return report.Finding{
		Rule: rule.ID, Title: rule.Title, Severity: rule.Severity, Level: rule.Level, Verdict: report.Deny,
		Resource: resource, Path: path, Message: message, Remediation: rule.Remediation, Frameworks: rule.Frameworks, Location: at,
	}
}

// example is a run with something of everything.
func example() report.Result {
	open := report.Rule{
		ID: "aws-ec2-no-open-ssh", Title: "SSH is not open to the internet", Severity: report.Critical, Level: report.Mandatory,
		Description: "Whoever scans the internet tries passwords and known flaws on it within minutes.",
		Remediation: "Let in only the addresses of the VPN, or use Session Manager:\n  ec2.SecurityGroupIngressArgs{\n  \tFromPort:   pulumi.Int(22),\n  \tCidrBlocks: pulumi.StringArray{vpn.Cidr},\n  }\n\nA rule of its own is judged too.",
	}
	tags := report.Rule{
		ID: "aws-tags", Title: "Resources carry the tags that costs are shared by", Severity: report.Low, Level: report.Advisory,
		Description: "Nobody pays for what nobody owns.", Remediation: "Set the tag.",
	}
	multi := report.Rule{ID: "aws-rds-multi-az", Title: "Databases survive the loss of a zone", Severity: report.Medium, Level: report.Advisory, Description: "Zones fail.", Remediation: "Set multiAz."}
	policy := report.Rule{ID: "aws-iam-no-wildcard-action", Title: "IAM policies name the actions that they allow", Severity: report.High, Level: report.Mandatory, Description: "A role that may do everything is a master key.", Remediation: "Name the actions."}
	graph := report.Rule{ID: "graph-default-deny", Title: "Every namespace with workloads denies traffic by default", Severity: report.Medium, Level: report.Mandatory}
	ssh := found(open, urn("aws:ec2/securityGroup:SecurityGroup", "bastion"), "ingress[0].cidrBlocks[1]", "port 22 is open to ::/0", &report.Location{File: "stacks/network.go", Line: 118})
	ssh6 := found(open, ssh.Resource, "ingress[0].cidrBlocks[0]", "port 22 is open to 0.0.0.0/0", ssh.Location)
	plain := found(encrypted, urn("aws:rds/instance:Instance", "portal-db"), "storageEncrypted", "storage is not encrypted", &report.Location{File: "stacks/data.go", Line: 41})
	plain.Diff = "- storageEncrypted: false\n+ storageEncrypted: true"
	cost := found(tags, urn("aws:s3/bucketV2:BucketV2", "a-bucket-with-a-name-that-is-longer-than-most-of-the-others"), "tags", "the tag owner is missing", &report.Location{File: "components/bucket/bucket.go", Line: 77})
	cost.Diff = "+ tags.owner: platform"
	unknown := found(policy, urn("aws:iam/policy:Policy", "keeper"), "policy", "the value is not known yet", nil)
	unknown.Verdict = report.Undecided
	unknown2 := unknown
	unknown2.Resource = urn("aws:iam/policy:Policy", "backup")
	waived := found(multi, urn("aws:rds/instance:Instance", "portal-db"), "multiAz", "it runs in one zone", plain.Location)
	waived.Waived, waived.Waiver = true, &report.Waiver{
		Rule: multi.ID, Resource: "aws:rds/instance:Instance::portal-*", Environments: []string{"staging"},
		Reason: "staging may be gone for an hour", Approver: "alice", Ticket: "PLAT-12", Expires: "2027-02-01",
	}
	broken := found(graph, "kubernetes:core/v1:Namespace::portal", "", "eval_conflict_error: two values for one key", nil)
	broken.Verdict = report.Error
	r := report.Result{
		Environment: "staging", Source: "preview of staging",
		Findings: []report.Finding{ssh, ssh6, plain, cost, unknown, unknown2, waived, broken},
		Summary: report.Summary{
			Rules: 131, Resources: 319, Disabled: []string{"aws-cloudfront-geo"},
			Unmatched: []string{"kubernetes-rbac-no-wildcards", "aws-dynamodb-pitr", "aws-lambda-dead-letter", "aws-opensearch-encrypted"},
		},
		Rules: []report.Rule{open, policy, multi, encrypted, tags, graph, {ID: "aws-s3-versioned", Title: "Buckets keep versions", Severity: report.Medium, Level: report.Advisory}, {ID: "aws-dynamodb-pitr", Title: "Tables can be restored", Severity: report.Medium, Level: report.Advisory}},
	}
	r.Finish(report.High)
	return r
}
