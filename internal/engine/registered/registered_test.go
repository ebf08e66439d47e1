package registered

import (
	"testing"

	"github.com/opentracing/opentracing-go/log"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

const (
	database = "urn:pulumi:staging::p::aws:rds/instance:Instance::db"
	key      = "urn:pulumi:staging::p::aws:kms/key:Key::key"
	found    = "urn:pulumi:staging::p::aws:ec2/vpc:Vpc::found"
	aws      = "urn:pulumi:staging::p::pulumi:providers:aws::default_6_83_0"
	part     = "urn:pulumi:staging::p::ours:Part::part"
)

var (
	blindedSecret = map[string]any{sig.Key: sig.Secret, "ciphertext": blinded}
	computed      = resource.MakeComputed(resource.NewProperty(""))
)

func word(s string) resource.PropertyValue { return resource.NewProperty(s) }

func sent(t *testing.T, properties resource.PropertyMap) *structpb.Struct {
	t.Helper()
	made, err := plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
	require.NoError(t, err)
	return made
}

// say makes r hear a call as the SDK's interceptor tells it.
func say(r *Reader, request, answer any) {
	s := tracer{calls: r.calls}.StartSpan("call")
	s.LogFields(log.Object("gRPC request", request))
	s.LogFields(log.Object("gRPC response", answer))
	s.Finish()
}

func event(op apitype.OpType, state *apitype.StepEventStateMetadata) events.EngineEvent {
	urn := ""
	if state != nil {
		urn = state.URN
	}
	return events.EngineEvent{EngineEvent: apitype.EngineEvent{ResourcePreEvent: &apitype.ResourcePreEvent{
		Metadata: apitype.StepEventMetadata{Op: op, URN: urn, New: state},
	}}}
}

func TestResources(t *testing.T) {
	r := NewReader()
	say(r, &pulumirpc.RegisterResourceRequest{
		Object: sent(t, resource.PropertyMap{
			"password": resource.MakeSecret(word("hunter22")), "kmsKeyId": computed,
			"users": resource.NewProperty([]resource.PropertyValue{resource.MakeSecret(word("ada"))}),
		}),
		Dependencies: []string{key},
		PropertyDependencies: map[string]*pulumirpc.RegisterResourceRequest_PropertyDependencies{
			"kmsKeyId": {Urns: []string{key}}, "password": {},
		},
	}, &pulumirpc.RegisterResourceResponse{Urn: database, Object: sent(t, resource.PropertyMap{
		"arn": word("arn:db"), "password": resource.MakeSecret(word("hunter22")), "groups": computed, "users": computed,
	})})
	say(r, &pulumirpc.ReadResourceRequest{Dependencies: []string{key}},
		&pulumirpc.ReadResourceResponse{Urn: found, Properties: sent(t, resource.PropertyMap{"cidrBlock": word("10.0.0.0/16")})})
	say(r, &pulumirpc.RegisterResourceRequest{}, &pulumirpc.RegisterResourceResponse{Urn: part})
	say(r, &pulumirpc.RegisterResourceOutputsRequest{Urn: part, Outputs: sent(t, resource.PropertyMap{"url": word("https://x")})}, nil)

	instance := &apitype.StepEventStateMetadata{
		URN: database, Type: "aws:rds/instance:Instance", Custom: true, Protect: true, Parent: part,
		Provider: "urn:pulumi:staging::p::pulumi:providers:aws::default::1234",
		Outputs:  map[string]any{"arn": "arn:db", "password": blindedSecret, "groups": []any{"sg-1", plugin.UnknownStringValue}, "users": []any{blindedSecret}},
		Inputs:   map[string]any{"password": blindedSecret, "kmsKeyId": plugin.UnknownStringValue, "multiAz": false, "__defaults": []any{"multiAz"}},
	}
	r.Take(event(apitype.OpSame, &apitype.StepEventStateMetadata{URN: part, Type: "ours:Part"}))
	r.Take(events.EngineEvent{EngineEvent: apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: apitype.StepEventMetadata{
		Op: apitype.OpSame, URN: part, New: &apitype.StepEventStateMetadata{URN: part, Type: "ours:Part", Outputs: map[string]any{"url": "https://x"}},
	}}}})
	r.Take(event(apitype.OpUpdate, instance))
	r.Take(event(apitype.OpRefresh, &apitype.StepEventStateMetadata{URN: database, Inputs: map[string]any{"multiAz": true}}))
	r.Take(event(apitype.OpRefresh, &apitype.StepEventStateMetadata{URN: "urn:pulumi:staging::p::a:b:C::gone"}))
	r.Take(event(apitype.OpDelete, nil))
	r.Take(event(apitype.OpDeleteReplaced, &apitype.StepEventStateMetadata{URN: database, Delete: true}))
	r.Take(event(apitype.OpRead, &apitype.StepEventStateMetadata{URN: found, Type: "aws:ec2/vpc:Vpc", Custom: true, Outputs: map[string]any{"cidrBlock": "10.0.0.0/16"}}))
	r.Take(events.EngineEvent{})

	made, read, err := r.Resources(true)
	require.NoError(t, err)
	require.Len(t, made, 2)
	db := made[0]
	require.Equal(t, resource.PropertyMap{
		"password": resource.MakeSecret(word("hunter22")), "kmsKeyId": computed, "multiAz": resource.NewProperty(false),
	}, db.Properties)
	require.Equal(t, resource.PropertyMap{
		"arn": word("arn:db"), "password": resource.MakeSecret(word("hunter22")),
		"groups": resource.NewProperty([]resource.PropertyValue{word("sg-1"), computed}),
		"users":  resource.NewProperty([]resource.PropertyValue{resource.MakeSecret(word("ada"))}),
	}, db.Outputs, "also of what is unknown in part")
	require.Equal(t, "db", db.Name)
	require.Equal(t, "aws:rds/instance:Instance", db.Type)
	require.True(t, db.Custom)
	require.True(t, db.Protect)
	require.Equal(t, part, db.Parent)
	require.Equal(t, "urn:pulumi:staging::p::pulumi:providers:aws::default", db.Provider)
	require.Equal(t, []string{key}, db.Dependencies)
	require.Equal(t, []string{key}, db.PropertyDependencies["kmsKeyId"])
	require.Equal(t, resource.PropertyMap{"url": word("https://x")}, made[1].Outputs, "what a component says at its end")

	require.Len(t, read, 1)
	require.Equal(t, resource.PropertyMap{"cidrBlock": word("10.0.0.0/16")}, read[0].Properties)
}

