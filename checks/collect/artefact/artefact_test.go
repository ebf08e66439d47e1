package artefact_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/collect"
	"gatehouse/checks/collect/artefact"
	"gatehouse/checks/evidence"
	"gatehouse/checks/target"
)

// everywhere names one glob for all kinds.
func everywhere(globs ...string) target.Artefacts {
	return target.Artefacts{Coverage: globs, SARIF: globs, NPMAudit: globs, Trivy: globs, K6: globs, JUnit: globs}
}

func gather(ctx context.Context, t *testing.T, dir string, targets target.Artefacts) evidence.Facts {
	t.Helper()
	c, err := artefact.New(ctx, targets, dir)
	require.NoError(t, err)
	defer c.Close()
	plan := collect.Plan{Readers: c.Readers(), Now: time.Now}
	for _, r := range c.Readers() {
		plan.Needs = append(plan.Needs, r.Name)
	}
	facts, _ := collect.Gather(ctx, plan, collect.Limits{})
	return facts
}

// read writes files and reads them as one kind.
func read[T any](t *testing.T, q evidence.Query[[]T], files ...string) evidence.Fact[[]T] {
	t.Helper()
	dir := t.TempDir()
	for i, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, string(rune('a'+i))), []byte(text), 0o600))
	}
	return evidence.Get(gather(t.Context(), t, dir, everywhere("*")), q)
}

// one is what one good file holds.
func one[T any](t *testing.T, q evidence.Query[[]T], text string) T {
	t.Helper()
	fact := read(t, q, text)
	require.Empty(t, fact.Problems)
	require.Len(t, fact.Value, 1)
	return fact.Value[0]
}

// refused is why a broken file was not read.
func refused[T any](t *testing.T, q evidence.Query[[]T], text, why string) {
	t.Helper()
	fact := read(t, q, text)
	require.Len(t, fact.Problems, 1)
	require.Equal(t, evidence.Invalid, fact.Problems[0].Kind)
	require.Contains(t, fact.Problems[0].Message, why)
	require.Contains(t, fact.Problems[0].Message, "a: ", "it names the file")
	require.Empty(t, fact.Value)
}

func TestNothingIsNamed(t *testing.T) {
	for name, answer := range gather(t.Context(), t, t.TempDir(), target.Artefacts{}) {
		require.Equal(t, evidence.NotConfigured, answer.Problems[0].Kind, name)
		require.Contains(t, answer.Problems[0].Remedy, "targets.yaml", name)
	}
}

func TestNothingIsThere(t *testing.T) {
	for name, answer := range gather(t.Context(), t, t.TempDir(), everywhere("reports/*.json")) {
		require.Equal(t, evidence.NotConfigured, answer.Problems[0].Kind, name)
		require.Contains(t, answer.Problems[0].Message, "reports/*.json", name)
		require.Contains(t, answer.Problems[0].Remedy, "run ", name)
		require.NotContains(t, answer.Problems[0].Remedy, "reports/", "what it says to do makes the file that is looked for")
	}
}

func TestABadPattern(t *testing.T) {
	for name, answer := range gather(t.Context(), t, t.TempDir(), everywhere("[")) {
		require.Equal(t, evidence.NotConfigured, answer.Problems[0].Kind, name)
	}
}

func TestEveryPatternMustFindSomething(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.out"), []byte("mode: set\nf.go:1.1,2.2 1 1\n"), 0o600))
	for globs, problems := range map[string]int{"a.out": 0, "*.out a.out": 0, "a.out b.out": 1} {
		fact := evidence.Get(gather(t.Context(), t, dir, everywhere(strings.Fields(globs)...)), evidence.ArtefactCoverage)
		require.Len(t, fact.Problems, problems, globs)
		if problems == 0 {
			require.Len(t, fact.Value, 1, "a file counts once, however often it is named")
		}
	}
}

func TestABrokenFileLeavesTheOthers(t *testing.T) {
	fact := read(t, evidence.ArtefactCoverage, "mode: set\nf.go:1.1,2.2 1 1\n", "mode: set\ngarbage\n")
	require.Len(t, fact.Value, 1)
	require.Len(t, fact.Problems, 1)
	require.Contains(t, fact.Problems[0].Message, "b: ")
}

func TestWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	for name, answer := range gather(t.Context(), t, dir, everywhere("*")) {
		require.Len(t, answer.Problems, 2, name)
		require.Contains(t, answer.Problems[0].Message, "it is no file", name)
	}
}

func TestTooMuch(t *testing.T) {
	dir := t.TempDir()
	large, err := os.Create(filepath.Join(dir, "large"))
	require.NoError(t, err)
	require.NoError(t, large.Truncate(33<<20)) // takes no room
	require.NoError(t, large.Close())
	fact := evidence.Get(gather(t.Context(), t, dir, everywhere("large")), evidence.ArtefactTests)
	require.Contains(t, fact.Problems[0].Message, "more than 32 MiB")
	for i := range 201 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, strings.Repeat("x", i+1)), nil, 0o600))
	}
	fact = evidence.Get(gather(t.Context(), t, dir, everywhere("x*")), evidence.ArtefactTests)
	require.Contains(t, fact.Problems[0].Message, "201 files")
}

func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), []byte("{}"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, err := artefact.New(ctx, everywhere("a"), dir)
	require.NoError(t, err)
	for _, r := range c.Readers() {
		_, err := r.Read(ctx)
		require.Equal(t, evidence.Cancelled, evidence.Problems(err)[0].Kind, r.Name)
	}
}

func TestTimes(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	sarif := one(t, evidence.ArtefactScans, `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t"}},"results":[],
		"invocations":[{"startTimeUtc":"2026-11-20T09:00:00Z","endTimeUtc":"2026-11-20T10:00:00Z"}],"versionControlProvenance":[{"revisionId":"abc"}]}]}`)
	require.Equal(t, at, sarif.At)
	require.True(t, sarif.Stated)
	require.Equal(t, "abc", sarif.Commit)
	require.Equal(t, at, one(t, evidence.ArtefactImages, `{"SchemaVersion":2,"CreatedAt":"2026-11-20T11:00:00.000+01:00","ArtifactName":"a"}`).At)
	require.Equal(t, at, one(t, evidence.ArtefactTests, `<testsuite timestamp="2026-11-20T10:00:00"/>`).At)
	require.Equal(t, at, one(t, evidence.ArtefactTests, `<testsuites timestamp="x"><testsuite timestamp="2026-11-20T12:00:00+02:00"/></testsuites>`).At)
	for _, timestamp := range []string{"1795168800", "1795168800000"} {
		require.Equal(t, at, one(t, evidence.ArtefactCoverage, `<coverage lines-valid="1" lines-covered="1" timestamp="`+timestamp+`"/>`).At)
	}
	plain := one(t, evidence.ArtefactCoverage, "mode: set\nf.go:1.1,2.2 1 1\n")
	require.False(t, plain.Stated)
	require.WithinDuration(t, time.Now(), plain.At, time.Minute)
}
