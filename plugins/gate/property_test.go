package gate_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins"
	"gatehouse/plugins/gate"
	"gatehouse/plugins/gate/advisory"
	"gatehouse/plugins/npm"
	"gatehouse/plugins/tarball"
)

// spoils are ways to make a plugin worse, removals ways to see less of it.
var (
	spoils = map[string]func(*scene){
		"deprecated":  func(s *scene) { s.registry(func(m *npm.Manifest) { m.Deprecated = "x" }) },
		"unsigned":    func(s *scene) { s.registry(func(m *npm.Manifest) { m.Dist.Signatures = nil }) },
		"promised":    func(s *scene) { s.registry(func(m *npm.Manifest) { m.Dist.Integrity = other }) },
		"configured":  func(s *scene) { s.candidate.Integrity = other },
		"licence":     func(s *scene) { s.policy.Licences.Allow = []string{"ISC"} },
		"vulnerable":  func(s *scene) { s.add("GHSA-x.json", "CRITICAL") },
		"host":        func(s *scene) { s.host(func(h *gate.Host) { clear(h.Packages); h.Packages["x"] = "1.0.0" }) },
		"size":        func(s *scene) { s.policy.Limits.Files = 1 },
		"provenance":  func(s *scene) { s.policy.Provenance.Required = true },
		"unattested":  func(s *scene) { s.sources.Provenance = gate.Missing[gate.Provenance](npm.ErrNoAttestations) },
		"empty store": func(s *scene) { clear(s.advisory) },
		"nothing":     func(*scene) {},
	}
	removals = map[string]func(*scene){
		"manifest":   func(s *scene) { s.candidate.Manifest = gate.Missing[npm.Manifest](errDisk) },
		"tarball":    func(s *scene) { s.candidate.Tarball = gate.Missing[tarball.Listing](errDisk) },
		"integrity":  func(s *scene) { s.candidate.Integrity = plugins.Integrity{} },
		"keys":       func(s *scene) { s.sources.Keys = gate.Missing[[]npm.Key](errDisk) },
		"provenance": func(s *scene) { s.sources.Provenance = gate.Missing[gate.Provenance](errDisk) },
		"advisories": func(s *scene) { s.sources.Advisories = gate.Missing[advisory.Source](errDisk) },
		"host":       func(s *scene) { s.sources.Host = gate.Missing[gate.Host](errDisk) },
	}
	ids = []string{"deprecated", "unsigned", "evidence", "stale", "host", "keys", "left-pad@1.3.0", "GHSA-x", "files", "dependencies", "unattested", "express"}
)

// TestAcceptedMeansEveryStepLetsIt: whatever is spoilt, seen or accepted.
func TestAcceptedMeansEveryStepLetsIt(t *testing.T) {
	compiled := schema(t)
	accepted := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := newScene(t)
		draw(rt, s, spoils, "spoils")
		for _, id := range rapid.SliceOf(rapid.SampledFrom(ids)).Draw(rt, "ids") {
			s.accept(rapid.SampledFrom(gate.Names()).Draw(rt, "step"), id)
		}
		before := s.check()
		require.NoError(rt, holds(t, compiled, before))
		require.Equal(rt, gate.Names(), stepNames(before))
		require.Equal(rt, !slices.ContainsFunc(before.Steps, func(s gate.Step) bool {
			return s.Verdict == gate.Refuse || s.Verdict == gate.Unknown
		}), before.Accepted)

		// Seeing less lets nothing through that was kept out before.
		draw(rt, s, removals, "removals")
		after := s.check()
		if !before.Accepted {
			require.False(rt, after.Accepted, "%+v\n%+v", before, after)
		}
		for i, step := range after.Steps {
			if !before.Steps[i].Verdict.Lets() {
				require.False(rt, step.Verdict.Lets(), "%+v\n%+v", before.Steps[i], step)
			}
		}
		if before.Accepted {
			accepted++
		}
	})
	require.Positive(t, accepted, "no case was accepted: the property says nothing")
}

func draw(rt *rapid.T, s *scene, from map[string]func(*scene), label string) {
	for _, name := range rapid.SliceOfN(rapid.SampledFrom(slices.Sorted(maps.Keys(from))), 0, 3).Draw(rt, label) {
		from[name](s)
	}
}

func stepNames(r gate.Result) (names []string) {
	for _, s := range r.Steps {
		names = append(names, s.Name)
	}
	return names
}
