package keepertest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"

	"gatehouse/keeper/archive"
	"gatehouse/sandbox/sandboxtest"
)

// KeyARN is the key of the tests' buckets; the emulator takes any.
const KeyARN = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"

// S3 is a client of the S3 API at endpoint that does not wait long between
// attempts.
func S3(endpoint string) *s3.Client {
	return s3.New(s3.Options{
		Region: "us-west-2", BaseEndpoint: &endpoint, UsePathStyle: true, RetryMaxAttempts: 2,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		// A proxy of the environment must not be asked for a loopback address.
		HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	})
}

// Bucket makes a bucket that is the test's own in the emulator, and returns its
// archive. It skips the test in short mode.
func Bucket(t testing.TB) (*archive.Archive, *s3.Client) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs the AWS emulator; run make test")
	}
	client := S3(sandboxtest.AWS(t))
	name := "b" + strings.ToLower(strings.NewReplacer("/", "-", "_", "-").Replace(t.Name()))
	name = name[:min(len(name), 60)]
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    &name,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintUsWest2},
	})
	require.NoError(t, err)
	return archive.New(client, name, KeyARN), client
}

// Keys are the keys of all objects in a bucket; uploads that were not
// completed count too, with "unfinished " before the key.
func Keys(t testing.TB, client *s3.Client, bucket string) []string {
	t.Helper()
	list, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &bucket})
	require.NoError(t, err)
	keys := []string{}
	for _, object := range list.Contents {
		keys = append(keys, aws.ToString(object.Key))
	}
	uploads, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &bucket})
	require.NoError(t, err)
	for _, upload := range uploads.Uploads {
		keys = append(keys, "unfinished "+aws.ToString(upload.Key))
	}
	return keys
}

// Overwrite puts other content in the place of an object, as damage would.
func Overwrite(t testing.TB, client *s3.Client, bucket, key string, change func([]byte) []byte) {
	t.Helper()
	got, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	require.NoError(t, err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	_, err = client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: bytes.NewReader(change(text)),
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: aws.String(KeyARN),
	})
	require.NoError(t, err)
}
