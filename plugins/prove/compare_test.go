package prove_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins"
	"gatehouse/plugins/prove"
)

// proved is an answer that has exactly these plugins and the probe.
func proved(generation string, want ...plugins.Ref) prove.Loaded {
	l := prove.Loaded{Generation: generation, Started: true, Node: "22.3.0"}
	for _, ref := range append(slices.Clone(want), prove.Probe().Ref) {
		l.Plugins = append(l.Plugins, prove.Plugin{Name: ref.Name, Version: ref.Version, Role: "backend-plugin", Platform: "node"})
	}
	return l
}

func TestCompare(t *testing.T) {
	a, b := plugins.Ref{Name: "a", Version: "1.0.0"}, plugins.Ref{Name: "b", Version: "2.0.0"}
	const g = "3-00112233445566778899aabbccddeeff"
	want := []plugins.Ref{b, a}
	for name, test := range map[string]struct {
		change func(*prove.Loaded)
		kind   prove.Kind
		plugin string
		text   string
	}{
		"not started": {func(l *prove.Loaded) { l.Started = false }, prove.NotStarted, "", "has not finished its start"},
		"start failed": {
			func(l *prove.Loaded) { l.Started, l.Failure = false, "Plugin 'a' startup failed" },
			prove.StartFailed, "", "Backstage's start has failed: Plugin 'a' startup failed",
		},
		"an older generation": {
			func(l *prove.Loaded) { l.Generation = "2-ff" },
			prove.OtherGeneration, "", "the pod has generation 2-ff, not generation " + g,
		},
		"no generation": {func(l *prove.Loaded) { l.Generation = "" }, prove.OtherGeneration, "", "the pod has no generation, not"},
		"failed": {
			func(l *prove.Loaded) { l.Plugins[0].Failure = "Error: postgres://portal:hunter22@db/x" },
			prove.Failed, "b", "could not load b@2.0.0: Error: [redacted: password in a URL]db/x",
		},
		"missing":       {func(l *prove.Loaded) { l.Plugins = l.Plugins[1:] }, prove.Missing, "b", "has not found b@2.0.0"},
		"no probe":      {func(l *prove.Loaded) { l.Plugins = l.Plugins[:2] }, prove.Missing, prove.Probe().Name, "has not found"},
		"older version": {func(l *prove.Loaded) { l.Plugins[1].Version = "0.9.0" }, prove.OtherVersion, "a", "version 0.9.0 of a, not 1.0.0"},
		"older probe":   {func(l *prove.Loaded) { l.Plugins[2].Version = "0.0.1" }, prove.OtherVersion, prove.Probe().Name, "version 0.0.1"},
		"too many": {
			func(l *prove.Loaded) {
				l.Plugins = append(l.Plugins, prove.Plugin{Name: "c", Version: "1.0.0"})
			},
			prove.Unexpected, "c", "has c@1.0.0, which nobody has asked for",
		},
		"twice": {
			func(l *prove.Loaded) {
				l.Plugins = append(l.Plugins, prove.Plugin{Name: "a", Version: "1.0.1"})
			},
			prove.Twice, "a", "more than once, 1.0.1 too",
		},
		"may fail": {func(l *prove.Loaded) { l.Plugins[1].MayFail = true }, prove.Unprovable, "a", "take \"continue\" out of backend.startup"},
	} {
		t.Run(name, func(t *testing.T) {
			l := proved(g, b, a)
			require.Empty(t, prove.Compare(want, g, l))
			test.change(&l)
			found := prove.Compare(want, g, l)
			require.Len(t, found, 1)
			require.Equal(t, test.kind, found[0].Kind)
			require.Equal(t, test.plugin, found[0].Plugin)
			require.Contains(t, found[0].String(), test.text)
		})
	}
}

func TestCompareSaysAll(t *testing.T) {
	l := proved("", plugins.Ref{Name: "z", Version: "1.0.0"})
	l.Plugins[0].Failure = "broken"
	var kinds []prove.Kind
	for _, p := range prove.Compare([]plugins.Ref{{Name: "z", Version: "2.0.0"}, {Name: "y", Version: "1.0.0"}, {Name: "x", Version: "1.0.0"}}, "1-a", l) {
		kinds = append(kinds, p.Kind)
	}
	require.Equal(t, []prove.Kind{prove.OtherGeneration, prove.Failed, prove.Missing, prove.Missing, prove.OtherVersion}, kinds)
}

// Nothing but the exact set is without a problem, in whatever order it comes.
func TestCompareProvesNothingElse(t *testing.T) {
	refs := rapid.Custom(func(rt *rapid.T) plugins.Ref {
		return plugins.Ref{
			Name:    rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "name"),
			Version: rapid.SampledFrom([]string{"1.0.0", "2.0.0"}).Draw(rt, "version"),
		}
	})
	set := rapid.SliceOfNDistinct(refs, 0, 4, func(r plugins.Ref) string { return r.Name })
	rapid.Check(t, func(rt *rapid.T) {
		want, have := set.Draw(rt, "want"), set.Draw(rt, "have")
		same := len(want) == len(have)
		for _, ref := range want {
			same = same && slices.Contains(have, ref)
		}
		l := proved("1-a", have...)
		found := prove.Compare(want, "1-a", l)
		require.Equal(rt, same, len(found) == 0)
		slices.Reverse(l.Plugins)
		require.Equal(rt, found, prove.Compare(rapid.Permutation(want).Draw(rt, "another order"), "1-a", l))
	})
}
