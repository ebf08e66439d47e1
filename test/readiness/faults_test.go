package readiness

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/target"
	"gatehouse/report/readiness"
	"gatehouse/sandbox/sandboxtest"
)

// small is an account and a cluster in which little is.
func small(endpoint, kubeconfig string) target.Targets {
	return target.Targets{
		Environment: "small", Namespaces: []string{"developer-portal"},
		AWS: &target.AWS{
			Region: region, AccountID: "123456789012", Endpoint: endpoint, Prefix: prefix, VPC: "vpc-1", Cluster: "c", Database: "d",
			Cache: "r", Filesystem: "fs-12345678", BackupVault: "v", Repositories: []string{"a"}, Buckets: map[string]string{"audit": "b"},
		},
		Kubernetes: &target.Kubernetes{Kubeconfig: kubeconfig},
	}
}

// servers are those that all tests share, which have been asked everything once:
// the emulator loads a service when it is first asked for, in seconds.
func servers(t *testing.T) (endpoint, kubeconfig string) {
	t.Helper()
	endpoint, kubeconfig = sandboxtest.AWS(t), sandboxtest.Kubernetes(t)
	check(t, order{Targets: small(endpoint, kubeconfig), Limits: collect.Limits{Each: time.Minute, Whole: 2 * time.Minute}})
	return endpoint, kubeconfig
}

// Whatever the servers do, a run ends within its time with an answer for every
// item, says of each source what was wrong, and leaves nothing open.
func TestRunOnServersThatFail(t *testing.T) {
	if testing.Short() {
		t.Skip("needs an API server and the AWS emulator; run without -short")
	}
	endpoint, cluster := servers(t)
	const each, whole, spare = 4 * time.Second, 20 * time.Second, 5 * time.Second
	for name, c := range map[string]struct {
		aws        awstest.Rule
		kubernetes between
		order      order
		limit      time.Duration
		// The problems that a source must have, "" for none at all of the kinds
		// of a server that fails.
		awsKind, kubernetesKind string
		interrupted             bool
	}{
		"all is well": {limit: whole, order: order{Limits: collect.Limits{Each: whole, Whole: whole}}},
		"an API server that hangs": {
			kubernetes: hang, order: order{Limits: collect.Limits{Each: each, Whole: whole}}, limit: whole, kubernetesKind: "timed out",
		},
		"AWS throttles everything": {
			aws: awstest.Throttle(-1), order: order{Limits: collect.Limits{Each: 10 * time.Second, Whole: whole}}, limit: whole, awsKind: "throttled",
		},
		"AWS breaks every connection": {
			aws: awstest.Drop(), order: order{Limits: collect.Limits{Each: 10 * time.Second, Whole: whole}}, limit: whole, awsKind: "unreachable",
		},
		"both hang, and the whole run's time ends": {
			aws: awstest.Hang(), kubernetes: hang, order: order{Limits: collect.Limits{Each: time.Minute, Whole: each}},
			limit: each + spare, awsKind: "timed out", kubernetesKind: "timed out",
		},
		// 32 queries hang, the others are of the cluster or need no server.
		"cancelled in the middle": {
			aws: awstest.Hang(), kubernetes: later(10 * time.Millisecond), order: order{CancelBefore: 40, Limits: collect.Limits{Each: time.Minute, Whole: time.Minute}},
			limit: each + spare, awsKind: "cancelled", interrupted: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := awstest.Proxy(t, endpoint)
			if c.aws != nil {
				proxy.Set(t, "*", c.aws)
			}
			kubeconfig := cluster
			if c.kubernetes != nil {
				kubeconfig = front(t, cluster, c.kubernetes)
			}
			c.order.Targets = small(proxy.URL, kubeconfig)
			out := check(t, c.order)
			t.Log(out, out.problems("aws"), out.problems("kubernetes"))

			require.Less(t, out.Elapsed, c.limit)
			require.Equal(t, c.interrupted, out.Run.Interrupted)
			require.Len(t, out.Run.Items, 93, "every item is answered")
			for source, kind := range map[string]string{"aws": c.awsKind, "kubernetes": c.kubernetesKind} {
				found := out.problems(source)
				if kind != "" {
					require.NotZero(t, found[kind], "%s: %v", source, found)
					continue
				}
				for _, failing := range []string{"timed out", "throttled", "unreachable"} {
					require.Zero(t, found[failing], "%s: %v", source, found)
				}
			}
			if c.interrupted {
				require.Greater(t, out.whole("kubernetes"), 5, "what was read before is kept")
			}
			require.Empty(t, out.Leak)
			require.Equal(t, out.Before, out.After, "files are left open")
		})
	}
}

// What one source could tell counts, while the other hangs.
func TestASourceThatHangsLeavesTheOthersVerdicts(t *testing.T) {
	if testing.Short() {
		t.Skip("needs an API server and the AWS emulator; run without -short")
	}
	endpoint, cluster := servers(t)
	verdicts := func(kubeconfig string) map[string]readiness.Verdict {
		out := check(t, order{Targets: small(endpoint, kubeconfig), Limits: collect.Limits{Each: 5 * time.Second, Whole: 30 * time.Second}})
		found := map[string]readiness.Verdict{}
		for _, item := range out.Run.Items {
			for _, part := range item.Judgements {
				found[part.Checker] = part.Verdict
			}
		}
		return found
	}
	well, hanging := verdicts(cluster), verdicts(front(t, cluster, hang))
	require.NotEmpty(t, hanging)
	require.Len(t, hanging, len(well))
	lost := 0
	for checker, verdict := range hanging {
		if verdict != well[checker] {
			lost++
			require.Equal(t, readiness.Unknown, verdict, "%s was %s", checker, well[checker])
		}
	}
	require.NotZero(t, lost)
	require.Less(t, lost, len(well)/2)
}