// A preview whose program was not heard is not held to be without a fault.
func TestAProgramThatWasNotHeard(t *testing.T) {
	r := NewReader()
	made, read, err := r.Resources(false)
	require.NoError(t, err, "nothing was planned")
	require.Empty(t, append(made, read...))
	r.Take(event(apitype.OpSame, &apitype.StepEventStateMetadata{URN: part}))
	_, _, err = r.Resources(false)
	require.ErrorContains(t, err, "unset PULUMI_TRACING_NO_PAYLOADS")
}

// Of a complete preview, who is told of by one side alone is not held to be without
// a fault either.
func TestHalfOfAResource(t *testing.T) {
	register := func(r *Reader, urn string) {
		say(r, &pulumirpc.RegisterResourceRequest{}, &pulumirpc.RegisterResourceResponse{Urn: urn})
	}
	for name, c := range map[string]struct {
		heard, planned []string
		wrong          string
	}{
		"both":         {[]string{part, key}, []string{part, key}, ""},
		"no event":     {[]string{part, key}, []string{part}, "tells nothing of " + key + "; run it again"},
		"not heard":    {[]string{part}, []string{part, key}, "tells nothing of " + key + "; judge it by"},
		"the engine's": {[]string{part}, []string{part, aws}, ""},
	} {
		r := NewReader()
		for _, urn := range c.heard {
			register(r, urn)
		}
		for _, urn := range c.planned {
			r.Take(event(apitype.OpCreate, &apitype.StepEventStateMetadata{URN: urn, Type: string(resource.URN(urn).Type())}))
		}
		_, _, err := r.Resources(false)
		require.NoError(t, err, name)
		_, _, err = r.Resources(true)
		if c.wrong == "" {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorContains(t, err, c.wrong, name)
	}
}

func TestMerge(t *testing.T) {
	hidden := resource.MakeSecret(computed)
	secretText := resource.MakeSecret(word("hunter22"))
	for name, c := range map[string]struct {
		shown      any
		sent, want resource.PropertyValue
	}{
		"the provider's default":                {"gp3", resource.NewNullProperty(), word("gp3")},
		"changed by the provider":               {"10.0.0.0/16", word("10.0.0.1/16"), word("10.0.0.0/16")},
		"a number":                              {7.0, resource.NewProperty(7.0), resource.NewProperty(7.0)},
		"nothing":                               {nil, resource.NewNullProperty(), resource.NewNullProperty()},
		"unknown":                               {plugin.UnknownNumberValue, computed, computed},
		"a secret":                              {blindedSecret, secretText, secretText},
		"made secret by the provider":           {blindedSecret, word("hunter22"), secretText},
		"a secret that nobody sent":             {blindedSecret, resource.NewNullProperty(), hidden},
		"an unknown secret":                     {blindedSecret, hidden, hidden},
		"a text with a configuration's secret":  {"to [secret]", word("to hunter22"), word("to hunter22")},
		"a default with a secret of that kind":  {"to [secret]", resource.NewNullProperty(), hidden},
		"no secret any more":                    {"hunter22", secretText, word("hunter22")},
		"an asset":                              {map[string]any{sig.Key: sig.AssetSig, "hash": "1"}, word("as it is"), word("as it is")},
		"a list in a secret that is none below": {[]any{"a", blindedSecret}, resource.MakeSecret(resource.NewProperty([]resource.PropertyValue{word("a"), word("b")})), resource.NewProperty([]resource.PropertyValue{word("a"), resource.MakeSecret(word("b"))})},
		"a longer list": {
			[]any{map[string]any{"name": "a", "value": blindedSecret}, map[string]any{"name": "b"}},
			resource.NewProperty([]resource.PropertyValue{resource.NewProperty(resource.PropertyMap{"value": secretText})}),
			resource.NewProperty([]resource.PropertyValue{
				resource.NewProperty(resource.PropertyMap{"name": word("a"), "value": secretText}),
				resource.NewProperty(resource.PropertyMap{"name": word("b")}),
			}),
		},
	} {
		require.Equal(t, c.want, merged(c.shown, c.sent), name)
	}
}
