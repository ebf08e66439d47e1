package sandbox

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/internal/engine"
	"gatehouse/internal/toolbox"
	rig "gatehouse/sandbox"
	"gatehouse/test/suite"
)

// BenchmarkUpFromNothing is a whole staging into an empty sandbox that runs.
func BenchmarkUpFromNothing(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p := suite.New(b)
		if code, _, stderr := p.Run(b, "sandbox", "up"); code != 0 {
			b.Fatal(stderr)
		}
		b.StartTimer()
		up := p.Operate(b, 0, engine.Up, "staging")
		b.StopTimer()
		b.ReportMetric(float64(up.ChangeSummary["create"]), "resources")
		if code, _, stderr := p.Run(b, "sandbox", "down"); code != 0 {
			b.Fatal(stderr)
		}
		b.StartTimer()
	}
}

// BenchmarkUnchanged is what an operator waits for every day: preview and up of
// an environment that is as it should be. "judged" compares a preview
// without policies with those of both judges; processors' time, which includes that
// of the CLI, says more than time beside other work.
func BenchmarkUnchanged(b *testing.B) {
	p := suite.New(b)
	p.Operate(b, 0, engine.Up, "staging")
	for _, op := range []engine.Operation{engine.Preview, engine.Up, engine.Refresh} {
		b.Run(string(op), func(b *testing.B) {
			for b.Loop() {
				p.Operate(b, 0, op, "staging")
			}
		})
	}
	previewer := filepath.Join(b.TempDir(), "previewer")
	out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", previewer, "gatehouse/test/sandbox/previewer").CombinedOutput()
	require.NoError(b, err, string(out))
	for _, judge := range []engine.Judge{"", engine.Here, engine.Observe} {
		b.Run("judged="+string(judge), func(b *testing.B) { judgedPreview(b, p, previewer, judge) })
	}
}

// judgedPreview times previews by one judge, and tells the processors' time of
// each.
func judgedPreview(b *testing.B, p *suite.Project, previewer string, judge engine.Judge) {
	pulumi, err := toolbox.Ensure(b.Context(), p.Root, "pulumi", func(line string) { b.Log(line) })
	require.NoError(b, err)
	status := p.Status(b, "staging")
	var processors time.Duration
	for b.Loop() {
		cmd := exec.Command(previewer, "-judge", string(judge), "-stack", "staging", "-pulumi", pulumi, "-aws", status.AWS.Endpoint,
			"-kubeconfig", status.Kubernetes.Kubeconfig, "-account", rig.AccountID, "-generation", status.AWS.Generation,
			"-gatehouse", p.Command().Path)
		cmd.Dir = p.Root
		out, err := cmd.CombinedOutput()
		require.NoError(b, err, string(out))
		processors += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	b.ReportMetric(processors.Seconds()/float64(b.N), "cpu-s/op")
}

// BenchmarkSandboxUp is a sandbox from nothing to ready, with the tools built.
func BenchmarkSandboxUp(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p := suite.New(b)
		b.StartTimer()
		if code, _, stderr := p.Run(b, "sandbox", "up"); code != 0 {
			b.Fatal(stderr)
		}
		b.StopTimer()
		if code, _, stderr := p.Run(b, "sandbox", "down"); code != 0 {
			b.Fatal(stderr)
		}
		b.StartTimer()
	}
}
