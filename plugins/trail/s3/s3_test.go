package s3_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
	"gatehouse/plugins/trail/s3"
	"gatehouse/sandbox/sandboxtest"
)

func open(t *testing.T, cfg aws.Config, ref string, retention s3.Retention) *s3.Log {
	t.Helper()
	log, err := s3.Open(cfg, ref, retention, time.Now)
	require.NoError(t, err)
	return log
}

func event(n int) trail.Record {
	return trail.Record{
		Time: time.Date(2026, 11, 22, 10, n, 0, 0, time.UTC), Actor: "alice", Action: trail.Install, Reason: fmt.Sprintf("change %d", n),
		Plugin: &plugins.Ref{Name: "@backstage/plugin-catalog", Version: "1.15.0"}, Outcome: trail.Succeeded,
	}
}

func fill(t *testing.T, log *s3.Log, n int) (head trail.Head) {
	t.Helper()
	for i := range n {
		r, err := trail.Append(t.Context(), log, event(i), head)
		require.NoError(t, err)
		head = r.Head()
	}
	return head
}

func load(t *testing.T, log *s3.Log) ([]trail.Record, []trail.Problem) {
	t.Helper()
	records, problems, err := trail.Load(t.Context(), log)
	require.NoError(t, err)
	return records, problems
}

func TestAppendToABucket(t *testing.T) {
	cfg, client := sandboxtest.Bucket(t, "trail-plain", false)
	log := open(t, cfg, "s3://trail-plain/plugins/audit/", s3.Retention{})
	_, err := client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String("trail-plain"), Key: aws.String("elsewhere/x"), Body: bytes.NewReader(nil)})
	require.NoError(t, err)
	head := fill(t, log, 3)
	records, problems := load(t, log)
	require.Empty(t, problems)
	require.Len(t, records, 3)
	require.Empty(t, trail.Verify(records, head))
	require.ErrorIs(t, log.Create(t.Context(), 3, []byte("x")), trail.ErrExists)

	// Here nothing is locked: what is written over, removed or strange is found.
	put := func(key, content string) {
		_, err := client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String("trail-plain"), Key: &key, Body: bytes.NewReader([]byte(content))})
		require.NoError(t, err)
	}
	put("plugins/audit/0000000000000000002.json", "half")
	put("plugins/audit/notes.txt", "")
	records, problems = load(t, log)
	require.Len(t, problems, 2)
	require.Equal(t, trail.Foreign, problems[0].Kind)
	require.Equal(t, trail.Unreadable, problems[1].Kind)
	require.Equal(t, trail.Removed, trail.Verify(records, head)[0].Kind)
	_, err = client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("trail-plain"), Key: aws.String("plugins/audit/0000000000000000003.json")})
	require.NoError(t, err)
	_, err = trail.Append(t.Context(), log, event(9), head)
	require.ErrorContains(t, err, "append to the audit trail in s3://trail-plain/plugins/audit: 0000000000000000002.json, the last record")
}

