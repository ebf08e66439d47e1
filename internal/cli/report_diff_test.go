package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report/history"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
)

// keptRuns is a history of three days, a run a day; on the second DB-1 fails,
// and on the third it holds again.
func keptRuns(t *testing.T) (dir string, ids []string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "history")
	store, err := history.Open(dir)
	require.NoError(t, err)
	for day := range 3 {
		run := resultstest.Run("staging", resultstest.Start.AddDate(0, 0, day))
		if day == 1 {
			run.Items[0].Verdict, run.Items[0].Judgements[0].Verdict = readiness.Fail, readiness.Fail
			run.Finish(run.Summary.FailOn)
		}
		require.NoError(t, store.Put(t.Context(), run))
		ids = append(ids, run.ID)
	}
	t.Setenv(historyVariable, dir)
	return dir, ids
}

func TestReportDiff(t *testing.T) {
	_, ids := keptRuns(t)
	file := filepath.Join(t.TempDir(), "run.json")
	require.NoError(t, os.WriteFile(file, resultstest.JSON(t, resultstest.Run("staging", resultstest.Start)), 0o600))
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"kept runs, worse":      {[]string{ids[0], ids[1]}, exitFindings, "✗ DB-1 Title of DB-1: PASS → FAIL"},
		"kept runs, better":     {[]string{ids[1], ids[2]}, exitOK, "✓ DB-1 Title of DB-1: FAIL → PASS"},
		"a file and a kept run": {[]string{file, ids[1]}, exitFindings, "✗ DB-1"},
		"a file and itself":     {[]string{file, file}, exitOK, "nothing is worse"},
		"the newest two":        {[]string{"-s", "staging"}, exitOK, "✓ DB-1"},
		"since a day":           {[]string{"-s", "staging", "--since", "2026-11-23"}, exitOK, "nothing is worse"},
		"markdown":              {[]string{ids[0], ids[1], "-o", "markdown"}, exitFindings, "### ❌ Readiness"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := inOther(t, nil, "", append([]string{"report", "diff"}, c.args...)...)
			require.Equal(t, c.code, code, stderr)
			require.Contains(t, stdout, c.want)
		})
	}
}

func TestReportDiffSaysWhatItCannotDo(t *testing.T) {
	dir, ids := keptRuns(t)
	damaged := filepath.Join(t.TempDir(), "cut.json")
	whole := resultstest.JSON(t, resultstest.Run("staging", resultstest.Start))
	require.NoError(t, os.WriteFile(damaged, whole[:len(whole)/2], 0o600))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"nothing":         {nil, "name two runs, or a stack with -s"},
		"one":             {[]string{ids[0]}, "name two runs"},
		"both ways":       {[]string{ids[0], ids[1], "-s", "staging"}, "name none"},
		"no such run":     {[]string{ids[0], "staging-20200101T000000Z"}, "no such run is kept"},
		"no such file":    {[]string{"a.json", "b.json"}, "read results: open a.json"},
		"cut off":         {[]string{damaged, damaged}, "cut off at line "},
		"no such stack":   {[]string{"-s", "production"}, "find the newest run of production: none is kept"},
		"none so old":     {[]string{"-s", "staging", "--since", "2026-11-22"}, "find a run of staging from before 2026-11-22T00:00:00Z: none is kept"},
		"since nonsense":  {[]string{"-s", "staging", "--since", "soon"}, `--since "soon": want how long ago`},
		"hostile stack":   {[]string{"-s", "../x"}, "is no name of an environment"},
		"unknown history": {[]string{"-s", "staging", "--history", "gs://x"}, `"gs://x" is no folder`},
		"unknown output":  {[]string{ids[0], ids[1], "-o", "html"}, `unknown output "html"`},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := inOther(t, nil, "", append([]string{"report", "diff"}, c.args...)...)
			require.Equal(t, exitError, code, stdout)
			require.Contains(t, stderr, c.want)
			require.Empty(t, stdout)
		})
	}
	t.Run("the newest is damaged", func(t *testing.T) {
		path := filepath.Join(dir, "staging", ids[2]+".json.gz")
		require.NoError(t, os.WriteFile(path, []byte("half"), 0o600))
		code, _, stderr := inOther(t, nil, "", "report", "diff", "-s", "staging")
		require.Equal(t, exitError, code)
		require.Contains(t, stderr, ids[2])
	})
	t.Run("no history", func(t *testing.T) {
		t.Setenv(historyVariable, "")
		code, _, stderr := inOther(t, nil, "", "report", "diff", "-s", "staging")
		require.Equal(t, exitError, code)
		require.Contains(t, stderr, historyVariable)
	})
}

func TestReportHistory(t *testing.T) {
	dir, ids := keptRuns(t)
	code, stdout, stderr := inOther(t, nil, "", "report", "history", "-s", "staging", "-n", "2", "-o", "json")
	require.Equal(t, exitOK, code, stderr)
	var points []readiness.Point
	require.NoError(t, json.Unmarshal([]byte(stdout), &points))
	require.Len(t, points, 2)
	require.Equal(t, ids[2], points[0].ID)
	require.Equal(t, ids[1], points[1].ID)
	require.Equal(t, 3, points[1].Fail)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "staging", ids[2]+".json.gz"), []byte("half"), 0o600))
	code, stdout, stderr = inOther(t, nil, "", "report", "history")
	require.Equal(t, exitError, code)
	require.Contains(t, stdout, ids[0])
	require.Contains(t, stdout, ids[1])
	require.NotContains(t, stdout, ids[2])
	require.Contains(t, stderr, "warning: read run \""+ids[2])

	code, _, stderr = inOther(t, nil, "", "report", "history", "-n", "0")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "--number 0")
}

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"":           {},
		"12h":        now.Add(-12 * time.Hour),
		"90m":        now.Add(-90 * time.Minute),
		"7d":         now.AddDate(0, 0, -7),
		"0d":         now,
		"2026-11-01": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	} {
		got, err := parseSince(text, now)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"7", "-7d", "-1h", "d", "7w", "2026-13-01", "yesterday", "99999999999d"} {
		_, err := parseSince(text, now)
		require.ErrorContains(t, err, text)
	}
}
