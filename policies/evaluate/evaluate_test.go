package evaluate_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/policies/evaluate"
	"gatehouse/policies/input"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

// metadata is what every rule of these tests says of itself.
const metadata = `# METADATA
# title: It holds
# description: Otherwise it would not
# custom:
#   severity: high
#   remediation: Make it hold
#   frameworks: {NIST 800-53: [AC-6]}
#   resource_types: ["test:*"]
`

// rules makes a pack of the rules, each by the last word of its package.
func rules(t testing.TB, bodies map[string]string) *pack.Pack {
	t.Helper()
	files := fstest.MapFS{}
	for name, body := range bodies {
		reads, body, _ := strings.Cut(body, "\n")
		part := "test"
		if strings.HasPrefix(name, "stack_") {
			part = "graph"
		}
		text := metadata + "#   " + reads + "\npackage gatehouse." + part + "." + name + "\n" + body
		files[part+"/"+name+".rego"] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := pack.Load(files)
	require.NoError(t, err)
	require.NoError(t, p.Compile())
	return p
}

func evaluator(t testing.TB, p *pack.Pack, layers ...pack.Settings) *evaluate.Evaluator {
	t.Helper()
	settings, err := p.Resolve(layers...)
	require.NoError(t, err)
	return evaluate.New(p, settings, evaluate.Options{Stack: "staging"})
}

func thing(properties resource.PropertyMap) input.Resource {
	return input.Resource{URN: "urn:pulumi:staging::p::test:Thing::one", Type: "test:Thing", Name: "one", Properties: properties}
}

var unknown = resource.MakeComputed(resource.NewStringProperty(""))

func text(s string) resource.PropertyValue { return resource.NewStringProperty(s) }

const locked = `reads: [lock.key, note]
deny contains {"path": ["lock", "key"], "message": "it is open"} if not input.properties.lock.key
deny contains {"path": ["note"], "message": sprintf("the note is %v", [input.properties.note])} if input.properties.note == "bad"
remedy contains {"path": ["lock", "key"], "value": "new"}
`

func TestVerdicts(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{"locked": locked}))
	lock := func(v resource.PropertyValue) resource.PropertyMap {
		return resource.PropertyMap{"lock": resource.NewObjectProperty(resource.PropertyMap{"key": v}), "note": text("good")}
	}
	for name, c := range map[string]struct {
		properties resource.PropertyMap
		want       []string
	}{
		"kept":                    {lock(text("k")), nil},
		"broken":                  {resource.PropertyMap{}, []string{"deny lock.key it is open"}},
		"the deciding value":      {lock(unknown), []string{"undecided lock.key lock.key is not known before up"}},
		"what is above it":        {resource.PropertyMap{"lock": unknown}, []string{"undecided lock lock is not known before up"}},
		"one more that it reads":  {resource.PropertyMap{"lock": lock(text("k"))["lock"], "note": unknown}, []string{"undecided note note is not known before up"}},
		"a denial needs no other": {resource.PropertyMap{"note": unknown}, []string{"deny lock.key it is open"}},
		"one that it never reads": {resource.PropertyMap{"lock": lock(text("k"))["lock"], "colour": unknown}, nil},
		"a secret as its value":   {lock(resource.MakeSecret(text("k"))), nil},
		"a secret nobody can read": {
			lock(resource.MakeSecret(unknown)),
			[]string{"undecided lock.key lock.key is a secret that cannot be read here"},
		},
		"an output": {lock(resource.NewOutputProperty(resource.Output{Element: text("k"), Known: true, Secret: true})), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range e.Resource(t.Context(), thing(c.properties)) {
				got = append(got, string(f.Verdict)+" "+f.Path+" "+f.Message)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// A rule that fails is a finding, and the others are heard all the same.
func TestARuleThatFails(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{
		"locked": locked,
		"number": "reads: [size]\ndeny contains {\"path\": [\"size\"]} if to_number(input.properties.size) > 3\n",
		"shape":  "reads: [size]\ndeny contains input.properties.size if true\n",
	}))
	found := map[string]report.Finding{}
	for _, f := range e.Resource(t.Context(), thing(resource.PropertyMap{"size": text("large")})) {
		found[f.Rule] = f
	}
	require.Equal(t, report.Deny, found["test-locked"].Verdict)
	require.Equal(t, report.Error, found["test-number"].Verdict)
	require.Contains(t, found["test-number"].Message, "the rule failed")
	require.Equal(t, report.Error, found["test-shape"].Verdict)
	require.Contains(t, found["test-shape"].Message, "expected an object with path and message")
	require.True(t, found["test-number"].Fails(""), "what was not judged is not right")
}

// Whatever a rule writes into its message, no secret comes out: neither whole
// nor in a difference, of whatever length and however deep it lies.
func TestSecretsNeverShow(t *testing.T) {
	e := evaluator(t, rules(t, map[string]string{
		"tells": `reads: [a]
deny contains {"path": ["a"], "message": sprintf("found %v and %s and %s", [input.properties, json.marshal(input.properties.a), base64.encode(input.properties.a.password)])}
remedy contains {"path": ["a", "more"], "value": sprintf("%v", [input.properties.a])}
`,
		"stack_tells": `reads: [a]
deny contains {"resource": r.urn, "path": ["a"], "message": sprintf("%v", [input.resources])} if some r in input.resources
`,
	}))
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9!$&"\\ü]{6,30}`).Draw(t, "secret")
		inner := resource.NewObjectProperty(resource.PropertyMap{"password": text(secret), "list": resource.NewArrayProperty([]resource.PropertyValue{text(secret)})})
		r := thing(resource.PropertyMap{"a": resource.MakeSecret(inner), "b": text("plain")})
		findings := append(e.Judge(context.Background(), r), e.Stack(context.Background(), []input.Resource{r})...)
		if len(findings) != 2 {
			t.Fatalf("%d findings", len(findings))
		}
		shown, err := json.Marshal(findings)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{secret, jsonForm(secret), jsonForm(jsonForm(secret)), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if strings.Contains(string(shown), form) {
				t.Fatalf("%q shows in %s", form, shown)
			}
		}
	})
}