func TestManyWritersNeverFork(t *testing.T) {
	cfg, _ := sandboxtest.Bucket(t, "trail-writers", false)
	log := open(t, cfg, "s3://trail-writers", s3.Retention{})
	errs := make([]error, 4)
	var all sync.WaitGroup
	for w := range errs {
		all.Go(func() {
			r := event(w)
			_, errs[w] = trail.Append(context.Background(), log, r)
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	records, problems := load(t, log)
	require.Empty(t, problems)
	require.Len(t, records, 4)
	require.Empty(t, trail.Verify(records))
}

// With Object Lock what somebody "deletes" or writes over stays, and is shown.
func TestALockedBucketKeepsWhatWasWritten(t *testing.T) {
	cfg, client := sandboxtest.Bucket(t, "trail-locked", true)
	log := open(t, cfg, "s3://trail-locked/p", s3.Retention{Mode: types.ObjectLockModeCompliance, Period: 48 * time.Hour})
	head := fill(t, log, 3)
	key := func(n int) *string {
		return aws.String("p/" + trail.Place{Sequence: int64(n)}.Name())
	}
	object, err := client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String("trail-locked"), Key: key(2)})
	require.NoError(t, err)
	require.Equal(t, types.ObjectLockModeCompliance, object.ObjectLockMode)
	require.WithinDuration(t, time.Now().Add(48*time.Hour), aws.ToTime(object.ObjectLockRetainUntilDate), time.Hour)

	_, err = client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("trail-locked"), Key: key(2), VersionId: object.VersionId})
	require.Error(t, err, "the version is locked")
	_, err = client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("trail-locked"), Key: key(3)})
	require.NoError(t, err, "a marker only")
	_, err = client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String("trail-locked"), Key: key(1), Body: bytes.NewReader([]byte("forged"))})
	require.NoError(t, err, "a version more")

	records, problems := load(t, log)
	require.Equal(t, []trail.Problem{
		{Kind: trail.Replaced, Sequence: 1, Detail: "record 1 was written over 1 times; its first version counts"},
		{Kind: trail.Removed, Sequence: 3, Detail: "record 3 was deleted; its version is still there and counts"},
	}, problems)
	require.Empty(t, trail.Verify(records, head), "what was written is all there")
	next, err := trail.Append(t.Context(), log, event(4), head)
	require.NoError(t, err)
	require.Equal(t, int64(4), next.Sequence)
}

// Where nothing is locked, all versions of a record can go; the marker stays.
func TestWhatIsDeletedWithAllItsVersionsIsSaid(t *testing.T) {
	cfg, client := sandboxtest.Bucket(t, "trail-versions", false)
	_, err := client.PutBucketVersioning(t.Context(), &awss3.PutBucketVersioningInput{
		Bucket: aws.String("trail-versions"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	require.NoError(t, err)
	log := open(t, cfg, "s3://trail-versions", s3.Retention{})
	head := fill(t, log, 2)
	last := aws.String(trail.Place{Sequence: 2}.Name())
	object, err := client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String("trail-versions"), Key: last})
	require.NoError(t, err)
	for _, version := range []*string{nil, object.VersionId} {
		_, err = client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("trail-versions"), Key: last, VersionId: version})
		require.NoError(t, err)
	}
	records, problems := load(t, log)
	require.Equal(t, []trail.Problem{{Kind: trail.Removed, Sequence: 2, Detail: "record 2 was deleted with all its versions"}}, problems)
	require.Equal(t, trail.Truncated, trail.Verify(records, head)[0].Kind)
	_, err = trail.Append(t.Context(), log, event(3), head)
	require.ErrorContains(t, err, "records were removed")
}

func TestABucketWithoutLockIsSaid(t *testing.T) {
	cfg, _ := sandboxtest.Bucket(t, "trail-unlocked", false)
	log := open(t, cfg, "s3://trail-unlocked", s3.Retention{Mode: types.ObjectLockModeGovernance, Period: 48 * time.Hour})
	_, err := trail.Append(t.Context(), log, event(0))
	require.ErrorContains(t, err, "has no Object Lock")
	log = open(t, cfg, "s3://trail-absent", s3.Retention{})
	_, err = trail.Append(t.Context(), log, event(0))
	require.ErrorContains(t, err, "there is no bucket trail-absent")
}

func TestOpenRefusesWhatIsNoBucket(t *testing.T) {
	for _, ref := range []string{"", "bucket", "https://bucket/x", "s3://", "s3:///prefix", "s3://key:secret@bucket", "s3://bucket?x=1", "s3://bu cket"} {
		_, err := s3.Open(sandboxtest.Config("http://127.0.0.1:1"), ref, s3.Retention{}, time.Now)
		require.ErrorContains(t, err, "open the audit trail: ", "%q", ref)
	}
	for _, retention := range []s3.Retention{{Mode: "FOREVER", Period: 48 * time.Hour}, {Mode: types.ObjectLockModeCompliance}, {Period: 48 * time.Hour}} {
		_, err := s3.Open(sandboxtest.Config("http://127.0.0.1:1"), "s3://bucket", retention, time.Now)
		require.ErrorContains(t, err, "open the audit trail: ")
	}
}
