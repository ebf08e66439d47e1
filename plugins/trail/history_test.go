package trail_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	generator "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/trail"
)

var update = flag.Bool("update", false, "write the schema and the example")

// digits are types that JSON has as text.
var digits = map[reflect.Type]*generator.Schema{
	reflect.TypeFor[trail.Hash]():        {Type: "string", Pattern: "^[0-9a-f]{64}$"},
	reflect.TypeFor[trail.Head]():        {Type: "string", Pattern: "^(0|[1-9][0-9]*):[0-9a-f]{64}$"},
	reflect.TypeFor[plugins.Integrity](): {Type: "string", Pattern: "^(sha512-[A-Za-z0-9+/]{86}==)?$"},
}

func TestSchemaIsCurrent(t *testing.T) {
	reflector := &generator.Reflector{Mapper: func(of reflect.Type) *generator.Schema {
		if schema := digits[of]; schema != nil {
			clone := *schema
			return &clone
		}
		return nil
	}}
	require.NoError(t, reflector.AddGoComments("gatehouse/plugins/trail", "../", generator.WithFullComment()))
	schema := reflector.Reflect(trail.History{})
	schema.ID, schema.Title = "", "An audit trail of plugins"
	record := schema.Definitions["Record"]
	enum(record, "format", trail.Format)
	enum(record, "action", trail.Actions...)
	enum(record, "outcome", trail.Outcomes...)
	enum(schema.Definitions["Problem"], "kind", trail.Kinds...)
	for _, name := range []string{"plugin", "gate"} {
		property, _ := record.Properties.Get(name)
		record.Properties.Set(name, &generator.Schema{AnyOf: []*generator.Schema{{Ref: property.Ref}, {Type: "null"}}, Description: property.Description})
	}
	encoded, err := json.MarshalIndent(schema, "", "  ")
	require.NoError(t, err)
	current(t, "trail.schema.json", append(encoded, '\n'))
}

func enum[T ~string](schema *generator.Schema, name string, values ...T) {
	property, _ := schema.Properties.Get(name)
	for _, value := range values {
		property.Enum = append(property.Enum, value)
	}
}

// current compares a file with what it should be, or writes it.
func current(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, want, 0o644))
		return
	}
	have, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(have), "%s is old; run `go generate ./plugins/trail`", name)
}

func history(t *testing.T) trail.History {
	t.Helper()
	log := &memory{kept: map[int64][]byte{}}
	refused := event(1)
	refused.Action, refused.Outcome, refused.Exceptions = trail.Refuse, trail.Refused, nil
	refused.Reason = "licence: AGPL-3.0-only is not in the allow list of the environment production, which has Apache-2.0, MIT and BSD-3-Clause"
	back := trail.Record{Time: start.Add(time.Hour), Actor: "system:serviceaccount:backstage:plugin-installer", Action: trail.Rollback, Generation: "g-0122", Outcome: trail.Succeeded}
	var records []trail.Record
	for _, r := range []trail.Record{event(0), refused, back} {
		r, err := trail.Append(t.Context(), log, r)
		require.NoError(t, err)
		records = append(records, r)
	}
	return trail.NewHistory(records, trail.Verify(records))
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(trail.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", document))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	valid := func(text string) error {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		require.NoError(t, err)
		return schema.Validate(instance)
	}
	shown := func(h trail.History) string {
		var out strings.Builder
		require.NoError(t, trail.JSON(&out, h))
		return out.String()
	}
	h := history(t)
	require.NoError(t, valid(shown(trail.History{})))
	require.NoError(t, valid(shown(h)))
	h.Problems = trail.Verify(h.Records[1:], h.Head)
	text := shown(h)
	require.NoError(t, valid(text))
	for before, after := range map[string]string{
		`"outcome": "succeeded"`: `"outcome": "good"`, `"kind": "removed"`: `"kind": "gone"`, `"actor"`: `"who"`,
		`"plugin": null`: `"plugin": ""`, `"head": "3:`: `"head": "`, `"sequence": 1`: `"sequence": "1"`,
	} {
		require.Contains(t, text, before)
		require.Error(t, valid(strings.Replace(text, before, after, 1)), after)
	}
	var kept trail.History
	require.NoError(t, json.Unmarshal([]byte(text), &kept))
	require.Equal(t, text, shown(kept))
	require.Empty(t, trail.Verify(kept.Records, kept.Head), "what is shown can be verified")
}

func TestText(t *testing.T) {
	h := history(t)
	var out bytes.Buffer
	require.NoError(t, trail.Text(&out, h))
	h.Problems = trail.Verify(h.Records[1:], h.Head, trail.Head{Sequence: 9, Hash: h.Head.Hash})
	out.WriteString("\n")
	require.NoError(t, trail.Text(&out, h.Of("@backstage/plugin-catalog")))
	out.WriteString("\n")
	require.NoError(t, trail.Text(&out, trail.History{}))
	current(t, "testdata/history.txt", out.Bytes())
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 81, line)
		require.NotContains(t, line, " \n")
	}
}

func TestHistoryFinds(t *testing.T) {
	h := history(t)
	require.Equal(t, h.Records[2].Head(), h.Head)
	require.Len(t, h.Of("@backstage/plugin-catalog").Records, 2)
	require.Empty(t, h.Of("other").Records)
	require.Len(t, h.Records, 3)
	r, found := h.Newest(trail.Install, *event(0).Plugin)
	require.True(t, found)
	require.Equal(t, int64(1), r.Sequence)
	_, found = h.Newest(trail.Refuse, *event(1).Plugin)
	require.False(t, found, "it did not succeed")
}
