package infrastructure_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/aws/awstest"
)

// modify changes the primary until the test ends.
func (w *world) modify(now, back rds.ModifyDBInstanceInput) func(*testing.T) {
	return func(t *testing.T) {
		now.DBInstanceIdentifier, back.DBInstanceIdentifier = &w.target.Database, &w.target.Database
		now.ApplyImmediately, back.ApplyImmediately = aws.Bool(true), aws.Bool(true)
		change(t, w.rds.ModifyDBInstance, &now, &back)
	}
}

func (w *world) databaseScenes() []checkstest.Scene {
	old := time.Now().Add(-2 * time.Hour).UTC().Format(time.RFC3339)
	return []checkstest.Scene{
		{
			Checker: "rds-version", Break: w.answer("rds:DescribeDBInstances", awstest.Replace("16.9", "14.17")), Found: "PostgreSQL 14.17",
			Blind: w.denied("rds:*"), Why: "denied",
		},
		{
			Checker: "rds-highly-available", Break: w.answer("rds:DescribeDBInstances", awstest.Replace(zone(1), zone(0))), Found: "0 copies",
			Blind: w.hangs("rds:*"), Why: "timed out",
		},
		{
			Checker: "rds-protected", Found: "deletion protection is off",
			Break: w.modify(rds.ModifyDBInstanceInput{DeletionProtection: aws.Bool(false)}, rds.ModifyDBInstanceInput{DeletionProtection: aws.Bool(true)}),
			Blind: w.denied("rds:DescribeDBInstances"), Why: "denied",
		},
		{
			Checker: "rds-point-in-time", Break: w.answer("rds:DescribeDBInstances", restorable(old)), Found: "its newest restorable time is 2 hours ago",
			Blind: w.answer("rds:DescribeDBInstances", restorable("")), Why: "does not say",
		},
		{
			Checker: "rds-snapshots", Break: w.answer("rds:DescribeDBSnapshots", awstest.Replace("<Status>available", "<Status>failed")), Found: "no complete snapshot",
			Blind: w.denied("rds:DescribeDBSnapshots"), Why: "denied",
		},
		{
			Checker: "rds-windows", Found: "outside of",
			Break: w.modify(rds.ModifyDBInstanceInput{PreferredMaintenanceWindow: aws.String("wed:12:00-wed:13:00")}, rds.ModifyDBInstanceInput{PreferredMaintenanceWindow: aws.String("sun:02:00-sun:04:00")}),
			Blind: w.denied("rds:*"), Why: "denied",
		},
		{
			Checker: "rds-monitoring", Found: "enhanced monitoring is off",
			Break: w.answer("rds:DescribeDBInstances", awstest.Replace("<DBInstanceStatus>", "<PerformanceInsightsEnabled>true</PerformanceInsightsEnabled><DBInstanceStatus>")),
			Blind: w.denied("rds:*"), Why: "denied",
		},
	}
}

func (w *world) cacheScenes() []checkstest.Scene {
	describe := "elasticache:DescribeReplicationGroups"
	return []checkstest.Scene{
		{
			Checker: "elasticache-highly-available", Break: w.answer(describe, awstest.Replace("<AutomaticFailover>enabled", "<AutomaticFailover>disabled")), Found: "automatic failover is disabled",
			Blind: w.denied("elasticache:*"), Why: "denied",
		},
		{
			Checker: "elasticache-durable", Break: w.answer(describe, awstest.Replace(zone(1), zone(0))), Found: "all its nodes are in",
			Blind: w.hangs("elasticache:*"), Why: "timed out",
		},
		{
			Checker: "elasticache-snapshots", Found: "no complete snapshot",
			Break: func(t *testing.T) {
				_, err := w.cache.DeleteSnapshot(t.Context(), &elasticache.DeleteSnapshotInput{SnapshotName: aws.String("daily")})
				require.NoError(t, err)
				t.Cleanup(func() { w.cacheSnapshot(t) })
			},
			Blind: w.denied("elasticache:DescribeSnapshots"), Why: "denied",
		},
		{
			Checker: "elasticache-encrypted", Break: w.answer(describe, awstest.Replace("<TransitEncryptionEnabled>true", "<TransitEncryptionEnabled>false")), Found: "connections are not encrypted",
			Blind: w.denied("elasticache:*"), Why: "denied",
		},
	}
}
