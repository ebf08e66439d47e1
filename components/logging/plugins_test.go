package logging

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// installerLines are what the installer writes (plugins/installer): JSON by slog, a
// line each.
func installerLines(t *testing.T) []string {
	t.Helper()
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil)).With("component", "plugin-install")
	log.Info("gate", "plugin", "@acme/notes@1.2.3", "step", "signature", "verdict", "refused", "reason", "it is not signed", "remedy", "do not install it")
	log.Info("staged", "plugin", "@acme/notes@1.2.3", "integrity", "sha512-"+strings.Repeat("Ab0/", 21)+"Ab==", "files", 12)
	log.Error("not proved", "generation", "3f2a", "reason", "@acme/notes@1.2.3: TypeError: boom is not a function\n    at /plugins/notes/index.js:3:9")
	log.Error("ended", "error", "ask the registry as npm_0123456789abcdefghijklmnopqrstuvwxyz: 401", "exitCode", 3)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// TestTheInstallersLogGoesToThePluginClass: by what the guide's filter looks for in
// the line, whatever the pod is; and what is no such line, such as a stack trace, by
// its pod.
func TestTheInstallersLogGoesToThePluginClass(t *testing.T) {
	tags := map[string]string{
		"a step":            "kube.var.log.containers.plugin-stage-acme-notes-0123456789-x7k2p_backstage_plugin-installer-0123.log",
		"the guide's Job":   "kube.var.log.containers.plugin-install-catalog-x7k2p_backstage_plugin-installer-0123.log",
		"the CronJob's own": "kube.var.log.containers.plugin-installer-29000000-x7k2p_backstage_plugin-installer-0123.log",
	}
	for _, args := range []Args{toCloudWatch, toLoki} {
		sections := rendered(t, args)
		for name, tag := range tags {
			for _, text := range installerLines(t) {
				for _, app := range []string{"plugin-installer", ""} { // "": the API server did not answer the filter
					to, redacted := deliver(t, sections, tag, line{text, app, "backstage"})
					require.Equal(t, []string{string(Plugin)}, to, "%s: %s", name, text)
					require.True(t, redacted)
				}
			}
			for _, text := range []string{"panic: runtime error: index out of range", "goroutine 1 [running]:", ""} {
				to, _ := deliver(t, sections, tag, line{text, "plugin-installer", "backstage"})
				require.Equal(t, []string{string(Plugin)}, to, "%s: %q", name, text)
			}
		}
		// What Backstage itself says of its plugins is the application's.
		to, _ := deliver(t, sections, "kube.var.log.containers.backstage-backend-x_backstage_backstage-0123.log",
			line{`{"level":"info","plugin":"@acme/notes","message":"plugin initialization complete"}`, "backstage", "backstage"})
		require.Equal(t, []string{string(Application)}, to)
	}
}

// TestTheInstallersLogStaysReadable: redaction takes the secret and leaves what
// people look for.
func TestTheInstallersLogStaysReadable(t *testing.T) {
	r := newRedactor(t)
	for _, text := range installerLines(t) {
		cleaned := r.line(t, text)
		var fields map[string]any
		require.NoError(t, json.Unmarshal([]byte(cleaned), &fields), "no JSON any more: %s", cleaned)
		require.Equal(t, "plugin-install", fields["component"])
		require.NotContains(t, cleaned, "npm_0123456789")
		if !strings.Contains(text, "npm_") {
			require.Equal(t, text, cleaned)
		}
	}
}
