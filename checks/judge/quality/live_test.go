package quality_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/checkstest"
	"gatehouse/checks/collect/artefact"
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/judge/quality"
	"gatehouse/checks/target"
	"gatehouse/report/readiness"
)

// figures are thresholds as in the checklist.
var figures = judge.Thresholds{
	"minCoverage": 90, "maxAge": "720h", "staticTools": []any{"semgrep", "codeql"}, "dynamicTools": []any{"zap"},
	"maxSeverity": 7, "severities": []any{"critical"}, "minVUs": 100, "minDuration": "5m", "maxFailed": 0.01,
}

// left is what a pipeline has left, by path.
var left = map[string]string{
	"coverage.out":  "mode: set\ngatehouse/a.go:1.1,2.2 9 1\ngatehouse/a.go:3.1,4.2 1 0\n",
	"semgrep.sarif": `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Semgrep OSS"}},"results":[{"ruleId":"r","level":"note","message":{"text":"m"}}]}]}`,
	"zap.sarif":     `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"ZAP"}},"results":[]}]}`,
	"npm.json":      `{"auditReportVersion":2,"vulnerabilities":{"glob":{"severity":"high"}},"metadata":{"vulnerabilities":{"high":1,"total":1},"dependencies":{"total":40}}}`,
	"trivy.json":    `{"SchemaVersion":2,"ArtifactName":"portal:1","ArtifactType":"container_image","Results":[{"Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"zlib","InstalledVersion":"1","Severity":"LOW"}]}]}`,
	"k6.json":       `{"metrics":{"vus":{"value":1,"min":1,"max":100},"http_reqs":{"count":30000,"rate":100},"http_req_failed":{"value":0},"http_req_duration":{"p(95)":180,"thresholds":{"p(95)<500":false}}}}`,
	"junit.xml":     `<testsuites><testsuite name="a" tests="1" failures="0" errors="0"><testcase classname="a" name="b"/></testsuite></testsuites>`,
}

func TestLiveArtefacts(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	for name, text := range left {
		write(name, text)
	}
	stage := checkstest.Stage{
		Checkers: quality.Checkers(), Thresholds: figures,
		Readers: func(t *testing.T) []evidence.Reader {
			c, err := artefact.New(t.Context(), target.Artefacts{
				Coverage: []string{"coverage.out"}, SARIF: []string{"*.sarif"}, NPMAudit: []string{"npm.json"},
				Trivy: []string{"trivy.json"}, K6: []string{"k6.json"}, JUnit: []string{"*.xml"},
			}, dir)
			require.NoError(t, err)
			t.Cleanup(c.Close)
			return c.Readers()
		},
	}
	scene := func(id, file, old, broken, found string) checkstest.Scene {
		set := func(t *testing.T, text string) {
			require.NotEqual(t, left[file], text, "nothing was broken")
			write(file, text)
			t.Cleanup(func() { write(file, left[file]) })
		}
		return checkstest.Scene{
			Checker: id, Found: found, Why: file,
			Break: func(t *testing.T) { set(t, strings.Replace(left[file], old, broken, 1)) },
			Blind: func(t *testing.T) { set(t, left[file][:len(left[file])-4]) }, // not written to its end
		}
	}
	stage.Play(t,
		scene("coverage-enough", "coverage.out", "4.2 1 0", "4.2 2 0", "81.81 %"),
		scene("static-analysis-clean", "semgrep.sarif", `"note"`, `"error"`, "Semgrep OSS: r: m"),
		scene("dynamic-analysis-clean", "zap.sarif", `[]`, `[{"ruleId":"10038","level":"error","message":{"text":"CSP"}}]`, "ZAP: 10038: CSP"),
		scene("npm-dependencies-clean", "npm.json", `{"glob":{"severity":"high"}},"metadata":{"vulnerabilities":{"high":1`,
			`{"glob":{"severity":"critical"}},"metadata":{"vulnerabilities":{"critical":1`, "1 packages of severity critical: glob"),
		scene("scans-clean", "trivy.json", "LOW", "CRITICAL", "CVE-1 in zlib 1"),
		scene("load-test-passed", "k6.json", "false", "true", "http_req_duration: p(95)<500 was crossed"),
		scene("tests-passed", "junit.xml", `name="b"/>`, `name="b"><failure/></testcase>`, "a b failed"),
	)
	t.Run("an old artefact proves nothing", func(t *testing.T) {
		old := time.Now().Add(-31 * 24 * time.Hour)
		for name := range left {
			require.NoError(t, os.Chtimes(filepath.Join(dir, name), old, old))
		}
		for _, k := range quality.Checkers() {
			j := stage.Judge(t, k.ID)
			require.Equal(t, readiness.Unknown, j.Verdict, "%s: %s", k.ID, j.Found)
			require.Contains(t, strings.Join(j.Reasons, " "), "older than 30 days", k.ID)
		}
	})
	t.Run("what nobody named is not configured", func(t *testing.T) {
		stage.Readers = func(t *testing.T) []evidence.Reader {
			c, err := artefact.New(t.Context(), target.Artefacts{}, dir)
			require.NoError(t, err)
			return c.Readers()
		}
		for _, k := range quality.Checkers() {
			j := stage.Judge(t, k.ID)
			require.Equal(t, readiness.Unknown, j.Verdict, k.ID)
			require.Contains(t, j.Found, "not configured", k.ID)
			require.Contains(t, j.Found, "targets.yaml", k.ID)
		}
	})
}

