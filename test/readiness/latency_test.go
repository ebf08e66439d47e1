package readiness

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/aws/awstest"
)

// afar is what every call takes longer than here.
const afar = 80 * time.Millisecond

// With 80 ms more on every call, the whole run takes no more than twice the
// longest chain of calls that wait for each other: the rest goes beside it.
func TestLatency(t *testing.T) {
	if testing.Short() {
		t.Skip("needs an API server and the AWS emulator; run without -short")
	}
	endpoint, cluster := servers(t)
	proxy, kubeconfig := awstest.Proxy(t, endpoint), front(t, cluster, later(afar))
	proxy.Set(t, "*", awstest.Delay(afar))
	out := check(t, order{Targets: small(proxy.URL, kubeconfig), Limits: collect.Limits{Each: time.Minute, Whole: 2 * time.Minute}})
	var longest time.Duration
	for _, source := range []string{"aws", "kubernetes"} {
		name, took := out.slowest(source)
		t.Logf("%s: %s takes %s", source, name, took.Round(time.Millisecond))
		longest = max(longest, took)
	}
	t.Log(out)
	require.Less(t, out.Elapsed, 2*longest)
}
