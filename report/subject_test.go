package report_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
)

func TestSubject(t *testing.T) {
	for resource, want := range map[string]string{
		"urn:pulumi:staging::gatehouse::aws:s3/bucketV2:BucketV2::audit":                   "aws:s3/bucketV2:BucketV2::audit",
		"urn:pulumi:staging::gatehouse::gatehouse:data:Postgres$aws:rds/x:X::a::b":         "aws:rds/x:X::a::b",
		"kubernetes:apps/v1:Deployment::portal/backstage":                                  "kubernetes:apps/v1:Deployment::portal/backstage",
		"urn:pulumi:staging::gatehouse::a:b:C$d:e:F$kubernetes:core/v1:Secret::portal/key": "kubernetes:core/v1:Secret::portal/key",
		"waivers.yaml": "waivers.yaml",
	} {
		require.Equal(t, want, report.Finding{Resource: resource}.Subject(), resource)
	}
}