var now = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func TestEdges(t *testing.T) {
	file := evidence.ArtefactFile{Path: "f", At: now.Add(-time.Hour)}
	of := func(age time.Duration) evidence.ArtefactFile {
		return evidence.ArtefactFile{Path: "f", At: now.Add(-age)}
	}
	coverage := func(f evidence.ArtefactFile, covered, total int) evidence.Coverage {
		return evidence.Coverage{ArtefactFile: f, Unit: "lines", Covered: covered, Total: total}
	}
	scan := func(tool string, completed bool, findings ...evidence.ScanFinding) []evidence.Scan {
		return []evidence.Scan{{ArtefactFile: file, Tool: tool, Completed: completed, Findings: findings}}
	}
	load := func(users int, seconds float64, failed float64, thresholds map[string]bool) []evidence.LoadTest {
		return []evidence.LoadTest{{ArtefactFile: file, VUs: users, Seconds: seconds, Failed: failed, Requests: 100, Thresholds: thresholds}}
	}
	held := map[string]bool{"http_req_duration: p(95)<500": true}
	for _, row := range []struct {
		checker, name string
		fix           func(f evidence.Facts)
		want          readiness.Verdict
		found         string
	}{
		{"coverage-enough", "exactly", fix(evidence.ArtefactCoverage, []evidence.Coverage{coverage(file, 90, 100)}), "PASS", "90.00 %"},
		{"coverage-enough", "just not", fix(evidence.ArtefactCoverage, []evidence.Coverage{coverage(file, 89999, 100000)}), "FAIL", "89.99 %"},
		{"coverage-enough", "nothing measured", fix(evidence.ArtefactCoverage, []evidence.Coverage{coverage(file, 0, 0)}), "UNKNOWN", "nothing was measured"},
		{"coverage-enough", "one does not make up for another", fix(evidence.ArtefactCoverage, []evidence.Coverage{coverage(file, 999, 1000), coverage(file, 1, 10)}), "FAIL", "10.00 %"},
		{"coverage-enough", "yet to come", fix(evidence.ArtefactCoverage, []evidence.Coverage{coverage(of(-time.Hour), 1, 1)}), "UNKNOWN", "yet to come"},
		{"coverage-enough", "old and bad is not bad now", fix(evidence.ArtefactCoverage, []evidence.Coverage{coverage(of(721*time.Hour), 1, 10)}), "UNKNOWN", "older than 30 days"},
		{"static-analysis-clean", "another tool", fix(evidence.ArtefactScans, scan("Trivy", true)), "UNKNOWN", "no fresh SARIF log"},
		{"static-analysis-clean", "broke off", fix(evidence.ArtefactScans, scan("CodeQL", false)), "UNKNOWN", "did not run to its end"},
		{"static-analysis-clean", "severe warning", fix(evidence.ArtefactScans, scan("CodeQL", true, evidence.ScanFinding{Rule: "js/sqli", Level: "warning", Severity: 8.8})), "FAIL", "js/sqli"},
		{"load-test-passed", "short", fix(evidence.ArtefactLoad, load(100, 60, 0, held)), "UNKNOWN", "100 virtual users for 5m0s or more"},
		{"load-test-passed", "short and bad", fix(evidence.ArtefactLoad, load(10, 60, 0.2, held)), "FAIL", "20.00 %"},
		{"load-test-passed", "ends a little early", fix(evidence.ArtefactLoad, load(100, 299.2, 0, held)), "PASS", "100 virtual users"},
		{"load-test-passed", "no thresholds", fix(evidence.ArtefactLoad, load(100, 300, 0, nil)), "UNKNOWN", "no thresholds of its own"},
		{"tests-passed", "all skipped", fix(evidence.ArtefactTests, []evidence.TestRun{{ArtefactFile: file, Tests: 3, Skipped: 3}}), "UNKNOWN", "no test ran"},
		{"tests-passed", "broke before its cases", fix(evidence.ArtefactTests, []evidence.TestRun{{ArtefactFile: file, Failures: 1}}), "FAIL", "1 more failed or broke"},
		{"scans-clean", "nothing to look at", fix(evidence.ArtefactImages, []evidence.TrivyReport{{ArtefactFile: file, Artefact: "scratch:1"}}), "UNKNOWN", "nothing in scratch:1"},
		{"scans-clean", "a credential", fix(evidence.ArtefactImages, []evidence.TrivyReport{{ArtefactFile: file, Artefact: "a:1", Targets: 1, Secrets: 1}}), "FAIL", "1 credentials"},
		{"npm-dependencies-clean", "of nothing", fix(evidence.ArtefactNPM, []evidence.NPMAudit{{ArtefactFile: file}}), "UNKNOWN", "nothing was audited"},
	} {
		t.Run(row.checker+"/"+strings.ReplaceAll(row.name, " ", "-"), func(t *testing.T) {
			facts := evidence.Facts{}
			row.fix(facts)
			j := checkstest.Over(t, quality.Checkers(), row.checker, judge.Environment{Now: now}, figures, facts)
			require.Equal(t, row.want, j.Verdict, "%s %s", j.Found, j.Reasons)
			require.Contains(t, j.Found+strings.Join(j.Reasons, " "), row.found)
		})
	}
}

func fix[T any](q evidence.Query[T], value T) func(evidence.Facts) {
	return func(f evidence.Facts) { evidence.Fix(f, q, value) }
}
