package input

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fuzzed are limits that keep a round of fuzzing short.
var fuzzed = limits{file: 1 << 16, total: 1 << 16, depth: 50, values: 10_000, expanded: 1000}

// whole makes sure that a set is either all there or not at all.
func whole(t *testing.T, set Set, err error) {
	if err != nil {
		assert.Empty(t, set.Resources)
		assert.Less(t, len(err.Error()), 1000)
		return
	}
	for _, r := range set.Resources {
		assert.NotEmpty(t, r.URN)
		assert.NotEmpty(t, r.Type)
		assert.NotNil(t, r.Properties)
		assert.NotContains(t, r.Properties, resource.PropertyKey("4dabf18193072939515e22adb298388d"))
	}
}

func FuzzState(f *testing.F) {
	f.Add([]byte(exported))
	f.Add([]byte(previewed))
	f.Add([]byte(`{"version":3,"checkpoint":{"latest":{"resources":[{"urn":"urn:pulumi:a::b::c:d:E::f"}]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		set, err := readPulumi(bytes.NewReader(text), "x.json", fuzzed)
		whole(t, set, err)
		slow, slowErr := readPulumi(&oneByte{bytes.NewReader(text)}, "x.json", fuzzed)
		assert.Equal(t, err == nil, slowErr == nil)
		assert.Equal(t, len(set.Resources), len(slow.Resources))
	})
}

func FuzzManifests(f *testing.F) {
	f.Add(mixed)
	f.Add(`{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]}`)
	f.Add(withX("a: &x {b: c}\nd: {<<: *x, e: [*x, yes, 0644, !!str 7, 'q', \"\\u00e9\"]}\nf: |\n  g\n"))
	f.Fuzz(func(t *testing.T, text string) {
		set, err := readManifests(t.Context(), []string{"-"}, strings.NewReader(text), fuzzed)
		whole(t, set, err)
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, r := range set.Resources {
			if r.Locate == nil {
				continue
			}
			for key, v := range r.Properties {
				path := []any{string(key)}
				if v.IsArray() {
					path = append(path, 0, "name")
				}
				line := r.Locate(path).Line
				assert.True(t, r.Location.Line >= 1 && line >= 1 && line <= lines+strings.Count(text, "\u0085")+strings.Count(text, "\u2028")+strings.Count(text, "\u2029"), "line %d of %d", line, lines)
			}
		}
	})
}

// FuzzJSON holds the reader against encoding/json, which is right.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,-2.5e3,null,true,false,"x\u00e9\n",{}]}`, `[]`, `1`, `"\ud800"`, `01`, `[1,]`, `{"a":1,"a":2}`, `{"a\\b":1,"a\b":2}`, `1e999`, "\"\xff\""} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := newJSONReader(bytes.NewReader(text), fuzzed)
		got, err := r.value()
		if err == nil {
			err = r.end()
		}
		var want any
		wantErr := json.Unmarshal(text, &want)
		if err != nil {
			if wantErr == nil {
				// What encoding/json lets pass and this reader does not.
				require.Regexp(t, "given twice|deeper than|more than|not UTF-8", err.Error())
			}
			return
		}
		require.NoError(t, wantErr)
		assert.Equal(t, resource.NewPropertyValue(want), got)
		skipper := newJSONReader(&oneByte{bytes.NewReader(text)}, fuzzed)
		assert.NoError(t, skipper.skip())
		assert.NoError(t, skipper.end())
		if got.IsNumber() {
			assert.False(t, math.IsInf(got.NumberValue(), 0))
		}
	})
}

func TestKeysWithEscapesAreToldApart(t *testing.T) {
	v, err := newJSONReader(strings.NewReader(`{"a\\b": 1, "a\b": 2}`), standard).value()
	require.NoError(t, err)
	assert.Equal(t, resource.NewPropertyValue(map[string]any{`a\b`: 1.0, "a\b": 2.0}), v)
}
