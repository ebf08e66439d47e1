package engine

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
)

const subnetURN = "urn:pulumi:staging::gatehouse::gatehouse:layer:network$gatehouse:aws:Network$aws:ec2/subnet:Subnet::gatehouse-staging-network-data-a"

func finished(m apitype.StepEventMetadata) events.EngineEvent {
	return events.EngineEvent{EngineEvent: apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: m}}}
}

func state(inputs map[string]any) *apitype.StepEventStateMetadata {
	return &apitype.StepEventStateMetadata{Inputs: inputs}
}

func TestRecordCountsByLayerAndType(t *testing.T) {
	var steps []Step
	r := newRecord(func(s Step) { steps = append(steps, s) })
	r.take(finished(apitype.StepEventMetadata{Op: apitype.OpCreate, URN: subnetURN, Type: "aws:ec2/subnet:Subnet"}))
	// Once more, as after a refresh that ran first.
	r.take(finished(apitype.StepEventMetadata{Op: apitype.OpSame, URN: subnetURN, Type: "aws:ec2/subnet:Subnet"}))
	r.take(finished(apitype.StepEventMetadata{Op: apitype.OpSame, URN: "urn:pulumi:staging::gatehouse::pulumi:pulumi:Stack::gatehouse-staging", Type: "pulumi:pulumi:Stack"}))
	r.take(events.EngineEvent{EngineEvent: apitype.EngineEvent{SummaryEvent: &apitype.SummaryEvent{ResourceChanges: map[apitype.OpType]int{apitype.OpCreate: 1, apitype.OpSame: 1}}}})

	got := r.result(func(token string) bool { return token == "aws:ec2/subnet:Subnet" })
	require.Equal(t, map[string]int{"network": 1}, got.Layers)
	require.Equal(t, map[string]int{"aws:ec2/subnet:Subnet": 1}, got.Simulated)
	require.Equal(t, map[string]int{"create": 1, "same": 1}, got.ChangeSummary)
	require.Equal(t, []Change{{URN: subnetURN, Type: "aws:ec2/subnet:Subnet", Name: "gatehouse-staging-network-data-a", Operation: "create"}}, got.Changes)
	require.Equal(t, Step{Layer: "network", Type: "aws:ec2/subnet:Subnet", Name: "gatehouse-staging-network-data-a", Operation: "create"}, steps[0])
}

func TestRefreshNamesTheDriftedProperties(t *testing.T) {
	same := map[string]any{"size": 1, "tags": map[string]any{"a": "b"}, "__defaults": []any{"x"}}
	for name, c := range map[string]struct {
		old, new   *apitype.StepEventStateMetadata
		operation  string
		properties []string
	}{
		"same, but for bookkeeping": {state(same), state(map[string]any{"size": 1.0, "tags": map[string]any{"a": "b"}}), "same", nil},
		"changed":                   {state(same), state(map[string]any{"size": 2, "tags": map[string]any{"a": "c"}}), "update", []string{"size", "tags.a"}},
		"removed":                   {state(same), state(map[string]any{"size": 1, "tags": map[string]any{}}), "update", []string{"tags.a"}},
		"gone":                      {state(same), nil, "delete", nil},
		"become secret": {state(map[string]any{"login": map[string]any{"type": "iam"}}), state(map[string]any{"login": map[string]any{
			resource.SigKey: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAAA",
		}}), "update", []string{"login"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecord(nil)
			r.take(finished(apitype.StepEventMetadata{Op: apitype.OpRefresh, URN: subnetURN, Old: c.old, New: c.new}))
			changes := r.result(func(string) bool { return false }).Changes
			if c.operation == "same" {
				require.Empty(t, changes)
				return
			}
			require.Len(t, changes, 1)
			require.Equal(t, c.operation, changes[0].Operation)
			require.Equal(t, c.properties, changes[0].Properties)
		})
	}
}

func TestReplacementIsOneChange(t *testing.T) {
	r := newRecord(nil)
	for _, op := range []apitype.OpType{apitype.OpCreateReplacement, apitype.OpReplace, apitype.OpDeleteReplaced} {
		r.take(finished(apitype.StepEventMetadata{Op: op, URN: subnetURN, Type: "aws:ec2/subnet:Subnet"}))
	}
	got := r.result(func(string) bool { return false })
	require.Len(t, got.Changes, 1)
	require.Equal(t, "replace", got.Changes[0].Operation)
	require.Equal(t, 1, got.Layers["network"])
}

func TestFailureNamesTheResource(t *testing.T) {
	r := newRecord(nil)
	diagnostic := events.EngineEvent{EngineEvent: apitype.EngineEvent{DiagnosticEvent: &apitype.DiagnosticEvent{
		URN: subnetURN, Severity: "error", Message: "<{%reset%}>create subnet: the emulator answered 500<{%reset%}>\n",
	}}}
	r.take(diagnostic)
	r.take(diagnostic)
	err := r.explain(Up, "staging", errors.New("exit status 255"))
	require.EqualError(t, err, "up staging failed:\ngatehouse-staging-network-data-a (aws:ec2/subnet:Subnet): create subnet: the emulator answered 500")

	err = newRecord(nil).explain(Up, "staging", errors.New("failed to run update: exit status 255\ncode: 255\nstdout: lots\n\nstderr: error: no such thing\n"))
	require.EqualError(t, err, "up staging: no such thing")
}

func TestTargetsReachUpToTheLayer(t *testing.T) {
	all, err := targets("staging", "")
	require.NoError(t, err)
	require.Empty(t, all)

	some, err := targets("staging", "network")
	require.NoError(t, err)
	require.Equal(t, []string{
		"urn:pulumi:staging::gatehouse::gatehouse:layer:foundation**",
		"urn:pulumi:staging::gatehouse::gatehouse:layer:network**",
	}, some)

	_, err = targets("staging", "netwrok")
	require.ErrorContains(t, err, `unknown layer "netwrok": the layers are foundation, network`)
}
