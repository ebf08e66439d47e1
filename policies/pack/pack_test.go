package pack_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/policies"
	"gatehouse/policies/pack"
	"gatehouse/report"
)

const rule = `# METADATA
# title: It holds
# description: Otherwise it would not
# custom:
#   severity: medium
#   remediation: Make it hold
#   frameworks: {NIST 800-53: [AC-6]}
#   resource_types: ["$pods", "aws:*"]
#   reads: ["$pod.containers[*].image", name]
#   parameters:
#     days: {type: integer, minimum: 1, default: 7, description: "How long"}
package gatehouse.test.holds_long

deny contains {"path": ["name"], "message": "no"} if input.properties.name == "a"
`

func one(t *testing.T, text string) (*pack.Pack, error) {
	t.Helper()
	return pack.Load(fstest.MapFS{"test/holds_long.rego": {Data: []byte(text)}})
}

func TestARuleSaysWhatItIs(t *testing.T) {
	p, err := one(t, rule)
	require.NoError(t, err)
	require.NoError(t, p.Compile())
	r, known := p.Rule("test-holds-long")
	require.True(t, known)
	require.Equal(t, report.Medium, r.Severity)
	require.Equal(t, report.Advisory, r.Level, "only critical and high rules are mandatory by themselves")
	require.False(t, r.Remedies)
	require.Contains(t, r.ResourceTypes, "kubernetes:batch/*:CronJob")
	paths := map[string]string{}
	for _, read := range r.Reads {
		paths[read.Type+" "+read.Path.String()] = ""
	}
	require.Contains(t, paths, `kubernetes:batch/*:CronJob spec.jobTemplate.spec.template.spec.containers["*"].image`)
	require.Contains(t, paths, `kubernetes:core/v1:Pod spec.containers["*"].image`)
}

func TestWhatIsWrongWithARule(t *testing.T) {
	for name, c := range map[string]struct{ from, to, want string }{
		"no metadata":        {rule[:strings.Index(rule, "package")], "", "it has no METADATA before its package"},
		"not Rego":           {"deny contains", "deny holds", "parse rule test/holds_long.rego"},
		"a foreign package":  {"gatehouse.test.holds_long", "main", "its package is package main; expected gatehouse.SERVICE.RULE"},
		"no denial":          {"deny contains", "allow contains", "it has no `deny contains …`; helpers belong under lib"},
		"severity":           {"severity: medium", "severity: worst", `unknown severity "worst"`},
		"level":              {"severity: medium", "severity: medium\n#   level: maybe", `custom.level is "maybe"`},
		"nothing to be done": {"#   remediation: Make it hold\n", "", "its METADATA lacks custom.remediation"},
		"a path":             {"name]", `"a[b"]`, "custom.reads: path a[b"},
		"a parameter":        {", default: 7", "", "custom.parameters: expected JSON Schemas by name, each with default and description"},
		"types":              {`["$pods", "aws:*"]`, "aws", "custom.resource_types: expected a list of texts"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := one(t, strings.Replace(rule, c.from, c.to, 1))
			require.ErrorContains(t, err, c.want)
		})
	}
	p, err := one(t, rule+"\ndeny contains x if nothing(x)\n")
	require.NoError(t, err)
	require.ErrorContains(t, p.Compile(), "test/holds_long.rego:16")
	_, err = pack.Load(fstest.MapFS{"a.rego": {Data: []byte(rule)}}, fstest.MapFS{"b.rego": {Data: []byte(rule)}})
	require.ErrorContains(t, err, "has the same package")
}

func TestConfig(t *testing.T) {
	p, err := one(t, rule)
	require.NoError(t, err)
	c, err := p.ParseConfig("policy-config.yaml", []byte(`
default:
  test-holds-long: {parameters: {days: 3}}
environments:
  staging:
    test-holds-long: {level: disabled}
rules: ours
`))
	require.NoError(t, err)
	staging, err := p.Resolve(c.Layers("staging")...)
	require.NoError(t, err)
	require.Equal(t, pack.Setting{Level: report.Disabled, Parameters: map[string]any{"days": 3}}, staging["test-holds-long"])
	production, err := p.Resolve(c.Layers("production")...)
	require.NoError(t, err)
	require.Equal(t, report.Advisory, production["test-holds-long"].Level)

	_, err = p.ParseConfig("policy-config.yaml", []byte(`
defaults: {}
default:
  test-hold-long: {}
  test-holds-long: {level: remediate, parametres: {}, parameters: {weeks: 1}}
environments:
  staging:
    test-holds-long: {level: often, parameters: {days: 0}}
    test-holds-long: {}
  qa: []
`))
	for _, want := range []string{
		`policy-config.yaml:2: unknown key "defaults"; expected default, environments or rules`,
		"policy-config.yaml:4: test-hold-long: no such rule; did you mean test-holds-long?",
		"policy-config.yaml:5: test-holds-long: level remediate: the rule knows no safe value to set; use mandatory",
		`policy-config.yaml:5: unknown key "parametres"; expected level or parameters`,
		`policy-config.yaml:5: test-holds-long: no parameter "weeks"; it has days`,
		`policy-config.yaml:8: test-holds-long: level "often": expected advisory, mandatory, remediate or disabled`,
		"policy-config.yaml:8: test-holds-long: parameter days: ",
		`policy-config.yaml:9: "test-holds-long" is given twice`,
		"policy-config.yaml:10: expected a map",
	} {
		require.ErrorContains(t, err, want)
	}
}

