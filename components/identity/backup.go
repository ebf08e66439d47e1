package identity

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/iampolicy"
)

// backup dumps the databases and the configuration into the backups bucket,
// reads them back for restore drills and recoveries, and makes snapshots of the
// instance. It cannot delete objects: the bucket's lifecycle does. PostgreSQL's
// passwords reach it through the cluster, not through IAM.
func backup(r Resources) Workload {
	return Workload{
		Name: "backup", Namespace: "backstage", ServiceAccounts: []string{"backup", "recovery"},
		Statements: slices.Concat(
			r.readBucket("Backups", r.Backups),
			r.writeBucket("Backups", r.Backups),
			r.snapshots(),
		),
	}
}

// The tag of the keeper's own snapshots, and how their names go on after the
// instance's (keeper/backup.Tag and Snapshots).
const (
	keeperTag      = "gatehouse:keeper"
	keeperTagValue = "base-backup"
	keeperInfix    = "-keeper-"
)

// snapshots allows to make snapshots of this instance under the keeper's names
// and with its tag, and to delete those alone. AWS Backup's and a person's stay.
func (r Resources) snapshots() []iampolicy.Statement {
	ours := r.Database.ToStringOutput().ApplyT(func(arn string) string {
		return strings.Replace(arn, ":db:", ":snapshot:", 1) + keeperInfix + "*"
	}).(pulumi.StringOutput)
	tagged := func(s iampolicy.Statement, variable string) iampolicy.Statement {
		s.Conditions = []iampolicy.Condition{iampolicy.Is(variable+"/"+keeperTag, keeperTagValue)}
		return s
	}
	return statements(
		allow("SnapshotsRead", []string{"rds:DescribeDBSnapshots", "rds:ListTagsForResource"}, r.Database, r.arn("rds", "snapshot:*")),
		// RDS asks for this on the instance and on the snapshot to be.
		allow("SnapshotsOf", []string{"rds:CreateDBSnapshot"}, r.Database),
		tagged(allow("SnapshotsMake", []string{"rds:AddTagsToResource", "rds:CreateDBSnapshot"}, ours), "aws:RequestTag"),
		tagged(allow("SnapshotsExpire", []string{"rds:DeleteDBSnapshot"}, ours), "aws:ResourceTag"),
	)
}
