package render_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/render"
)

func TestJSON(t *testing.T) {
	var back report.Result
	require.NoError(t, json.Unmarshal([]byte(rendered(t, "json", example(), options())), &back))
	want := example()
	want.Rules = nil
	require.Equal(t, want, back, "nothing is lost")
}

func TestJSONKeepsToItsSchema(t *testing.T) {
	schema := compiled(t, render.PolicySchema())
	for _, r := range []report.Result{example(), {}} {
		require.NoError(t, schema.Validate(value(t, rendered(t, "json", r, options()))))
	}
	for _, wrong := range []string{`{}`, strings.Replace(rendered(t, "json", example(), options()), `"deny"`, `"pass"`, 1), `{"source":"","findings":null,"summary":{}}`} {
		require.Error(t, schema.Validate(value(t, wrong)), wrong)
	}
	rapid.Check(t, func(t *rapid.T) {
		require.NoError(t, schema.Validate(value(t, rendered(t, "json", anyResult(t), options()))))
	})
}

func value(t require.TestingT, text string) any {
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	return v
}
