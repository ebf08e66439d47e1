package infrastructure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/infrastructure"
	"gatehouse/report/readiness"
)

var now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// fix is a fact with what could not be read of it.
func fix[T any](q evidence.Query[T], value T, problems ...evidence.Problem) func(evidence.Facts) {
	return func(facts evidence.Facts) { evidence.Fix(facts, q, value, problems...) }
}

func judged(t *testing.T, id string, over judge.Thresholds, facts ...func(evidence.Facts)) readiness.Judgement {
	t.Helper()
	known := evidence.Facts{}
	for _, add := range facts {
		add(known)
	}
	return checkstest.Over(t, infrastructure.Checkers(), id, judge.Environment{Name: "test", Now: now}, thresholds.With(over), known)
}

var (
	refused     = evidence.Problem{Kind: evidence.Denied, Message: "it was refused"}
	unsupported = evidence.Problem{Kind: evidence.Unsupported, Message: "it is not known"}
)

func TestJudgesOnValues(t *testing.T) {
	cluster := func(change func(*evidence.EKSCluster)) func(evidence.Facts) {
		c := evidence.EKSCluster{Name: "c", Version: "1.35", Status: "ACTIVE", Private: true}
		change(&c)
		return fix(evidence.AWSCluster, c)
	}
	version := func(v string) func(evidence.Facts) {
		return cluster(func(c *evidence.EKSCluster) { c.Version = v })
	}
	public := func(ranges ...string) func(evidence.Facts) {
		return cluster(func(c *evidence.EKSCluster) { c.Public, c.PublicCIDRs = true, ranges })
	}
	asked := func(versions ...evidence.EKSVersion) func(evidence.Facts) {
		return fix(evidence.AWSClusterVersions, versions)
	}
	unasked := fix(evidence.AWSClusterVersions, nil, unsupported)
	vpns := func(v ...evidence.VPNEndpoint) func(evidence.Facts) { return fix(evidence.AWSVPNs, v) }
	group := func(name string, rules ...evidence.IngressRule) func(evidence.Facts) {
		return fix(evidence.AWSSecurityGroups, []evidence.SecurityGroup{{ID: "sg-1", Name: name, Ingress: rules}})
	}
	from := func(cidr, protocol string, low, high int) evidence.IngressRule {
		return evidence.IngressRule{Protocol: protocol, From: low, To: high, CIDRs: []string{cidr}}
	}
	database := func(change func(*evidence.DBInstance), problems ...evidence.Problem) func(evidence.Facts) {
		d := evidence.DBInstance{
			ID: "d", Engine: "postgres", Version: "16.9", Status: "available", Zone: "a", BackupDays: 7, Restorable: now.Add(-5 * time.Minute),
			BackupWindow: "05:00-05:30", MaintenanceWindow: "sun:02:00-sun:04:00",
		}
		change(&d)
		return fix(evidence.AWSDatabases, []evidence.DBInstance{d}, problems...)
	}
	shards := func(zones ...string) func(evidence.Facts) {
		return fix(evidence.AWSCache, evidence.CacheGroup{
			ID: "r", Status: "available", Failover: "enabled", MultiAZ: "enabled", SnapshotDays: 7, Shards: []evidence.CacheShard{{ID: "1", Zones: zones}},
		})
	}
	snapshots := func(at time.Time, problems ...evidence.Problem) func(evidence.Facts) {
		return fix(evidence.AWSDatabaseSnapshots, []evidence.DBSnapshot{{ID: "s", Status: "available", Created: at, Encrypted: true}}, problems...)
	}
	scan := func(status string, findings map[string]int) func(evidence.Facts) {
		return fix(evidence.AWSImageScans, []evidence.RegistryScan{{Repository: "r", Image: "1", Status: status, Findings: findings}})
	}
	bucket := func(b evidence.Bucket) func(evidence.Facts) { return fix(evidence.AWSBuckets, []evidence.Bucket{b}) }
	whole := evidence.LifecycleRule{ExpireDays: 365, OldExpireDays: 30}

	for name, c := range map[string]struct {
		checker string
		want    readiness.Verdict
		over    judge.Thresholds
		facts   []func(evidence.Facts)
	}{
		"1.35, from the table":                   {"eks-version-supported", readiness.Pass, nil, []func(evidence.Facts){version("1.35"), unasked}},
		"1.34 ends in ten days":                  {"eks-version-supported", readiness.Fail, nil, []func(evidence.Facts){version("1.34"), unasked}},
		"1.9 is older than 1.28":                 {"eks-version-supported", readiness.Fail, nil, []func(evidence.Facts){version("1.9"), asked()}},
		"1.36, which nobody knows":               {"eks-version-supported", readiness.Unknown, nil, []func(evidence.Facts){version("1.36"), unasked}},
		"EKS may not be asked: no table":         {"eks-version-supported", readiness.Unknown, nil, []func(evidence.Facts){version("1.35"), fix(evidence.AWSClusterVersions, nil, refused)}},
		"ended yesterday":                        {"eks-version-supported", readiness.Fail, nil, []func(evidence.Facts){version("1.35"), asked(evidence.EKSVersion{Version: "1.35", StandardSupport: now.AddDate(0, 0, -1)})}},
		"a version that is none":                 {"eks-version-supported", readiness.Unknown, nil, []func(evidence.Facts){version("latest"), unasked}},
		"the office's range":                     {"eks-endpoint-private", readiness.Pass, nil, []func(evidence.Facts){public("203.0.113.0/24"), vpns()}},
		"a range that is too wide":               {"eks-endpoint-private", readiness.Fail, nil, []func(evidence.Facts){public("203.0.0.0/8"), vpns()}},
		"IPv6 for all":                           {"eks-endpoint-private", readiness.Fail, nil, []func(evidence.Facts){public("::/0"), vpns()}},
		"public without a range":                 {"eks-endpoint-private", readiness.Fail, nil, []func(evidence.Facts){public(), vpns()}},
		"private without a way in":               {"eks-endpoint-private", readiness.Unknown, nil, []func(evidence.Facts){version("1.35"), vpns()}},
		"a VPN that is not up":                   {"eks-endpoint-private", readiness.Fail, nil, []func(evidence.Facts){version("1.35"), vpns(evidence.VPNEndpoint{ID: "v", Status: "pending-associate", Logs: true})}},
		"443 from everywhere":                    {"security-groups-from-anywhere", readiness.Pass, nil, []func(evidence.Facts){group("web", from("0.0.0.0/0", "tcp", 443, 443))}},
		"80 to 443 from everywhere":              {"security-groups-from-anywhere", readiness.Fail, nil, []func(evidence.Facts){group("web", from("0.0.0.0/0", "tcp", 80, 443))}},
		"half of the internet":                   {"security-groups-from-anywhere", readiness.Fail, nil, []func(evidence.Facts){group("db", from("128.0.0.0/1", "tcp", 5432, 5432))}},
		"IPv6 from everywhere":                   {"security-groups-from-anywhere", readiness.Fail, nil, []func(evidence.Facts){group("db", from("::/0", "-1", -1, -1))}},
		"the private networks":                   {"security-groups-from-anywhere", readiness.Pass, nil, []func(evidence.Facts){group("db", from("10.0.0.0/8", "tcp", 0, 65535))}},
		"the private networks of IPv6":           {"security-groups-from-anywhere", readiness.Pass, nil, []func(evidence.Facts){group("db", from("fc00::/7", "tcp", 0, 65535))}},
		"ICMP":                                   {"security-groups-from-anywhere", readiness.Pass, nil, []func(evidence.Facts){group("web", from("0.0.0.0/0", "icmp", 3, 4))}},
		"no groups at all":                       {"security-groups-from-anywhere", readiness.Unknown, nil, []func(evidence.Facts){fix(evidence.AWSSecurityGroups, nil)}},
		"the default group from itself":          {"security-groups-default-closed", readiness.Fail, nil, []func(evidence.Facts){group("default", evidence.IngressRule{Protocol: "-1", Groups: []string{"sg-1"}})}},
		"PostgreSQL 9.6":                         {"rds-version", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.Version = "9.6.24" })}},
		"MySQL":                                  {"rds-version", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.Engine, d.Version = "mysql", "84.1" })}},
		"a standby":                              {"rds-highly-available", readiness.Pass, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.MultiAZ = true })}},
		"alone":                                  {"rds-highly-available", readiness.Fail, nil, []func(evidence.Facts){database(func(*evidence.DBInstance) {})}},
		"alone, but replicas were not read":      {"rds-highly-available", readiness.Unknown, nil, []func(evidence.Facts){database(func(*evidence.DBInstance) {}, refused)}},
		"restorable an hour ago":                 {"rds-point-in-time", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.Restorable = now.Add(-time.Hour) })}},
		"restorable in the future":               {"rds-point-in-time", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.Restorable = now.Add(time.Hour) })}},
		"backups off":                            {"rds-point-in-time", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.BackupDays, d.Restorable = 0, time.Time{} })}},
		"no first backup yet":                    {"rds-point-in-time", readiness.Unknown, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.Restorable = time.Time{} })}},
		"an old snapshot":                        {"rds-snapshots", readiness.Fail, nil, []func(evidence.Facts){snapshots(now.AddDate(0, 0, -3))}},
		"an old snapshot, but not all were read": {"rds-snapshots", readiness.Unknown, nil, []func(evidence.Facts){snapshots(now.AddDate(0, 0, -3), refused)}},
		"a window within":                        {"rds-windows", readiness.Pass, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.MaintenanceWindow = "Sun:02:30-Sun:03:30" })}},
		"a window that ends late":                {"rds-windows", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.MaintenanceWindow = "sun:03:30-sun:04:30" })}},
		"a window over the week's end":           {"rds-windows", readiness.Pass, judge.Thresholds{"maintenanceWindow": "sat:23:00-sun:04:00"}, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.MaintenanceWindow = "sat:23:30-sun:00:30" })}},
		"a backup in the maintenance":            {"rds-windows", readiness.Fail, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.BackupWindow = "03:30-04:30" })}},
		"a window that is none":                  {"rds-windows", readiness.Unknown, nil, []func(evidence.Facts){database(func(d *evidence.DBInstance) { d.MaintenanceWindow = "" })}},
		"a replica in another zone":              {"elasticache-highly-available", readiness.Pass, nil, []func(evidence.Facts){shards("a", "b")}},
		"a replica beside its primary":           {"elasticache-highly-available", readiness.Fail, nil, []func(evidence.Facts){shards("a", "a")}},
		"a replica somewhere":                    {"elasticache-highly-available", readiness.Unknown, nil, []func(evidence.Facts){shards("a", "")}},
		"no replica":                             {"elasticache-durable", readiness.Fail, nil, []func(evidence.Facts){shards("a")}},
		"no replica, and none wanted":            {"elasticache-durable", readiness.Pass, judge.Thresholds{"replicasPerShard": 0}, []func(evidence.Facts){shards("a")}},
		"no shards":                              {"elasticache-durable", readiness.Unknown, nil, []func(evidence.Facts){fix(evidence.AWSCache, evidence.CacheGroup{ID: "r", SnapshotDays: 7})}},
		"no restore":                             {"backup-restore-tested", readiness.Fail, nil, []func(evidence.Facts){fix(evidence.AWSRestoreJobs, []evidence.RestoreJob{})}},
		"a restore that still runs":              {"backup-restore-tested", readiness.Fail, nil, []func(evidence.Facts){fix(evidence.AWSRestoreJobs, []evidence.RestoreJob{{Type: "RDS", Status: "RUNNING", Created: now}})}},
		"nobody validated, and nobody asks":      {"backup-restore-tested", readiness.Pass, judge.Thresholds{"restoreValidation": "noted", "restored": []any{"RDS"}}, []func(evidence.Facts){fix(evidence.AWSRestoreJobs, []evidence.RestoreJob{{Type: "RDS", Status: "COMPLETED", Created: now.AddDate(0, 0, -7)}})}},
		"a scan that runs":                       {"ecr-scans", readiness.Unknown, nil, []func(evidence.Facts){scan("IN_PROGRESS", nil)}},
		"never scanned":                          {"ecr-scans", readiness.Fail, nil, []func(evidence.Facts){scan("NONE", nil)}},
		"high, not critical":                     {"ecr-scans", readiness.Pass, nil, []func(evidence.Facts){scan("COMPLETE", map[string]int{"HIGH": 3})}},
		"no images":                              {"ecr-scans", readiness.Unknown, nil, []func(evidence.Facts){fix(evidence.AWSImageScans, []evidence.RegistryScan{})}},
		"logs for a year":                        {"s3-retention", readiness.Pass, nil, []func(evidence.Facts){bucket(evidence.Bucket{Purpose: "logs", Name: "b", Lifecycle: []evidence.LifecycleRule{whole}})}},
		"logs for ever":                          {"s3-retention", readiness.Fail, nil, []func(evidence.Facts){bucket(evidence.Bucket{Purpose: "logs", Name: "b", Lifecycle: []evidence.LifecycleRule{{OldExpireDays: 30}}})}},
		"a rule for a part only":                 {"s3-retention", readiness.Fail, nil, []func(evidence.Facts){bucket(evidence.Bucket{Purpose: "logs", Name: "b", Lifecycle: []evidence.LifecycleRule{{Prefix: "x/", ExpireDays: 365, OldExpireDays: 30}}})}},
		"audit records without a lock":           {"s3-retention", readiness.Fail, nil, []func(evidence.Facts){bucket(evidence.Bucket{Purpose: "audit", Name: "b", Lifecycle: []evidence.LifecycleRule{whole}})}},
	} {
		t.Run(name, func(t *testing.T) {
			j := judged(t, c.checker, c.over, c.facts...)
			require.Equal(t, c.want, j.Verdict, "%s %s", j.Found, j.Reasons)
		})
	}
}

// A version out of support says so, and what to do.
func TestAnEndedVersionSaysWhen(t *testing.T) {
	j := judged(t, "eks-version-supported", nil,
		fix(evidence.AWSCluster, evidence.EKSCluster{Name: "c", Version: "1.30"}),
		fix(evidence.AWSClusterVersions, []evidence.EKSVersion{{Version: "1.30", StandardSupport: now.AddDate(0, 0, -90)}}))
	require.Contains(t, j.Found, "ended on 2026-08-24")
	require.NotEmpty(t, j.Failures[0].Remedy)
}
