package aws_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"gatehouse/checks/collect/aws"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
	"gatehouse/sandbox/sandboxtest"
)

const longEnough = 30 * time.Second

// at is a target whose resources do not matter.
func at(endpoint string) target.AWS {
	return target.AWS{
		Region: "us-west-2", Endpoint: endpoint, Cluster: "c", VPC: "vpc-1", Database: "d", Cache: "r", Filesystem: "fs-12345678",
		BackupVault: "v", Repositories: []string{"a"}, Buckets: map[string]string{"logs": "b"},
	}
}

// read runs one reader of a collector of its own.
func read[T any](ctx context.Context, t *testing.T, to target.AWS, q evidence.Query[T]) (T, []evidence.Problem) {
	t.Helper()
	c, err := aws.New(ctx, to)
	require.NoError(t, err)
	defer c.Close()
	for _, r := range c.Readers() {
		if r.Name == q.Name() {
			require.NotEmpty(t, r.Statement)
			require.NotEmpty(t, r.Rights)
			value, err := r.Read(ctx)
			typed, _ := value.(T)
			return typed, evidence.Problems(err)
		}
	}
	require.FailNow(t, "no reader", q.Name())
	panic("not reached")
}

// silent is a server that answers every call as a rule does, without an emulator.
func silent(t *testing.T, rule awstest.Rule) string {
	t.Helper()
	proxy := awstest.Proxy(t, "http://127.0.0.1:1")
	proxy.Set(t, "*", rule)
	return proxy.URL
}

func TestEveryBadAnswerIsItsOwnProblem(t *testing.T) {
	for name, c := range map[string]struct {
		rule awstest.Rule
		kind evidence.Kind
	}{
		"denied":          {awstest.Deny(), evidence.Denied},
		"throttled":       {awstest.Throttle(-1), evidence.Throttled},
		"hangs":           {awstest.Hang(), evidence.TimedOut},
		"garbage":         {awstest.Garbage(), evidence.Invalid},
		"dropped":         {awstest.Drop(), evidence.Unreachable},
		"unknown action":  {awstest.Fail(http.StatusBadRequest, "UnknownOperationException", "no such operation"), evidence.Unsupported},
		"not implemented": {awstest.Fail(http.StatusNotImplemented, "NotImplemented", "later"), evidence.Unsupported},
		"another error":   {awstest.Fail(http.StatusBadRequest, "ValidationException", "wrong"), evidence.Failed},
		"expired":         {awstest.Fail(http.StatusForbidden, "ExpiredTokenException", "too old"), evidence.Denied},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := silent(t, c.rule)
			for _, ask := range []func(context.Context) []evidence.Problem{
				func(ctx context.Context) []evidence.Problem {
					_, p := read(ctx, t, at(endpoint), evidence.AWSCluster)
					return p
				},
				func(ctx context.Context) []evidence.Problem {
					_, p := read(ctx, t, at(endpoint), evidence.AWSFlowLogs)
					return p
				},
				func(ctx context.Context) []evidence.Problem {
					_, p := read(ctx, t, at(endpoint), evidence.AWSDatabases)
					return p
				},
				func(ctx context.Context) []evidence.Problem {
					_, p := read(ctx, t, at(endpoint), evidence.AWSBuckets)
					return p
				},
				func(ctx context.Context) []evidence.Problem {
					_, p := read(ctx, t, at(endpoint), evidence.AWSRepositories)
					return p
				},
			} {
				limit := longEnough
				if c.kind == evidence.TimedOut {
					limit = 200 * time.Millisecond
				}
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				problems := ask(ctx)
				cancel()
				require.NotEmpty(t, problems)
				require.Equal(t, c.kind, problems[0].Kind, problems[0].Message)
				require.Contains(t, problems[0].Message, "us-west-2")
			}
		})
	}
}

func TestThrottledWhenTimeRunsOutBetweenTries(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	_, problems := read(ctx, t, at(silent(t, awstest.Throttle(-1))), evidence.AWSDatabases)
	require.Equal(t, evidence.Throttled, problems[0].Kind, problems[0].Message)
}

func TestAFewThrottledCallsAreTriedAgain(t *testing.T) {
	proxy := awstest.Proxy(t, "http://127.0.0.1:1")
	proxy.Set(t, "eks:DescribeClusterVersions", awstest.JSON(map[string]any{"clusterVersions": []any{}}))
	throttle := awstest.Throttle(2)
	proxy.Set(t, "eks:DescribeClusterVersions", func(w http.ResponseWriter, r *http.Request, c awstest.Call, _ http.Handler) {
		throttle(w, r, c, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			awstest.JSON(map[string]any{"clusterVersions": []any{map[string]any{"clusterVersion": "1.35"}}})(w, r, c, nil)
		}))
	})
	versions, problems := read(t.Context(), t, at(proxy.URL), evidence.AWSClusterVersions)
	require.Empty(t, problems)
	require.Len(t, versions, 1)
	require.Equal(t, 3, proxy.Calls("eks:DescribeClusterVersions"))
}

func TestCancelledInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	endpoint := silent(t, func(_ http.ResponseWriter, r *http.Request, _ awstest.Call, _ http.Handler) {
		cancel()
		<-r.Context().Done()
	})
	_, problems := read(ctx, t, at(endpoint), evidence.AWSCluster)
	require.Equal(t, evidence.Cancelled, problems[0].Kind)
}

func TestNobodyListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	endpoint := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	_, problems := read(t.Context(), t, at(endpoint), evidence.AWSCluster)
	require.Equal(t, evidence.Unreachable, problems[0].Kind, problems[0].Message)
}

func TestWhatTheTargetsDoNotNameIsNotConfigured(t *testing.T) {
	c, err := aws.New(t.Context(), target.AWS{Region: "us-west-2", Endpoint: "http://127.0.0.1:1"})
	require.NoError(t, err)
	defer c.Close()
	want := map[evidence.Name]bool{
		evidence.AWSCluster.Name(): true, evidence.AWSNodeGroups.Name(): true, evidence.AWSNetwork.Name(): true, evidence.AWSFlowLogs.Name(): true,
		evidence.AWSSecurityGroups.Name(): true, evidence.AWSVPNs.Name(): true, evidence.AWSDatabases.Name(): true, evidence.AWSDatabaseSnapshots.Name(): true,
		evidence.AWSCache.Name(): true, evidence.AWSCacheSnapshots.Name(): true, evidence.AWSFileSystem.Name(): true, evidence.AWSRepositories.Name(): true,
		evidence.AWSImageScans.Name(): true, evidence.AWSBackupPlans.Name(): true, evidence.AWSBackupVault.Name(): true, evidence.AWSRecoveryPoints.Name(): true,
		evidence.AWSBuckets.Name(): true,
	}
	for _, r := range c.Readers() {
		if !want[r.Name] {
			continue
		}
		delete(want, r.Name)
		_, err := r.Read(t.Context())
		require.Equal(t, evidence.NotConfigured, evidence.Problems(err)[0].Kind, r.Name)
	}
	require.Empty(t, want)
}

func TestOnlyLoopbackIsAnEndpoint(t *testing.T) {
	for _, endpoint := range []string{"http://10.0.0.1:5000", "http://emulator.example.com", "http://localhost:5000", "::"} {
		_, err := aws.New(t.Context(), target.AWS{Region: "us-west-2", Endpoint: endpoint})
		require.Error(t, err, endpoint)
	}
	_, err := aws.New(t.Context(), target.AWS{})
	require.ErrorContains(t, err, "no region")
}

// The SDK's endless pager would ask for ever.
func TestAListingThatDoesNotEnd(t *testing.T) {
	endpoint := silent(t, awstest.JSON(map[string]any{"clusterVersions": []any{map[string]any{"clusterVersion": "1.35"}}, "nextToken": "more"}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	versions, problems := read(ctx, t, at(endpoint), evidence.AWSClusterVersions)
	require.NotEmpty(t, versions, "what was read is kept")
	require.Contains(t, []evidence.Kind{evidence.TimedOut, evidence.Invalid}, problems[0].Kind)
}

func TestNothingIsLeftBehind(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("all readers", func(t *testing.T) {
		endpoint := silent(t, awstest.Deny())
		c, err := aws.New(t.Context(), at(endpoint))
		require.NoError(t, err)
		for _, r := range c.Readers() {
			_, _ = r.Read(t.Context())
		}
		c.Close()
	})
	require.NoError(t, goleak.Find(before))
}

func TestIdentity(t *testing.T) {
	if testing.Short() {
		t.Skip("needs the AWS emulator; run without -short")
	}
	c, err := aws.New(t.Context(), target.AWS{Region: "us-west-2", Endpoint: sandboxtest.AWS(t)})
	require.NoError(t, err)
	defer c.Close()
	who, err := c.Identity(t.Context())
	require.NoError(t, err)
	require.Contains(t, who, "arn:aws:")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Identity(ctx)
	var p evidence.Problem
	require.True(t, errors.As(err, &p))
	require.Equal(t, evidence.Cancelled, p.Kind)
}
