package readiness

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect/aws/awstest"
	"gatehouse/checks/target"
	"gatehouse/internal/toolbox"
	"gatehouse/sandbox/sandboxtest"
)

// The whole checklist on 5,100 pods and 2,000 resources of AWS, and the cluster
// alone beside popeye, which reads the same objects; afar adds 80 ms to every
// call. The cluster is full before the clock starts.
func BenchmarkCheckAtScale(b *testing.B) {
	linter, err := toolbox.Ensure(b.Context(), "../..", toolbox.ClusterLint, func(line string) { b.Log(line) })
	require.NoError(b, err)
	kubeconfig, _ := sandboxtest.OwnKubernetes(b)
	endpoint, _ := sandboxtest.OwnAWS(b)
	account := fillAccount(b, endpoint)
	fillCluster(b, kubeconfig)
	portal := []string{"developer-portal", "backstage"}
	cluster := target.Targets{Environment: "large", Namespaces: portal, Kubernetes: &target.Kubernetes{Kubeconfig: kubeconfig}}
	whole := cluster
	whole.AWS = account
	b.Run("whole", func(b *testing.B) { measure(b, whole) })
	proxy := awstest.Proxy(b, endpoint)
	proxy.Set(b, "*", awstest.Delay(afar))
	distant, through := whole, *account
	through.Endpoint = proxy.URL
	distant.AWS, distant.Kubernetes = &through, &target.Kubernetes{Kubeconfig: front(b, kubeconfig, later(afar))}
	b.Run("whole/afar", func(b *testing.B) { measure(b, distant) })
	b.Run("cluster/gatehouse", func(b *testing.B) { measure(b, cluster) })
	b.Run("cluster/popeye", func(b *testing.B) { lint(b, linter, kubeconfig) })
}

// patience is how long popeye is given: on this cluster it takes more memory the
// longer it runs, 14 GB after three minutes.
const patience = 20 * time.Second

// lint runs popeye once, and tells when it was not done.
func lint(b *testing.B, linter, kubeconfig string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, linter, "--kubeconfig", kubeconfig, "-A", "--force-exit-zero", "-o", "json")
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		b.Logf("popeye was not done after %s, in which it had %s of processors", patience, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	} else {
		require.NoError(b, err, string(out[:min(len(out), 2000)]))
	}
	b.ReportMetric(time.Since(began).Seconds(), "s/run")
	b.ReportMetric((cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), "cpu-s")
}

// measure runs a check as often as asked and tells of the worst.
func measure(b *testing.B, at target.Targets) {
	b.Helper()
	check(b, order{Targets: at}) // the emulator loads a service when it is first asked for
	var worst outcome
	for b.Loop() {
		if out := check(b, order{Targets: at}); out.Elapsed > worst.Elapsed {
			worst = out
		}
	}
	for _, source := range []string{"kubernetes", "aws"} {
		name, took := worst.slowest(source)
		b.Logf("%s: the longest query is %s with %s; problems %v", source, name, took.Round(time.Millisecond), worst.problems(source))
	}
	b.Log(worst)
	b.ReportMetric(worst.Elapsed.Seconds(), "s/run")
	b.ReportMetric(worst.Busy.Seconds(), "cpu-s")
	b.ReportMetric(float64(worst.Peak)/(1<<20), "MB")
}
