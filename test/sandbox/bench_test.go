package sandbox

import (
	"testing"

	"gatehouse/internal/engine"
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
// an environment that is as it should be.
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
