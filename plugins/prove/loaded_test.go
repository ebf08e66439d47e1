package prove_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/schematest"
)

func TestParse(t *testing.T) {
	const whole = `{"generation":"1-a","started":true,"failure":"","node":"22.3.0","backstage":"1.55.0","new":1,
		"plugins":[{"name":"a","version":"1.0.0","role":"backend-plugin","platform":"node","failure":"","mayFail":true}]}`
	l, err := prove.Parse([]byte(whole))
	require.NoError(t, err)
	require.Equal(t, prove.Loaded{
		Generation: "1-a", Started: true, Node: "22.3.0", Backstage: "1.55.0",
		Plugins: []prove.Plugin{{Name: "a", Version: "1.0.0", Role: "backend-plugin", Platform: "node", MayFail: true}},
	}, l)

	for name, text := range map[string]string{
		"nothing":           "",
		"no JSON":           "<html>",
		"another document":  `{"status":"ok"}`,
		"null":              "null",
		"no plugins":        `{"started":true}`,
		"plugins null":      `{"started":true,"plugins":null}`,
		"no started":        `{"plugins":[]}`,
		"started is a text": `{"started":"true","plugins":[]}`,
		"a name is none":    `{"started":true,"plugins":[{"version":"1.0.0"}]}`,
		"a version is none": `{"started":true,"plugins":[{"name":"a","version":""}]}`,
		"a version is 1":    `{"started":true,"plugins":[{"name":"a","version":1}]}`,
		"more behind it":    whole + whole,
		"cut":               whole[:len(whole)-1],
		"a long text":       strings.Replace(whole, `"failure":""`, `"failure":"`+strings.Repeat("x", 1<<15)+`"`, 1),
		"too much":          whole + strings.Repeat(" ", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := prove.Parse([]byte(text))
			require.ErrorIs(t, err, prove.ErrAnswer)
		})
	}
}

func TestTextsOfPluginsAreHarmless(t *testing.T) {
	text, err := json.Marshal(map[string]any{"started": true, "plugins": []any{map[string]any{
		"name": "a", "version": "1.0.0", "failure": "\x1b[31mone\ntwo\u202e" + strings.Repeat("é", 4000),
	}}})
	require.NoError(t, err)
	l, err := prove.Parse(text)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(l.Plugins[0].Failure, "[31mone two é"), l.Plugins[0].Failure[:40])
	require.LessOrEqual(t, len(l.Plugins[0].Failure), 4<<10)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"generation":"1-a","started":true,"failure":"x","plugins":[{"name":"a","version":"1.0.0","failure":"\u0000"}]}`))
	f.Add([]byte(`{"started":false,"plugins":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := prove.Parse(text)
		if err != nil {
			require.ErrorIs(t, err, prove.ErrAnswer)
			return
		}
		for _, p := range prove.Compare([]plugins.Ref{{Name: "a", Version: "1.0.0"}}, "1-a", l) {
			require.False(t, strings.ContainsFunc(p.Text, unicode.IsControl), "%q", p.Text)
		}
	})
}

// The probe that tests run answers as the schema says.
func TestSchema(t *testing.T) {
	t.Parallel()
	holds := schematest.Compile(t, prove.Schema)
	text, err := json.Marshal(proved("1-a", plugins.Ref{Name: "a", Version: "1.0.0"}))
	require.NoError(t, err)
	require.NoError(t, holds(string(text)))
	require.Error(t, holds(`{"started":true,"plugins":[{"name":"a"}]}`))

	r := start(t, assemble(t))
	r.loaded(started)
	require.NoError(t, holds(string(r.get(t, r.probe, "/v1/plugins"))))
}

func TestProbe(t *testing.T) {
	probe := prove.Probe()
	require.NoError(t, probe.Check())
	text, err := os.ReadFile("probe/package.json")
	require.NoError(t, err)
	var manifest struct {
		plugins.Ref
		Main      string `json:"main"`
		Backstage struct{ Role, PluginID string }
	}
	require.NoError(t, json.Unmarshal(text, &manifest))
	require.Equal(t, probe.Ref, manifest.Ref)
	require.Equal(t, "backend-plugin", manifest.Backstage.Role)
	file, err := probe.Files.Open(manifest.Main)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
