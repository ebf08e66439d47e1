package sandboxtest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"

	"gatehouse/sandbox/sandboxtest"
)

// TestPoliciesOfBuckets: what is denied on a condition is not denied always, and what
// is denied without one is.
func TestPoliciesOfBuckets(t *testing.T) {
	endpoint := sandboxtest.AWS(t)
	client := s3.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("sandbox", "sandbox", ""),
	}, func(o *s3.Options) { o.UsePathStyle = true })
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("policies")})
	require.NoError(t, err)
	put := func(statement string) error {
		_, err := client.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{
			Bucket: aws.String("policies"),
			Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*","Resource":"arn:aws:s3:::policies/*"` + statement + `}]}`),
		})
		require.NoError(t, err)
		_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("policies"), Key: aws.String("a"), Body: strings.NewReader("a")})
		return err
	}
	require.NoError(t, put(`,"Condition":{"Bool":{"aws:SecureTransport":"false"}}`))
	require.Error(t, put(""))
}
