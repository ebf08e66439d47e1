package state_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/state"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

func gather(ctx context.Context, t *testing.T, checkpoint string) evidence.Facts {
	c, err := state.New(ctx, target.State{Checkpoint: []byte(checkpoint)})
	require.NoError(t, err)
	defer c.Close()
	plan := collect.Plan{Readers: c.Readers(), Now: time.Now}
	for _, r := range c.Readers() {
		plan.Needs = append(plan.Needs, r.Name)
	}
	facts, _ := collect.Gather(ctx, plan, collect.Limits{})
	return facts
}

// export writes a state with Pulumi's own types.
func export(t *testing.T, deployment apitype.DeploymentV3) string {
	inner, err := json.Marshal(deployment)
	require.NoError(t, err)
	text, err := json.Marshal(apitype.UntypedDeployment{Version: 3, Deployment: inner})
	require.NoError(t, err)
	return string(text)
}

func custom(kind, name string, change func(r *apitype.ResourceV3)) apitype.ResourceV3 {
	var r apitype.ResourceV3
	text := fmt.Sprintf(`{"urn":"urn:pulumi:staging::gatehouse::gatehouse:layer:data$%[1]s::%[2]s","custom":true,"id":"i","type":"%[1]s"}`, kind, name)
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		panic(err)
	}
	change(&r)
	return r
}

var updated = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

func TestWhatPulumiWrites(t *testing.T) {
	entry := map[string]any{"clusterName": "c", "principalArn": "arn:aws:iam::1:role/a", "type": "STANDARD", "kubernetesGroups": []any{"g"}}
	policy := map[string]any{
		"clusterName": "c", "principalArn": "arn:aws:iam::1:role/a", "policyArn": "arn:view",
		"accessScope": map[string]any{"type": "namespace", "namespaces": []any{"x", "y"}},
	}
	secret := map[string]any{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "AAAA"}
	text := export(t, apitype.DeploymentV3{
		Manifest: apitype.ManifestV1{Time: updated, Version: "v3.258.0"},
		Resources: []apitype.ResourceV3{
			custom("aws:eks/addon:Addon", "vpc-cni", func(r *apitype.ResourceV3) {
				r.Inputs = map[string]any{"clusterName": "c", "addonName": "vpc-cni", "configurationValues": `{"enableNetworkPolicy":true}`}
				r.Outputs = map[string]any{"addonVersion": "v1.20.1"}
			}),
			custom("aws:eks/addon:Addon", "hidden", func(r *apitype.ResourceV3) {
				r.Inputs = map[string]any{"clusterName": "c", "addonName": "other", "configurationValues": secret}
			}),
			custom("aws:eks/accessEntry:AccessEntry", "a", func(r *apitype.ResourceV3) { r.Inputs = entry }),
			custom("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "a", func(r *apitype.ResourceV3) { r.Inputs = policy }),
			custom("aws:s3/bucketV2:BucketV2", "a::b", func(r *apitype.ResourceV3) {
				r.Protect = true
				r.Inputs, r.Outputs = map[string]any{"tags": map[string]any{"Name": "a", "hidden": secret}}, map[string]any{"tagsAll": map[string]any{"team": "t"}}
			}),
			custom("aws:s3/bucketV2:BucketV2", "old", func(r *apitype.ResourceV3) { r.Delete = true }),
			custom("aws:s3/bucketV2:BucketV2", "another's", func(r *apitype.ResourceV3) { r.External = true }),
			custom("aws:rds/instance:Instance", "half", func(r *apitype.ResourceV3) { r.InitErrors = []string{"timed out"} }),
			custom("aws:rds/instance:Instance", "replica", func(r *apitype.ResourceV3) { r.Inputs = map[string]any{"replicateSourceDb": "half"} }),
		},
		PendingOperations: []apitype.OperationV2{{Type: apitype.OperationTypeCreating, Resource: custom("a:b:C", "n", func(*apitype.ResourceV3) {})}},
	})
	facts := gather(t.Context(), t, text)
	summary := evidence.Get(facts, evidence.StateSummaries)
	require.Empty(t, summary.Problems)
	require.Equal(t, "staging", summary.Value.Stack)
	require.Equal(t, updated, summary.Value.Updated)
	require.Equal(t, 1, summary.Value.Resources["aws:s3/bucketV2:BucketV2"])
	require.Len(t, summary.Value.Doomed, 1)
	require.Len(t, summary.Value.Tainted, 1)
	require.Equal(t, "creating", summary.Value.Pending[0].Operation)
	require.Equal(t, []evidence.StateAddOn{
		{Cluster: "c", Name: "vpc-cni", Version: "v1.20.1", NetworkPolicy: "true"}, {Cluster: "c", Name: "other"},
	}, evidence.Get(facts, evidence.StateAddOns).Value)
	require.Equal(t, []evidence.StateAccess{{
		Cluster: "c", Principal: "arn:aws:iam::1:role/a", Type: "STANDARD", Groups: []string{"g"}, Policies: []string{"arn:view in x,y"},
	}}, evidence.Get(facts, evidence.StateAccesses).Value)
	require.Equal(t, []evidence.StateStore{
		{Type: "aws:s3/bucketV2:BucketV2", Name: "a::b", Tags: map[string]string{"Name": "a", "team": "t"}, Protected: true},
		{Type: "aws:rds/instance:Instance", Name: "half", Tags: map[string]string{}},
		{Type: "aws:rds/instance:Instance", Name: "replica", Tags: map[string]string{}, ReplicaOf: "half"},
	}, evidence.Get(facts, evidence.StateStores).Value)
}

func TestStatesThatAreNone(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want evidence.Kind
	}{
		"nothing":         {"", evidence.NotConfigured},
		"garbage":         {"<html>", evidence.Invalid},
		"another JSON":    {`{"version":3}`, evidence.Invalid},
		"no manifest":     {`{"version":3,"deployment":{"resources":[]}}`, evidence.Invalid},
		"no deployment":   {`{"version":3,"deployment":null}`, evidence.Invalid},
		"an old format":   {`{"version":1,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z"}}}`, evidence.Invalid},
		"breaks off":      {`{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z"},"resources":[{"urn":"u"`, evidence.Invalid},
		"no list":         {`{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z"},"resources":{}}}`, evidence.Invalid},
		"another type":    {`{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z"},"resources":[{"urn":5}]}}`, evidence.Invalid},
		"null is no list": {`{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z"},"resources":null}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for query, answer := range gather(t.Context(), t, test.text) {
				if test.want == "" {
					require.Empty(t, answer.Problems, query)
					continue
				}
				require.Equal(t, test.want, answer.Problems[0].Kind, "%s: %s", query, answer.Problems[0].Message)
			}
		})
	}
}

func TestACancelledReadingIsNotKept(t *testing.T) {
	var text bytes.Buffer
	fmt.Fprintf(&text, `{"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z"},"resources":[{"urn":"urn:pulumi:s::p::t::n","type":"t"}%s]}}`,
		strings.Repeat(`,{"urn":"urn:pulumi:s::p::t::n","type":"t"}`, 1000))
	c, err := state.New(t.Context(), target.State{Checkpoint: text.Bytes()})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	read := c.Readers()[0].Read
	_, err = read(ctx)
	require.Equal(t, evidence.Cancelled, evidence.Problems(err)[0].Kind)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			value, err := read(t.Context())
			if err != nil || value.(evidence.StateSummary).Resources["t"] != 1001 {
				t.Errorf("read %v, %v", value, err)
			}
		})
	}
	group.Wait()
}
