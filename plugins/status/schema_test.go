package status_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/schematest"
	"gatehouse/plugins/status"
)

func TestSchemaIsCurrent(t *testing.T) {
	schema := schematest.Reflect(t, status.View{}, "The status of the portal's plugins")
	schematest.Enum(schema.Definitions["View"], "phase", append([]status.Phase{""}, status.Phases...)...)
	schematest.Enum(schema.Definitions["Plugin"], "state", status.States...)
	schematest.Enum(schema.Definitions["Plugin"], "strategy", plugins.Strategies...)
	schematest.CurrentSchema(t, "status.schema.json", schema)
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	valid := schematest.Compile(t, status.Schema())
	shown := func(s status.Status) string {
		var out strings.Builder
		require.NoError(t, status.JSON(&out, status.View{Status: s}))
		return out.String()
	}
	require.NoError(t, valid(shown(status.Status{})))
	text := shown(example())
	valid.Refuses(t, text, map[string]string{
		`"phase": "rolled-back"`: `"phase": "good"`, `"state": "loaded"`: `"state": "there"`, `"generation"`: `"current"`,
		`"problem": "`: `"was": "`, `"differs": []`: `"differs": ""`,
		`"trailHead": "42:`: `"trailHead": "`, `"strategy": "dynamic"`: `"strategy": "static"`,
	})
	var kept status.Status
	require.NoError(t, json.Unmarshal([]byte(text), &kept))
	require.Equal(t, text, shown(kept))
}

func TestText(t *testing.T) {
	var out bytes.Buffer
	view := status.View{Status: example(), Differs: []string{"broken@2.0.0-rc.1 is in the configuration, and the portal does not have it: run up"}}
	require.NoError(t, status.Text(&out, view, 80))
	out.WriteString("\n")
	view = status.View{Status: example()}
	view.Phase, view.Check = status.Proved, status.Check{Time: start.Add(13 * time.Hour)}
	require.NoError(t, status.Text(&out, view, 80))
	out.WriteString("\n")
	require.NoError(t, status.Text(&out, status.View{}, 80))
	schematest.Current(t, "testdata/status.txt", out.Bytes())
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 81, line)
		require.NotRegexp(t, ` \n$`, line)
	}
	for _, width := range []int{1, 20, 200} {
		require.NoError(t, status.Text(&out, view, width))
	}
}

// Whoever went back is proved to be there; whoever was found to be elsewhere is not.
func TestProved(t *testing.T) {
	for phase, want := range map[status.Phase]bool{"": false, status.Switching: false, status.Stopped: false, status.Proved: true, status.RolledBack: true} {
		require.Equal(t, want, status.Status{Phase: phase}.Proved(), phase)
		require.False(t, status.Status{Phase: phase, Check: status.Check{Problem: "another generation"}}.Proved(), phase)
	}
}
