package sandbox

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/render"
	"gatehouse/test/suite"
)

// check runs the readiness checks of an environment and wants the exit code.
func check(t testing.TB, p *suite.Project, want int, args ...string) readiness.Run {
	t.Helper()
	code, stdout, stderr := p.Run(t, append([]string{"check", "-s", "staging", "--sandbox", "-o", "json"}, args...)...)
	require.Equal(t, want, code, "%s\n%s", stderr, stdout)
	var run readiness.Run
	require.NoError(t, json.Unmarshal([]byte(stdout), &run))
	return run
}

func itemOf(t testing.TB, run readiness.Run, id string) readiness.Item {
	t.Helper()
	at := slices.IndexFunc(run.Items, func(i readiness.Item) bool { return i.ID == id })
	require.GreaterOrEqual(t, at, 0, id)
	return run.Items[at]
}

// requireProven wants the checklist judged on what really runs: nothing that is
// not accepted fails, nothing errs, and no secret is told.
func requireProven(t *testing.T, p *suite.Project) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out", "readiness.json")
	code, stdout, stderr := p.Run(t, "check", "-s", "staging", "--sandbox", "-v", "-o", "text", "-o", "json="+out)
	require.Equal(t, 0, code, "%s\n%s", stderr, stdout)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	requireSchema(t, text)
	requireNoSecret(t, p, string(text)+stdout+stderr)
	for line := range strings.Lines(stdout) {
		long := utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 80
		require.False(t, long && strings.Contains(strings.TrimSpace(line), " "), "a word may be long, a line not: %s", line)
	}

	var run readiness.Run
	require.NoError(t, json.Unmarshal(text, &run))
	require.Len(t, run.Items, 93)
	require.Zero(t, run.Summary.Error)
	live := 0
	for _, item := range run.Items {
		require.NotEmpty(t, item.Expected, item.ID)
		require.NotEmpty(t, item.Found, item.ID)
		if item.Verdict == readiness.Pass {
			live++
			require.NotEmpty(t, item.Evidence, "%s passes on no evidence", item.ID)
		}
	}
	require.GreaterOrEqual(t, live, 45)
	for _, record := range run.Evidence {
		require.NotEqual(t, record.Complete, len(record.Problems) > 0, record.ID)
		if record.Complete {
			require.Len(t, record.SHA256, 64, record.ID)
			require.NotEmpty(t, record.Query, record.ID)
		}
	}
}

// requireBreakage stops parts of the environment, and wants the items that they
// decide to say so.
func requireBreakage(t *testing.T, p *suite.Project) {
	t.Helper()
	pids := map[string]int{}
	for _, part := range p.Status(t, "staging").Parts {
		pids[part.Name] = part.PID
	}
	signal := func(part string, signal syscall.Signal) {
		require.Contains(t, pids, part, "not installed; run make sandbox-deps as root")
		require.NoError(t, syscall.Kill(pids[part], signal))
	}
	require.Equal(t, readiness.Pass, itemOf(t, check(t, p, 0, "--select", "DB-2"), "DB-2").Verdict)
	signal("pgbouncer", syscall.SIGSTOP)
	run := check(t, p, 0, "--select", "DB-2", "--query-timeout", "1s")
	require.Equal(t, readiness.Unknown, itemOf(t, run, "DB-2").Verdict, "a server that hangs proves nothing")
	require.Contains(t, itemOf(t, run, "DB-2").Found, "timed out")
	signal("pgbouncer", syscall.SIGCONT)

	signal("portal", syscall.SIGKILL)
	item := itemOf(t, check(t, p, 1, "--select", "PROC-7"), "PROC-7")
	require.Equal(t, readiness.Fail, item.Verdict, "nginx answers 502 for it")

	begin := time.Now()
	run = check(t, p, 0, "--select", "MON-*", "--timeout", "1ms")
	require.True(t, run.Interrupted || run.Summary.Unknown > 0)
	require.Zero(t, run.Summary.Pass, "nothing can be read in a millisecond")
	require.Less(t, time.Since(begin), 20*time.Second)

	code, _, stderr := p.Run(t, "sandbox", "up")
	require.Equal(t, 0, code, stderr)
	require.Equal(t, readiness.Pass, itemOf(t, check(t, p, 0, "--select", "PROC-7"), "PROC-7").Verdict)
}

func requireSchema(t *testing.T, text []byte) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(string(render.ReadinessSchema())))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("readiness.json", document))
	schema, err := compiler.Compile("readiness.json")
	require.NoError(t, err)
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(instance))
}

// requireNoSecret greps for every password that lies in the sandbox.
func requireNoSecret(t *testing.T, p *suite.Project, text string) {
	t.Helper()
	found := 0
	root := filepath.Join(p.Root, ".gatehouse", "staging", "sandbox", "servers")
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		secret := strings.Contains(path, "secret") || strings.Contains(path, "password") || strings.Contains(path, "token")
		if err != nil || entry.IsDir() || !secret {
			return err
		}
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		if value := strings.TrimSpace(string(content)); len(value) >= 16 && len(value) < 200 {
			found++
			require.NotContains(t, text, value, path)
		}
		return nil
	}))
	require.Positive(t, found, "no secret was looked for")
}
