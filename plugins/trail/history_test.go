package trail_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	generator "github.com/invopop/jsonschema"
	"github.com/stretchr/testify/require"

	"gatehouse/plugins/schematest"
	"gatehouse/plugins/trail"
)

func TestSchemaIsCurrent(t *testing.T) {
	schema := schematest.Reflect(t, trail.History{}, "An audit trail of plugins")
	record := schema.Definitions["Record"]
	schematest.Enum(record, "format", trail.Format)
	schematest.Enum(record, "action", trail.Actions...)
	schematest.Enum(record, "outcome", trail.Outcomes...)
	schematest.Enum(schema.Definitions["Problem"], "kind", trail.Kinds...)
	for _, name := range []string{"plugin", "gate"} {
		property, _ := record.Properties.Get(name)
		record.Properties.Set(name, &generator.Schema{AnyOf: []*generator.Schema{{Ref: property.Ref}, {Type: "null"}}, Description: property.Description})
	}
	schematest.CurrentSchema(t, "trail.schema.json", schema)
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
	valid := schematest.Compile(t, trail.Schema())
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
	valid.Refuses(t, text, map[string]string{
		`"outcome": "succeeded"`: `"outcome": "good"`, `"kind": "removed"`: `"kind": "gone"`, `"actor"`: `"who"`,
		`"plugin": null`: `"plugin": ""`, `"head": "3:`: `"head": "`, `"sequence": 1`: `"sequence": "1"`,
	})
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
	schematest.Current(t, "testdata/history.txt", out.Bytes())
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
