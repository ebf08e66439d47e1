package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// runConfig runs `gatehouse config ARGS` in dir.
func runConfig(t *testing.T, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code = Main(t.Context(), append([]string{"config"}, args...), strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// configProject is a project with a valid staging and a broken production.
func configProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	valid, err := os.ReadFile(configtest.File("staging"))
	require.NoError(t, err)
	// A version whose end of support is not known stays valid on any day.
	valid = bytes.Replace(valid, []byte(`version: "1.35"`), []byte(`version: "1.36"`), 1)
	broken := bytes.Replace(valid, []byte("rateLimit"), []byte("ratelimit"), 1)
	for name, content := range map[string][]byte{
		"Pulumi.yaml": []byte("name: gatehouse\nruntime: go\n"), "Pulumi.staging.yaml": valid, "Pulumi.production.yaml": broken,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	return dir
}

func TestConfigValidate(t *testing.T) {
	code, stdout, stderr := runConfig(t, configProject(t), "validate")
	require.Equal(t, exitFindings, code)
	require.Regexp(t, `^Pulumi\.production\.yaml:\d+:5: gatehouse:edge\.ratelimit: unknown key; did you mean "rateLimit"\?
Pulumi\.staging\.yaml: valid
$`, stdout)
	require.Empty(t, stderr)
}

func TestConfigValidateOneStack(t *testing.T) {
	code, stdout, _ := runConfig(t, configProject(t), "validate", "-s", "staging")
	require.Equal(t, exitOK, code)
	require.Equal(t, "Pulumi.staging.yaml: valid\n", stdout)
}

func TestConfigValidateJSON(t *testing.T) {
	code, stdout, _ := runConfig(t, configProject(t), "validate", "-o", "json", "Pulumi.production.yaml")
	require.Equal(t, exitFindings, code)
	var report struct{ Problems config.Problems }
	require.NoError(t, json.Unmarshal([]byte(stdout), &report))
	require.Len(t, report.Problems, 1)
	require.Equal(t, "gatehouse:edge.ratelimit", report.Problems[0].Key)
	require.Equal(t, "rateLimit", report.Problems[0].Suggestion)
}

func TestConfigCannotTell(t *testing.T) {
	dir := configProject(t)
	for name, args := range map[string][]string{
		"no such file":    {"validate", "Pulumi.nowhere.yaml"},
		"no such stack":   {"show", "-s", "nowhere"},
		"unknown output":  {"validate", "-o", "xml"},
		"file and stack":  {"validate", "-s", "staging", "Pulumi.staging.yaml"},
		"show of nothing": {"show"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := runConfig(t, dir, args...)
			require.Equal(t, exitError, code)
			require.Empty(t, stdout)
			require.NotEmpty(t, stderr)
		})
	}
}

func TestConfigShow(t *testing.T) {
	dir := configProject(t)
	code, stdout, _ := runConfig(t, dir, "show", "-s", "staging")
	require.Equal(t, exitOK, code)
	require.Contains(t, stdout, "rotationDays: 30 # default\n")
	require.Contains(t, stdout, "shards: 3\n")

	code, stdout, _ = runConfig(t, dir, "show", "-s", "staging", "-o", "json")
	require.Equal(t, exitOK, code)
	var shown struct {
		Config   map[string]any
		Defaults []string
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &shown))
	require.Contains(t, shown.Config, "gatehouse:network")
	require.Contains(t, shown.Defaults, "gatehouse:data.postgres.publiclyAccessible")
	require.NotContains(t, shown.Defaults, "gatehouse:data.redis.shards")

	code, stdout, stderr := runConfig(t, dir, "show", "-s", "production")
	require.Equal(t, exitFindings, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "unknown key")
}

func TestConfigSchema(t *testing.T) {
	code, stdout, _ := runConfig(t, t.TempDir(), "schema")
	require.Equal(t, exitOK, code)
	require.JSONEq(t, string(config.Schema()), stdout)
}
