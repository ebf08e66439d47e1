package gate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/gate"
)

func TestAGoodPluginIsAccepted(t *testing.T) {
	result := newScene(t).check()
	require.True(t, result.Accepted, "%+v", result)
	require.Equal(t, name, result.Package)
	require.Equal(t, "1.2.3", result.Version)
	var names []string
	for _, s := range result.Steps {
		names = append(names, s.Name)
		want := gate.Pass
		if s.Name == "provenance" {
			want = gate.NotApplicable
		}
		require.Equal(t, want, s.Verdict, s.Name)
		require.NotEmpty(t, s.Reason)
		require.NotEmpty(t, gate.Explain(s.Name))
	}
	require.Equal(t, gate.Names(), names)
	require.Empty(t, gate.Explain("no-such-step"))
}

func TestNothingAtAllIsUnknown(t *testing.T) {
	result := gate.Check(context.Background(), gate.Candidate{}, gate.Policy{}, gate.Sources{})
	require.False(t, result.Accepted)
	for _, s := range result.Steps {
		want := gate.Unknown
		if s.Name == "provenance" {
			want = gate.NotApplicable
		}
		require.Equal(t, want, s.Verdict, s.Name)
	}
}

func TestStoppedIsUnknown(t *testing.T) {
	s := newScene(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, s := range gate.Check(ctx, s.candidate, s.policy, s.sources).Steps {
		require.Equal(t, gate.Unknown, s.Verdict)
		require.Contains(t, s.Reason, "stopped")
	}
}
