package sandboxtest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/require"
)

// Config reaches an emulator, or what stands before it, in us-west-2, with the key
// "secret", which must be in no message. Nothing is tried twice.
func Config(endpoint string) aws.Config {
	return aws.Config{
		Region: "us-west-2", BaseEndpoint: &endpoint, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	}
}

// Bucket makes a bucket on the emulator of [AWS], with Object Lock or without, and a
// client to look into it. Short tests are skipped.
func Bucket(t testing.TB, name string, locked bool) (aws.Config, *s3.Client) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs moto_server")
	}
	config := Config(AWS(t))
	client := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, ObjectLockEnabledForBucket: &locked,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraintUsWest2},
	})
	require.NoError(t, err)
	return config, client
}

// RefusingS3 is the endpoint of a bucket that answers every call with an error.
func RefusingS3(t testing.TB, status int, code string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<Error><Code>" + code + "</Code><Message>no</Message></Error>"))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// Silent is the endpoint of a service that answers nothing; asked tells of each call.
func Silent(t testing.TB) (endpoint string, asked <-chan struct{}) {
	t.Helper()
	calls, done := make(chan struct{}, 8), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls <- struct{}{}
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(done) })
	return server.URL, calls
}
