package identity

import "slices"

// backup dumps the database and the configuration into the backups bucket and
// reads them back for restore drills. It cannot delete: the bucket's lifecycle
// does.
func backup(r Resources) Workload {
	return Workload{
		Name: "backup", Namespace: "backstage", ServiceAccounts: []string{"backup"},
		Statements: slices.Concat(
			r.readBucket("Backups", r.Backups),
			r.writeBucket("Backups", r.Backups),
			statements(
				r.connectDatabase("backup"),
				allow("Snapshots", []string{"rds:DescribeDBInstances", "rds:DescribeDBSnapshots"}, r.Database, r.arn("rds", "snapshot:*")),
			),
		),
	}
}
