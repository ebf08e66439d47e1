package aws_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/sandboxtest"
)

// edgeAndCompliance are the queries of the edge and of compliance.
var edgeAndCompliance = []evidence.Name{
	evidence.AWSDistribution.Name(), evidence.AWSWebACL.Name(), evidence.AWSWebLog.Name(), evidence.AWSCertificates.Name(),
	evidence.AWSUptimeChecks.Name(), evidence.AWSRecords.Name(), evidence.AWSShield.Name(),
	evidence.AWSTrails.Name(), evidence.AWSDetectors.Name(), evidence.AWSFindings.Name(), evidence.AWSSecrets.Name(),
	evidence.AWSLogGroups.Name(), evidence.AWSStores.Name(), evidence.AWSStoreKeys.Name(), evidence.AWSAccount.Name(),
	evidence.AWSPasswords.Name(), evidence.AWSCredentials.Name(), evidence.AWSAccess.Name(),
}

func edgeTarget(endpoint string) target.AWS {
	return target.AWS{
		Region: "us-west-2", Endpoint: endpoint, Prefix: "gatehouse-test", Distribution: "d1.cloudfront.net",
		WebACL:   "arn:aws:wafv2:us-east-1:123456789012:global/webacl/portal/11111111-2222-3333-4444-555555555555",
		Database: "postgres", Cache: "redis", Filesystem: "fs-0123456789abcdef0", HostedZone: "Z0123456789",
		Certificate: "arn:aws:acm:us-west-2:123456789012:certificate/11111111-2222-3333-4444-555555555555",
		Buckets:     map[string]string{"backups": "gatehouse-test-backups"},
	}
}

// readEdge runs one reader of a collector of its own.
func readEdge(ctx context.Context, t *testing.T, at target.AWS, name evidence.Name) (any, []evidence.Problem) {
	t.Helper()
	c, err := aws.New(ctx, at)
	if !assert.NoError(t, err) { // not require: it may be another goroutine
		return nil, nil
	}
	defer c.Close()
	readers := c.Readers()
	i := slices.IndexFunc(readers, func(r evidence.Reader) bool { return r.Name == name })
	if !assert.GreaterOrEqual(t, i, 0, "no reader of %s", name) {
		return nil, nil
	}
	assert.NotEmpty(t, readers[i].Statement)
	assert.NotEmpty(t, readers[i].Rights)
	value, err := readers[i].Read(ctx)
	return value, evidence.Problems(err)
}

func TestEdgeAndComplianceOnBadDays(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	upstream := sandboxtest.AWS(t)
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // after the proxies have ended
	for day, c := range map[string]struct {
		rule  awstest.Rule
		kinds []evidence.Kind
	}{
		"denied":      {awstest.Deny(), []evidence.Kind{evidence.Denied}},
		"throttled":   {awstest.Throttle(-1), []evidence.Kind{evidence.Throttled}},
		"garbage":     {awstest.Garbage(), []evidence.Kind{evidence.Invalid}},
		"dropped":     {awstest.Drop(), []evidence.Kind{evidence.Invalid, evidence.Unreachable}},
		"hanging":     {awstest.Hang(), []evidence.Kind{evidence.TimedOut}},
		"unsupported": {awstest.Fail(http.StatusNotImplemented, "NotImplemented", "not here"), []evidence.Kind{evidence.Unsupported}},
	} {
		proxy := awstest.Proxy(t, upstream)
		proxy.Set(t, "*", c.rule)
		t.Run(day, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			problems := make([][]evidence.Problem, len(edgeAndCompliance))
			var all sync.WaitGroup
			for i, name := range edgeAndCompliance {
				all.Go(func() { _, problems[i] = readEdge(ctx, t, edgeTarget(proxy.URL), name) })
			}
			all.Wait()
			for i, name := range edgeAndCompliance {
				require.NotEmpty(t, problems[i], name)
				// What comes after the first had no time left.
				require.Contains(t, c.kinds, problems[i][0].Kind, "%s: %s", name, problems[i][0].Message)
			}
		})
	}
}

func TestEdgeAndComplianceCancelled(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator, which -short leaves out")
	}
	for _, name := range edgeAndCompliance {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			proxy := awstest.Proxy(t, sandboxtest.AWS(t))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			proxy.Set(t, "*", func(_ http.ResponseWriter, r *http.Request, _ awstest.Call, _ http.Handler) {
				cancel() // in the middle of the call
				<-r.Context().Done()
			})
			_, problems := readEdge(ctx, t, edgeTarget(proxy.URL), name)
			require.NotEmpty(t, problems)
			require.Equal(t, evidence.Cancelled, problems[0].Kind, problems[0].Message)
		})
	}
}

func TestWithoutTargetsNothingIsGuessed(t *testing.T) {
	c, err := aws.New(t.Context(), target.AWS{Region: "us-west-2", Endpoint: "http://127.0.0.1:1"})
	require.NoError(t, err)
	c.Close()
	for _, name := range []evidence.Name{
		evidence.AWSDistribution.Name(), evidence.AWSWebACL.Name(), evidence.AWSWebLog.Name(), evidence.AWSCertificates.Name(), evidence.AWSRecords.Name(),
	} {
		_, problems := readEdge(t.Context(), t, target.AWS{Region: "us-west-2", Endpoint: "http://127.0.0.1:1"}, name)
		require.Len(t, problems, 1, name)
		require.Equal(t, evidence.NotConfigured, problems[0].Kind, name)
		require.NotEmpty(t, problems[0].Remedy)
	}
}
