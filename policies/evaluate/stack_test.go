package evaluate_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"gatehouse/policies/input"
	"gatehouse/report"
)

// guarded wants each thing to have a guard that refers to it.
const guarded = `reads: {"test:Guard": [mode]}
deny contains {"resource": thing.urn, "path": ["door"], "message": "nobody guards it"} if {
	some thing in input.resources
	thing.type == "test:Thing"
	not guarded(thing)
}

guarded(thing) if {
	some guard in input.resources
	guard.type == "test:Guard"
	thing.urn in guard.links.thing
	guard.properties.mode == "on"
}
`

func named(kind, name string, properties, outputs resource.PropertyMap) input.Resource {
	return input.Resource{URN: "urn:pulumi:staging::p::" + kind + "::" + name, Type: kind, Name: name, Properties: properties, Outputs: outputs}
}

// A guard is found by the ID that a state has, and by Pulumi's dependencies
// where no ID is known yet.
func TestLinks(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{"stack_guarded": guarded}))
	door := named("test:Thing", "door", nil, resource.PropertyMap{"id": text("thing-1")})
	on := resource.PropertyMap{"thing": text("thing-1"), "mode": text("on")}
	require.Empty(t, e.Stack(t.Context(), []input.Resource{door, named("test:Guard", "g", on, nil)}))

	planned := named("test:Guard", "g", resource.PropertyMap{"thing": unknown, "mode": text("on")}, nil)
	planned.PropertyDependencies = map[string][]string{"thing": {door.URN}}
	require.Empty(t, e.Stack(t.Context(), []input.Resource{door, planned}))

	other := resource.PropertyMap{"thing": text("thing-2"), "mode": text("on")}
	found := e.Stack(t.Context(), []input.Resource{door, named("test:Guard", "g", other, nil)})
	require.Len(t, found, 1)
	require.Equal(t, report.Deny, found[0].Verdict)
	require.Equal(t, door.URN, found[0].Resource)
}

// What another resource lacks is no proof while its value is unknown.
func TestWhatIsUnknownElsewhereLeavesADenialUndecided(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{"stack_guarded": guarded}))
	door := named("test:Thing", "door", nil, resource.PropertyMap{"id": text("thing-1")})
	guard := named("test:Guard", "g", resource.PropertyMap{"thing": text("thing-1"), "mode": unknown}, nil)
	for _, f := range e.Stack(t.Context(), []input.Resource{door, guard}) {
		require.Equal(t, report.Undecided, f.Verdict)
		require.Contains(t, f.Message, "mode is not known before up")
	}
	require.NotEmpty(t, e.Stack(t.Context(), []input.Resource{door, guard}))
}

func TestLeaks(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{"stack_leak": `reads: [a]
deny contains {"resource": l.resource, "path": l.path, "message": sprintf("it holds %s", [concat(".", l.from_path)])} if some l in input.leaks
`}))
	secret := named("test:Thing", "secret", resource.PropertyMap{"password": resource.MakeSecret(text("correct horse"))}, nil)
	leaks := func(r input.Resource) []string {
		var at []string
		for _, f := range e.Stack(t.Context(), []input.Resource{secret, r}) {
			require.NotContains(t, f.Message, "correct horse")
			at = append(at, f.Path+": "+f.Message)
		}
		return at
	}
	part := resource.PropertyMap{"url": text("postgres://me:correct horse@host")}
	require.Equal(t, []string{"url: it holds password"}, leaks(named("test:Thing", "plain", part, nil)))
	require.Empty(t, leaks(named("test:Thing", "kept", resource.PropertyMap{"url": resource.MakeSecret(part["url"])}, nil)))
	require.Empty(t, leaks(named("test:Thing", "other", resource.PropertyMap{"url": text("correct")}, nil)))
	secret.Properties["kind"] = resource.MakeSecret(text("memorise"))
	require.Empty(t, leaks(named("test:Thing", "word", resource.PropertyMap{"key": text("memorise")}, nil)), "a word by chance")
	stack := named("pulumi:pulumi:Stack", "p-staging", nil, resource.PropertyMap{"url": part["url"]})
	require.Equal(t, []string{"url: it holds password"}, leaks(stack), "an output of the stack")
}

func TestADenialOfNothing(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{"stack_wrong": "reads: [a]\ndeny contains {\"resource\": \"nobody\", \"path\": []} if true\n"}))
	found := e.Stack(t.Context(), []input.Resource{thing(nil)})
	require.Len(t, found, 1)
	require.Equal(t, report.Error, found[0].Verdict)
	require.Contains(t, found[0].Message, "names no resource")
}

// The engine sends no IDs: they are found from who refers to the resource.
func TestIDsThatTheEngineDoesNotSend(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{"stack_ids": `reads: [a]
deny contains {"resource": r.urn, "path": [], "message": sprintf("its ID is %s", [r.outputs.id])} if some r in input.resources
`}))
	door := named("test:Thing", "door", nil, resource.PropertyMap{"arn": text("arn:door")})
	by := named("test:Guard", "g", resource.PropertyMap{"thingId": text("thing-1"), "arnId": text("arn:door")}, nil)
	by.PropertyDependencies = map[string][]string{"thingId": {door.URN}, "arnId": {door.URN}}
	found := e.Stack(t.Context(), []input.Resource{door, by})
	require.Len(t, found, 1)
	require.Equal(t, "its ID is thing-1", found[0].Message)
}
