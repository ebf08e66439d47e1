package backup_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/stretchr/testify/require"

	"gatehouse/keeper/backup"
	"gatehouse/keeper/keepertest"
	"gatehouse/sandbox/sandboxtest"
)

func instance(t *testing.T, name string, encrypted bool) *rds.Client {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs the AWS emulator; run make test")
	}
	client := rds.New(rds.Options{
		Region: "us-west-2", BaseEndpoint: aws.String(sandboxtest.AWS(t)),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
	_, err := client.CreateDBInstance(t.Context(), &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: &name, DBInstanceClass: aws.String("db.t4g.medium"), Engine: aws.String("postgres"),
		AllocatedStorage: aws.Int32(20), StorageEncrypted: &encrypted, MasterUsername: aws.String("admin"), MasterUserPassword: aws.String("password"),
	})
	require.NoError(t, err)
	return client
}

func snapshots(t *testing.T, client *rds.Client, instance string, now time.Time) backup.Snapshots {
	return backup.Snapshots{
		Client: client, Instance: instance, KeepDays: 35, Poll: 10 * time.Millisecond, Now: func() time.Time { return now }, Log: keepertest.Log(t),
	}
}

func TestSnapshotsAreTakenAndExpire(t *testing.T) {
	client := instance(t, "db", true)
	// By hand, by the keeper without its tag, and another instance's.
	instance(t, "db2", true)
	for name, of := range map[string]string{"by-hand": "db", "db-keeper-untagged": "db"} {
		_, err := client.CreateDBSnapshot(t.Context(), &rds.CreateDBSnapshotInput{DBInstanceIdentifier: &of, DBSnapshotIdentifier: &name})
		require.NoError(t, err)
	}
	_, err := snapshots(t, client, "db2", time.Now()).Take(t.Context())
	require.NoError(t, err)

	first, err := snapshots(t, client, "db", time.Now()).Take(t.Context())
	require.NoError(t, err)
	require.True(t, first.Encrypted)
	require.EqualValues(t, 20, first.GiB)
	require.Empty(t, first.Deleted)

	// The emulator's snapshots are all of today; to the second run they are old.
	second, err := snapshots(t, client, "db", time.Now().AddDate(0, 0, 36)).Take(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{first.Snapshot}, second.Deleted, "only ours, and never the newest")

	left, err := client.DescribeDBSnapshots(t.Context(), &rds.DescribeDBSnapshotsInput{SnapshotType: aws.String("manual")})
	require.NoError(t, err)
	var names []string
	for _, snapshot := range left.DBSnapshots {
		names = append(names, aws.ToString(snapshot.DBSnapshotIdentifier))
	}
	require.Len(t, names, 4)
	require.Contains(t, names, second.Snapshot)
	tags, err := client.ListTagsForResource(t.Context(), &rds.ListTagsForResourceInput{
		ResourceName: aws.String("arn:aws:rds:us-west-2:123456789012:snapshot:" + second.Snapshot),
	})
	require.NoError(t, err)
	require.Equal(t, []types.Tag{{Key: aws.String(backup.Tag), Value: aws.String(backup.TagValue)}}, tags.TagList)
}

func TestSnapshotsThatAreNoBackup(t *testing.T) {
	client := instance(t, "plain", false)
	_, err := snapshots(t, client, "plain", time.Now()).Take(t.Context())
	require.ErrorContains(t, err, "it is not encrypted")

	_, err = snapshots(t, client, "missing", time.Now()).Take(t.Context())
	require.ErrorContains(t, err, "make snapshot missing-keeper-")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = snapshots(t, client, "plain", time.Now()).Take(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
