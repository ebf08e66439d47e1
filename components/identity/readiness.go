package identity

import (
	"gatehouse/components/iampolicy"
)

// ReportsPrefix is where the readiness checks keep their runs in the bucket of
// reports.
const ReportsPrefix = "readiness"

// readinessRights are what the collectors of the readiness checks ask
// (checks/evidence): they only read, and nothing of what stores hold. AWS lets
// most of them be narrowed by no resource, and the checks look for what is not
// ours as well: a public bucket, a key that nobody rotates.
var readinessRights = []string{
	"acm:DescribeCertificate",
	"backup:DescribeBackupVault", "backup:GetBackupPlan", "backup:ListBackupPlans", "backup:ListRecoveryPointsByBackupVault", "backup:ListRestoreJobs",
	"cloudfront:GetDistribution", "cloudfront:ListDistributions",
	"cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus",
	"ec2:DescribeClientVpnEndpoints", "ec2:DescribeFlowLogs", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets",
	"ecr:DescribeImageScanFindings", "ecr:DescribeImages", "ecr:DescribeRepositories",
	"eks:DescribeAccessEntry", "eks:DescribeCluster", "eks:DescribeClusterVersions", "eks:DescribeNodegroup",
	"eks:ListAccessEntries", "eks:ListAssociatedAccessPolicies", "eks:ListNodegroups",
	"elasticache:DescribeReplicationGroups", "elasticache:DescribeSnapshots", "elasticache:ListTagsForResource",
	"elasticfilesystem:DescribeBackupPolicy", "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets",
	"guardduty:GetDetector", "guardduty:GetFindings", "guardduty:ListDetectors", "guardduty:ListFindings",
	"iam:GenerateCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:GetAccountPasswordPolicy", "iam:GetAccountSummary", "iam:GetCredentialReport",
	"kms:DescribeKey", "kms:GetKeyRotationStatus",
	"logs:DescribeLogGroups",
	"rds:DescribeDBInstances", "rds:DescribeDBSnapshots",
	"route53:GetHealthCheckStatus", "route53:ListHealthChecks", "route53:ListResourceRecordSets",
	"s3:GetBucketObjectLockConfiguration", "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning",
	"s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
	"secretsmanager:ListSecrets",
	"shield:DescribeSubscription", "shield:ListProtections",
	"sts:GetCallerIdentity",
	"wafv2:GetLoggingConfiguration", "wafv2:GetWebACL", "wafv2:ListResourcesForWebACL",
}

// readiness reads the account, and keeps its runs under one prefix. It can
// delete none of them: the bucket's lifecycle does.
func readiness(r Resources) Workload {
	list := allow("ReportsList", []string{"s3:ListBucket"}, r.Reports)
	list.Conditions = []iampolicy.Condition{iampolicy.When("StringLike", "s3:prefix", ReportsPrefix+"/*")}
	return Workload{
		Name: "readiness", Namespace: "monitoring", ServiceAccounts: []string{"readiness"},
		Statements: statements(
			allow("Read", readinessRights, anywhere),
			list,
			allow("Reports", []string{"s3:GetObject", "s3:PutObject"}, under(r.Reports, "/"+ReportsPrefix+"/*")),
			r.throughService("ReportsKey", "s3", r.ReportsKey, "kms:Decrypt", "kms:GenerateDataKey"),
		),
	}
}
