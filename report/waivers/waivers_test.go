package waivers_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/waivers"
)

const file = `# Approved by the platform team.
waivers:
  # Staging is small.
  - rule: aws-rds-multi-az
    resource: aws:rds/instance:Instance::portal-*
    environments: [staging]
    reason: one zone is enough for tests   # and cheaper
    approver: alice
    ticket: PLAT-12
    expires: 2027-02-01

  - rule: aws-kms-rotation
    resource: "*"
    reason: rotated by hand
    approver: bob
    ticket: https://example.com/13
    expires: "2026-12-31"
`

func parsed(t *testing.T, content string) []report.Waiver {
	t.Helper()
	found, err := waivers.Parse("waivers.yaml", []byte(content))
	require.NoError(t, err)
	return found
}

func TestParse(t *testing.T) {
	require.Equal(t, []report.Waiver{
		{
			Rule: "aws-rds-multi-az", Resource: "aws:rds/instance:Instance::portal-*", Environments: []string{"staging"},
			Reason: "one zone is enough for tests", Approver: "alice", Ticket: "PLAT-12", Expires: "2027-02-01", Line: 4, EndLine: 10,
		},
		{
			Rule: "aws-kms-rotation", Resource: "*", Reason: "rotated by hand", Approver: "bob",
			Ticket: "https://example.com/13", Expires: "2026-12-31", Line: 12, EndLine: 17,
		},
	}, parsed(t, file))
	for _, empty := range []string{"", "# nothing yet\n", "waivers:\n", "waivers: []\n", "waivers: null"} {
		require.Empty(t, parsed(t, empty), empty)
	}
}

// broken are files that must be refused, each with what the message must hold
// and whether the schema can see the mistake too.
var broken = []struct {
	name, old, new, message string
	schema                  bool
}{
	{"unknown key", "ticket: PLAT-12", "tikcet: PLAT-12", `waivers.yaml:9: unknown key "tikcet"; did you mean "ticket"?`, true},
	{"missing", "    ticket: PLAT-12\n", "", "waivers.yaml:4: ticket is missing from the waiver: where was it approved?", true},
	{"empty", "reason: rotated by hand", `reason: " "`, "waivers.yaml:14: reason: want a text, found an empty one", true},
	{"null", "approver: bob", "approver:", "waivers.yaml:15: approver: want a text, found nothing", true},
	{"number", "ticket: PLAT-12", "ticket: 12", "waivers.yaml:9: ticket: want a text, found 12: put it in quotes", true},
	{"map for a text", "approver: bob", "approver: {name: bob}", "approver: want a text, found a map", true},
	{"no such day", "2027-02-01", "2027-02-30", `expires: want a day such as 2027-02-01, found "2027-02-30"`, false},
	{"another form of date", "2027-02-01", "1 Feb 2027", `waivers.yaml:10: expires: want a day such as 2027-02-01, found "1 Feb 2027"`, true},
	{"time", "2027-02-01", "2027-02-01T10:00:00Z", "waivers.yaml:10: expires: want a day", true},
	{"environments as text", "[staging]", "staging", `waivers.yaml:6: environments: want a list such as [staging], found "staging"`, true},
	{"no environments", "[staging]", "[]", "environments: want a list such as [staging], found an empty list; leave it out for all", true},
	{"environment twice", "[staging]", "[staging, staging]", "environments: staging is given twice", true},
	{"rule about waivers", "aws-kms-rotation", "waiver-expired", "waivers.yaml:12: rule: waiver-expired is about waivers and cannot be waived", true},
	{"rule pattern", "aws-kms-rotation", "aws-kms-*", `rule: want the ID of one rule, found the pattern "aws-kms-*"`, true},
	{"top key", "waivers:", "waiver:", `waivers.yaml:2: unknown key "waiver"; did you mean "waivers"?`, true},
	{"alias", "approver: bob", "approver: &x bob\n    ticket: *x", "found an alias: write its value out", false},
	{"key twice", "approver: bob", "approver: bob\n    approver: eve", "approver is given twice, first on line 15", false},
	{"second document", "waivers:", "waivers: []\n---\nwaivers:", "a second document", false},
	{"not YAML", "waivers:", "waivers: [", "waivers.yaml:", false},
	{
		"same waiver twice", "  - rule: aws-kms-rotation\n    resource: \"*\"",
		"  - rule: aws-rds-multi-az\n    resource: aws:rds/instance:Instance::portal-*",
		"waivers.yaml:12: aws-rds-multi-az is waived for aws:rds/instance:Instance::portal-* already on line 4", false,
	},
}

func TestParseRefuses(t *testing.T) {
	schema := compiled(t)
	for _, c := range broken {
		t.Run(c.name, func(t *testing.T) {
			content := strings.Replace(file, c.old, c.new, 1)
			require.NotEqual(t, file, content)
			found, err := waivers.Parse("waivers.yaml", []byte(content))
			require.ErrorContains(t, err, c.message)
			require.Empty(t, found)
			if c.schema {
				require.Error(t, schema.Validate(value(t, content)), "the schema lets it pass")
			}
		})
	}
}

func TestParseReportsEveryMistake(t *testing.T) {
	_, err := waivers.Parse("w.yaml", []byte("waivers:\n- rul: a\n- 3\nother: 1\n"))
	for _, want := range []string{"w.yaml:2: unknown key \"rul\"", "w.yaml:2: expires is missing", "w.yaml:3: want a waiver", "w.yaml:4: unknown key \"other\""} {
		require.ErrorContains(t, err, want)
	}
}

func TestParseNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom(strings.Split(file+"\n? x\n- &a [*a]\n{\n!!binary x\n<<: *a\n\t", "\n")), 0, 12).Draw(t, "lines")
		_, _ = waivers.Parse("w.yaml", []byte(strings.Join(lines, "\n")))
	})
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "waivers.yaml")
	_, err := waivers.Read(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte(file), 0o600))
	found, err := waivers.Read(path)
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("#"), 9<<20), 0o600))
	_, err = waivers.Read(path)
	require.ErrorContains(t, err, "larger than 8 MiB")
}

func value(t *testing.T, content string) any {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal([]byte(content), &v))
	// Editors see a day as text, where this library makes it a time.
	return dates(v)
}

func dates(v any) any {
	switch v := v.(type) {
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339)
	case map[string]any:
		for key := range v {
			v[key] = dates(v[key])
		}
	case []any:
		for i := range v {
			v[i] = dates(v[i])
		}
	}
	return v
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(waivers.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("waivers.json", document))
	schema, err := compiler.Compile("waivers.json")
	require.NoError(t, err)
	return schema
}

func TestSchemaIsInStep(t *testing.T) {
	schema := compiled(t)
	require.NoError(t, schema.Validate(value(t, file)))
	waiver := schema.Properties["waivers"].Items2020.Ref
	var inSchema []string
	for key := range waiver.Properties {
		inSchema = append(inSchema, key)
	}
	full, err := yaml.Marshal(report.Waiver{Environments: []string{"x"}})
	require.NoError(t, err)
	var inType map[string]any
	require.NoError(t, yaml.Unmarshal(full, &inType))
	var keys []string
	for key := range inType {
		keys = append(keys, key)
		_, err := waivers.Parse("w.yaml", []byte("waivers: [{}]"))
		require.Equal(t, strings.Contains(err.Error(), ": "+key+" is missing"), slices.Contains(waiver.Required, key), key)
	}
	require.ElementsMatch(t, keys, inSchema)
}
