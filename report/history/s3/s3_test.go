package s3_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/report/history"
	"gatehouse/report/history/s3"
	"gatehouse/report/results/resultstest"
	"gatehouse/sandbox/sandboxtest"
)

var _ history.Store = (*s3.Store)(nil)

func open(t *testing.T, cfg aws.Config, ref string) *s3.Store {
	t.Helper()
	store, err := s3.Open(cfg, ref)
	require.NoError(t, err)
	return store
}

func TestARunIsKeptAndFound(t *testing.T) {
	cfg, client := sandboxtest.Bucket(t, "history-kept", false)
	store := open(t, cfg, "s3://history-kept/reports/readiness/")
	for i := range 3 {
		require.NoError(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start.Add(time.Duration(i)*time.Hour))))
	}
	run := resultstest.Run("production", resultstest.Start)
	require.NoError(t, store.Put(t.Context(), run))
	for _, key := range []string{"reports/readiness/staging/notes.txt", "elsewhere/staging/staging-20261122T101500Z.json.gz"} {
		_, err := client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String("history-kept"), Key: &key, Body: bytes.NewReader(nil)})
		require.NoError(t, err)
	}

	refs, err := store.List(t.Context(), "staging", resultstest.Start.Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, refs, 2)
	require.Equal(t, "staging-20261122T121500Z", refs[0].ID)
	refs, err = store.List(t.Context(), "", time.Time{})
	require.NoError(t, err)
	require.Len(t, refs, 4)
	got, err := store.Get(t.Context(), "production-20261122T101500Z")
	require.NoError(t, err)
	require.Equal(t, string(resultstest.JSON(t, run)), string(resultstest.JSON(t, got)))

	_, err = store.Get(t.Context(), "production-20261122T101501Z")
	require.ErrorIs(t, err, history.ErrNotFound)
	_, err = store.Get(t.Context(), "../production-20261122T101501Z")
	require.ErrorContains(t, err, "is no run's ID")
	_, err = store.List(t.Context(), "../x", time.Time{})
	require.ErrorContains(t, err, "is no name of an environment")

	object, err := client.GetObject(t.Context(), &awss3.GetObjectInput{
		Bucket: aws.String("history-kept"), Key: aws.String("reports/readiness/production/production-20261122T101500Z.json.gz"), ChecksumMode: types.ChecksumModeEnabled,
	})
	require.NoError(t, err)
	require.NotEmpty(t, aws.ToString(object.ChecksumSHA256))
	require.NoError(t, object.Body.Close())
}

func TestWhatIsKeptIsNeverReplaced(t *testing.T) {
	cfg, client := sandboxtest.Bucket(t, "history-exists", false)
	store := open(t, cfg, "s3://history-exists")
	run := resultstest.Run("staging", resultstest.Start)
	require.NoError(t, store.Put(t.Context(), run))
	require.NoError(t, store.Put(t.Context(), run), "once more")
	other := resultstest.Run("staging", resultstest.Start)
	other.Items[0].Found = "something else"
	require.ErrorIs(t, store.Put(t.Context(), other), history.ErrExists)
	got, err := store.Get(t.Context(), run.ID)
	require.NoError(t, err)
	require.Equal(t, run.Items[0].Found, got.Items[0].Found)

	// A damaged one is named, is not replaced, and does not hide the others.
	require.NoError(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start.Add(-time.Hour))))
	_, err = client.PutObject(t.Context(), &awss3.PutObjectInput{
		Bucket: aws.String("history-exists"), Key: aws.String("staging/" + run.ID + ".json.gz"), Body: bytes.NewReader([]byte("half")),
	})
	require.NoError(t, err)
	require.ErrorIs(t, store.Put(t.Context(), run), history.ErrExists)
	runs, problems := history.Recent(t.Context(), store, "staging", 5)
	require.Len(t, runs, 1)
	require.Len(t, problems, 1)
	require.ErrorContains(t, problems[0], `read run "staging-20261122T101500Z" of the history in s3://history-exists/`)
}

// Of many writers of one ID exactly one content stays.
func TestWritersAtOnce(t *testing.T) {
	cfg, _ := sandboxtest.Bucket(t, "history-writers", false)
	store := open(t, cfg, "s3://history-writers/p")
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			run := resultstest.Run("staging", resultstest.Start)
			run.Items[0].Found = []string{"this", "that"}[i%2]
			errs[i] = store.Put(context.Background(), run)
		})
	}
	all.Wait()
	run, err := store.Get(t.Context(), "staging-20261122T101500Z")
	require.NoError(t, err)
	kept := 0
	for i, err := range errs {
		if run.Items[0].Found == []string{"this", "that"}[i%2] && err == nil {
			kept++
		} else {
			require.ErrorIs(t, err, history.ErrExists, "writer %d", i)
		}
	}
	require.Positive(t, kept)
}

func TestAnAbsentBucketIsSaid(t *testing.T) {
	cfg, _ := sandboxtest.Bucket(t, "history-other", false)
	store := open(t, cfg, "s3://history-absent")
	require.ErrorContains(t, store.Put(t.Context(), resultstest.Run("staging", resultstest.Start)), "there is no bucket history-absent")
	_, err := store.List(t.Context(), "staging", time.Time{})
	require.ErrorContains(t, err, "there is no bucket history-absent")
	_, err = store.Get(t.Context(), "staging-20261122T101500Z")
	require.ErrorContains(t, err, "there is no bucket history-absent")
}

func TestOpenRefusesWhatIsNoBucket(t *testing.T) {
	for _, ref := range []string{"", "bucket", "https://bucket/x", "s3://", "s3:///prefix", "s3://key:secret@bucket", "s3://bucket?x=1", "s3://bu cket"} {
		_, err := s3.Open(sandboxtest.Config("http://127.0.0.1:1"), ref)
		require.ErrorContains(t, err, "open the history: ", "%q", ref)
	}
}