func jsonForm(s string) string {
	text, _ := json.Marshal(s)
	return string(text[1 : len(text)-1])
}

func TestRemedies(t *testing.T) {
	p := rules(t, map[string]string{"locked": locked})
	broken := thing(resource.PropertyMap{"lock": resource.NewObjectProperty(resource.PropertyMap{"colour": text("red")})})
	require.Empty(t, evaluator(t, p).Remedies(t.Context(), broken, false), "the level is mandatory")

	e := evaluator(t, p, pack.Settings{"test-locked": {Level: report.Remediate}})
	remedies := e.Remedies(t.Context(), broken, false)
	require.Len(t, remedies, 1)
	require.Equal(t, "+ lock.key: \"new\"\n", remedies[0].Diff)
	require.NotContains(t, broken.Properties["lock"].ObjectValue(), resource.PropertyKey("key"), "what was given stays")
	require.Empty(t, e.Resource(t.Context(), thing(remedies[0].Properties)))

	computed := thing(resource.PropertyMap{"lock": resource.NewObjectProperty(resource.PropertyMap{"key": unknown})})
	require.Empty(t, e.Remedies(t.Context(), computed, false), "it may be right already")
}

func TestLevelsAndParameters(t *testing.T) {
	p := rules(t, map[string]string{"size": `parameters: {most: {type: integer, default: 3, minimum: 1, description: "How large it may be"}}
deny contains {"path": ["size"], "message": "it is too large"} if input.properties.size > data.parameters["test-size"].most
`})
	large := thing(resource.PropertyMap{"size": resource.NewNumberProperty(5)})
	require.Len(t, evaluator(t, p).Resource(t.Context(), large), 1)
	require.Empty(t, evaluator(t, p, pack.Settings{"test-size": {Parameters: map[string]any{"most": 9}}}).Resource(t.Context(), large))
	require.Empty(t, evaluator(t, p, pack.Settings{"test-size": {Level: report.Disabled}}).Resource(t.Context(), large))
	advisory := evaluator(t, p, pack.Settings{"test-size": {Level: report.Advisory}}).Resource(t.Context(), large)
	require.Equal(t, report.Advisory, advisory[0].Level)
	require.False(t, advisory[0].Fails(report.Critical))
}

// A set is judged in its order, on all processors, with what matched nothing.
func TestSet(t *testing.T) {
	p := rules(t, map[string]string{"locked": locked, "off": "reads: [a]\ndeny contains {\"path\": []} if input.properties.never\n"})
	e := evaluator(t, p, pack.Settings{"test-off": {Level: report.Disabled}})
	var set input.Set
	for range 200 {
		set.Resources = append(set.Resources, thing(resource.PropertyMap{}))
	}
	result, err := e.Set(t.Context(), set)
	require.NoError(t, err)
	require.Len(t, result.Findings, 200)
	require.Equal(t, []string{"test-off"}, result.Summary.Disabled)
	require.Empty(t, result.Summary.Unmatched)

	result, err = e.Set(t.Context(), input.Set{})
	require.NoError(t, err)
	require.Equal(t, []string{"test-locked"}, result.Summary.Unmatched)

	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = e.Set(stopped, set)
	require.ErrorIs(t, err, context.Canceled)
}
