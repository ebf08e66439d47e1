package s3source_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate/advisory/database"
	"gatehouse/plugins/gate/advisory/database/s3source"
	"gatehouse/sandbox/sandboxtest"
)

func TestFetchFromABucket(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs moto_server")
	}
	endpoint, stop := sandboxtest.OwnAWS(t)
	cfg := sandboxtest.Config(endpoint)
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	o := database.Options{
		Source: "s3://osv/npm/all.zip", Folder: t.TempDir(), Fresh: -1,
		S3: func(ref string) (database.Remote, error) { return s3source.Open(cfg, ref) },
	}
	_, err := database.Fetch(t.Context(), o)
	require.ErrorContains(t, err, "there is no such bucket")
	_, err = client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("osv"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintUsWest2},
	})
	require.NoError(t, err)
	_, err = database.Fetch(t.Context(), o)
	require.ErrorContains(t, err, "it is not there")

	put := func(modified string) {
		var packed bytes.Buffer
		w := zip.NewWriter(&packed)
		file, err := w.Create("GHSA-1.json")
		require.NoError(t, err)
		_, err = fmt.Fprintf(file, `{"id":"GHSA-1","modified":%q,"affected":[{"package":{"ecosystem":"npm","name":"p"},"versions":["1.0.0"]}]}`, modified)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("osv"), Key: aws.String("npm/all.zip"), Body: bytes.NewReader(packed.Bytes())})
		require.NoError(t, err)
	}
	asOf := func() (time.Time, error) {
		f, err := database.Fetch(t.Context(), o)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		return f.Summary().AsOf, f.Stale
	}
	for _, day := range []int{1, 1, 2} { // the second is answered with 304
		want := time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC)
		put(want.Format(time.RFC3339))
		got, stale := asOf()
		require.NoError(t, stale)
		require.Equal(t, want, got)
		got, stale = asOf()
		require.NoError(t, stale)
		require.Equal(t, want, got)
	}
	object, err := s3source.Open(cfg, o.Source)
	require.NoError(t, err)
	_, tag, err := object.Get(t.Context(), database.Tag{})
	require.NoError(t, err)
	_, _, err = object.Get(t.Context(), tag)
	require.ErrorIs(t, err, database.ErrUnchanged)

	stop()
	_, stale := asOf()
	require.Error(t, stale)
	for _, ref := range []string{"s3://", "s3://bucket", "s3://bucket/", "https://bucket/key", "s3://u@bucket/key", "s3://bucket/key?x=1"} {
		_, err := s3source.Open(cfg, ref)
		require.ErrorContains(t, err, "want s3://BUCKET/KEY", ref)
	}
}