// The schema for editors accepts what the reader accepts.
func TestConfigSchema(t *testing.T) {
	p, err := pack.Load(policies.Rules())
	require.NoError(t, err)
	text, err := json.Marshal(p.ConfigSchema())
	require.NoError(t, err)
	plain, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("schema.json", plain))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	valid := map[string]any{"environments": map[string]any{"staging": map[string]any{"aws-rds-multi-az": map[string]any{"level": "advisory"}}}}
	require.NoError(t, schema.Validate(valid))
	wrong := map[string]any{"default": map[string]any{"aws-rds-multi-az": map[string]any{"level": "remediate"}}}
	require.Error(t, schema.Validate(wrong))
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, typ string
		want         bool
	}{
		{"aws:s3/bucket:Bucket", "aws:s3/bucket:Bucket", true},
		{"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", false},
		{"kubernetes:apps/*:Deployment", "kubernetes:apps/v1beta1:Deployment", true},
		{"kubernetes:apps/*:Deployment", "kubernetes:apps/v1:StatefulSet", false},
		{"aws:*", "aws:", true},
		{"*", "anything", true},
		{"a*b*c", "a-b-b-c", true},
		{"a*b*c", "a-c-b", false},
	} {
		require.Equal(t, c.want, pack.Matches(c.pattern, c.typ), "%s %s", c.pattern, c.typ)
	}
}

// The pack is what it promises to be.
func TestThePackIsWhole(t *testing.T) {
	p, err := pack.Load(policies.Rules())
	require.NoError(t, err)
	require.NoError(t, p.Compile())
	count := map[string]int{}
	for _, r := range p.Rules {
		count[r.Part]++
		known := false
		for _, f := range r.Frameworks {
			known = known || f.Name == "NIST 800-53" || strings.HasPrefix(f.Name, "CIS ") || f.Name == "PSS"
		}
		require.True(t, known, "%s serves no published standard", r.ID)
		require.NotEmpty(t, r.Reads, "%s does not say what it reads", r.ID)
	}
	require.GreaterOrEqual(t, count["aws"], 60)
	require.GreaterOrEqual(t, count["kubernetes"], 40)
	require.GreaterOrEqual(t, count["graph"], 15)
}

// The bundle is for OPA itself, without anything of ours.
func TestBundle(t *testing.T) {
	p, err := pack.Load(policies.Rules())
	require.NoError(t, err)
	settings, err := p.Resolve()
	require.NoError(t, err)
	var first, second bytes.Buffer
	require.NoError(t, p.WriteBundle(&first, settings))
	require.NoError(t, p.WriteBundle(&second, settings))
	require.Equal(t, first.Bytes(), second.Bytes())

	path := filepath.Join(t.TempDir(), "bundle.tar.gz")
	require.NoError(t, os.WriteFile(path, first.Bytes(), 0o600))
	for query, input := range map[string]map[string]any{
		"data.gatehouse.aws.rds.backup_retention.deny":     {"type": "aws:rds/instance:Instance", "properties": map[string]any{"backupRetentionPeriod": 1}},
		"data.gatehouse.kubernetes.pods.host_network.deny": {"type": "kubernetes:core/v1:Pod", "properties": map[string]any{"spec": map[string]any{"hostNetwork": true}}},
	} {
		result, err := rego.New(rego.LoadBundle(path), rego.Query(query), rego.Input(input)).Eval(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, result[0].Expressions[0].Value, query)
	}
}

// compiled are the modules that a part is compiled from.
func compiled(t *testing.T, p *pack.Pack, part string) []string {
	t.Helper()
	compiler, err := p.Compiler(part)
	require.NoError(t, err)
	return slices.Sorted(maps.Keys(compiler.Modules))
}

func TestAPartIsCompiledWithTheHelpersItRefersTo(t *testing.T) {
	other := strings.ReplaceAll(rule, "gatehouse.test.holds_long", "gatehouse.other.holds_long")
	for name, c := range map[string]struct{ body, add string }{
		"imported":                       {"import data.gatehouse.lib.near\n\ndeny contains", "near.yes"},
		"named in full":                  {"deny contains", "data.gatehouse.lib.near.yes"},
		"one of lib":                     {"deny contains", `data.gatehouse.lib[input.properties.helper].yes`},
		"in a package that it works out": {"deny contains", `data[input.properties.helper].lib.near.yes`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(rule, "deny contains", c.body, 1)
			text = strings.Replace(text, " if ", " if {\n\t", 1) + "\t" + c.add + "\n}\n"
			p, err := pack.Load(fstest.MapFS{
				"test.rego": {Data: []byte(text)}, "other.rego": {Data: []byte(other)},
				"near.rego": {Data: []byte("package gatehouse.lib.near\n\nimport data.gatehouse.lib.far\n\nyes if far.yes\n")},
				"far.rego":  {Data: []byte("package gatehouse.lib.far\n\nyes := true\n")},
			})
			require.NoError(t, err)
			require.Equal(t, []string{"far.rego", "near.rego", "test.rego"}, compiled(t, p, "test"))
			require.Equal(t, []string{"other.rego"}, compiled(t, p, "other"))
		})
	}
}

func TestWhatIsWrongWithAHelperThatNobodyRefersToIsTold(t *testing.T) {
	p, err := pack.Load(fstest.MapFS{
		"test.rego":  {Data: []byte(rule)},
		"stray.rego": {Data: []byte("package gatehouse.lib.stray\n\nyes if unknown(1)\n")},
	})
	require.NoError(t, err)
	require.ErrorContains(t, p.Compile(), "stray.rego")
}
