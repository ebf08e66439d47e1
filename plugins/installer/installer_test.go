package installer_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/plugins/install"
	"gatehouse/plugins/installer"
)

// run runs the program with an environment of its own.
func run(t *testing.T, env map[string]string, args ...string) (code int, out, message string) {
	t.Helper()
	var log, errs bytes.Buffer
	code = installer.Main(t.Context(), args, installer.World{Getenv: func(name string) string { return env[name] }, Out: &log, Err: &errs})
	return code, log.String(), errs.String()
}

// complete is an environment that nothing is missing in; where it leads there is
// nothing.
func complete(t *testing.T) map[string]string {
	t.Helper()
	kubeconfig := filepath.Join(t.TempDir(), "absent")
	return map[string]string{
		install.VariableRequest: `{"plugins":[],"keep":1}`, install.VariableVolume: t.TempDir(), install.VariableRegistry: "https://registry.npmjs.org",
		install.VariableTrail: filepath.Join(t.TempDir(), "trail"), install.VariableDeployments: "backstage-backend",
		install.VariableNamespace: "backstage", install.VariablePod: "pod-1", "KUBECONFIG": kubeconfig,
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, name := range []string{install.VariableRequest, install.VariableVolume, install.VariableTrail, install.VariableDeployments, install.VariableNamespace, install.VariablePod} {
		env := complete(t)
		delete(env, name)
		code, log, message := run(t, env, "assemble")
		require.Equal(t, install.ExitInvalid, code, name)
		require.Contains(t, message, name)
		for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
			var entry struct{ Component string }
			require.NoError(t, json.Unmarshal([]byte(line), &entry))
			require.Equal(t, "plugin-install", entry.Component, "what the log collector goes by")
		}
	}
	for name, value := range map[string]string{
		install.VariableRequest: `{"keep":1}{}`, install.VariableTrail: "s3://", "KUBECONFIG": filepath.Join(t.TempDir(), "none"),
	} {
		env := complete(t)
		env[name] = value
		code, _, message := run(t, env, "activate")
		require.Equal(t, install.ExitInvalid, code, "%s: %s", name, message)
	}
}

func TestCommandLine(t *testing.T) {
	for _, args := range [][]string{{"stage", "more"}, {"--wrong"}, {"magic"}} {
		code, _, message := run(t, complete(t), args...)
		require.Equal(t, install.ExitInvalid, code, "%v: %s", args, message)
	}
	code, out, _ := run(t, nil, "--help")
	require.Zero(t, code)
	for _, line := range strings.Split(out, "\n") {
		require.LessOrEqual(t, len([]rune(line)), 90, line)
	}
}

// The guide's command has `env NAME=VALUE …` as the Job's command.
func TestTheGuidesCommand(t *testing.T) {
	t.Setenv(install.VariableName, "")
	t.Setenv(install.VariableVersion, "")
	t.Setenv("PATH_OF_OURS", "kept")
	code, _, message := run(t, map[string]string{install.VariableRequest: "{}"}, "env", "PLUGIN_NAME=@backstage/plugin-catalog", "PLUGIN_VERSION=1.15.0", "PATH_OF_OURS=changed")
	require.Equal(t, install.ExitInvalid, code)
	require.Contains(t, message, "keep at least 1 generation", "it is the command maintain")
	require.Equal(t, "@backstage/plugin-catalog", lookup(t, install.VariableName))
	require.Equal(t, "1.15.0", lookup(t, install.VariableVersion))
	require.Equal(t, "kept", lookup(t, "PATH_OF_OURS"))
}

func TestTheMessageIsLeft(t *testing.T) {
	env := complete(t)
	env["TERMINATION_MESSAGE_PATH"] = filepath.Join(t.TempDir(), "message")
	delete(env, install.VariableVolume)
	_, _, message := run(t, env, "assemble")
	require.Equal(t, strings.TrimSpace(message), strings.TrimSpace(read(t, env["TERMINATION_MESSAGE_PATH"])))
}

// What ends the program may quote a stranger, and is read by everybody who sees the
// pod: it has no secret in it, wherever it is written.
func TestTheMessageHasNoSecret(t *testing.T) {
	for name, value := range map[string]string{
		install.VariableRequest:  `{"keep":"npm_abcdefghijklmnopqrstuvwxyz0123456789"}`,
		install.VariableRegistry: "https://user:hunter22@registry.example.com",
		install.VariableTrail:    "s3://user:hunter22@bucket/\x00",
	} {
		env := complete(t)
		env[name] = value
		env[install.VariableRequest+"_"] = ""
		if name == install.VariableRegistry {
			env[install.VariableRequest] = `{"plugin":{"name":"a","version":"1.0.0","integrity":"","strategy":"dynamic"},"policy":"","host":{"backstage":"","node":"","packages":{"a":"1.0.0"}}}`
		}
		env["TERMINATION_MESSAGE_PATH"] = filepath.Join(t.TempDir(), "message")
		command := "activate"
		if name == install.VariableRegistry {
			command = "stage"
		}
		code, log, message := run(t, env, command)
		require.NotZero(t, code)
		all := log + message + read(t, env["TERMINATION_MESSAGE_PATH"])
		require.NotContains(t, all, "hunter22", name)
		require.NotContains(t, all, "npm_abc", name)
	}
}
