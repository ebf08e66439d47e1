package artefact_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/checks/evidence"
)

func TestSARIF(t *testing.T) {
	scan := one(t, evidence.ArtefactScans, `{"version":"2.1.0","runs":[{
		"tool":{"driver":{"name":"CodeQL","semanticVersion":"2.1","rules":[
			{"id":"js/sqli","defaultConfiguration":{"level":"error"},"properties":{"security-severity":"8.8"}},
			{"id":"js/style","defaultConfiguration":{"level":"note"},"properties":{"security-severity":9.1}}]},
			"extensions":[{"name":"pack","rules":[{"id":"ext","defaultConfiguration":{"level":"error"}}]}]},
		"invocations":[{"executionSuccessful":true}],
		"results":[
			{"ruleId":"js/sqli","message":{"text":"a\nb"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.js"},"region":{"startLine":7}}}]},
			{"ruleIndex":1,"message":{"text":"severe note"}},
			{"rule":{"index":0},"level":"warning","suppressions":[{"kind":"inSource"}]},
			{"ruleId":"ext","suppressions":[{"kind":"external","status":"underReview"}]},
			{"ruleId":"js/sqli","kind":"pass"},
			{"ruleId":"js/sqli","level":"none"},
			{"ruleId":"js/sqli","baselineState":"absent"},
			{"ruleId":"unknown"}]}]}`)
	require.Equal(t, map[string]int{"error": 2, "note": 1, "warning": 1}, scan.Results)
	require.Equal(t, 1, scan.Suppressed)
	require.True(t, scan.Completed)
	require.Equal(t, []evidence.ScanFinding{
		{Rule: "js/sqli", Level: "error", Severity: 8.8, Where: "a.js:7", Message: "a"},
		{Rule: "js/style", Level: "note", Severity: 9.1, Message: "severe note"},
		{Rule: "ext", Level: "error"},
	}, scan.Findings)
	for text, completed := range map[string]bool{
		`{"version":"2.1.0","runs":[{"results":[]}]}`:                                               true,
		`{"version":"2.1.0","runs":[{}]}`:                                                           false, // it did not look
		`{"version":"2.1.0","runs":[{"results":[],"invocations":[{"executionSuccessful":false}]}]}`: false,
	} {
		require.Equal(t, completed, one(t, evidence.ArtefactScans, text).Completed, text)
	}
	refused(t, evidence.ArtefactScans, `{"version":"2.0.0","runs":[{}]}`, "SARIF 2.1.0 is wanted")
	refused(t, evidence.ArtefactScans, `{"version":"2.1.0","runs":[]}`, "no runs")
	refused(t, evidence.ArtefactScans, "{\n\n\"version\": 5}", "line 3")
	// What this program writes itself is SARIF too.
	golden, err := os.ReadFile(filepath.Join("..", "..", "..", "report", "render", "testdata", "sarif-schema-2.1.0.json"))
	require.NoError(t, err)
	refused(t, evidence.ArtefactScans, string(golden), "its version is")
}

func TestNPM(t *testing.T) {
	audit := one(t, evidence.ArtefactNPM, `{"auditReportVersion":2,"vulnerabilities":{"b":{"severity":"critical"},"a":{"severity":"high"},"c":{"severity":"low"}},
		"metadata":{"vulnerabilities":{"info":0,"low":1,"moderate":0,"high":1,"critical":1,"total":3},"dependencies":{"prod":5,"dev":9,"total":14}}}`)
	require.Equal(t, map[string]int{"critical": 1, "high": 1, "low": 1}, audit.Vulnerable)
	require.Equal(t, []string{"a (high)", "b (critical)"}, audit.Packages)
	require.Equal(t, 14, audit.Dependencies)
	refused(t, evidence.ArtefactNPM, `{"error":{"code":"ENOLOCK","summary":"no lock file"}}`, "npm audit itself failed: ENOLOCK")
	refused(t, evidence.ArtefactNPM, `{"advisories":{},"metadata":{}}`, "use npm 7 or later")
	refused(t, evidence.ArtefactNPM, `{"auditReportVersion":2}`, "no list of vulnerabilities")
	refused(t, evidence.ArtefactNPM, `{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"critical":1,"total":1}}}`, "counts 1 of severity critical and lists 0")
	refused(t, evidence.ArtefactNPM, `[]`, "line 1")
}

func TestTrivy(t *testing.T) {
	scan := one(t, evidence.ArtefactImages, `{"SchemaVersion":2,"ArtifactName":"portal:1","ArtifactType":"container_image","Results":[
		{"Target":"debian","Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"zlib","InstalledVersion":"1","FixedVersion":"2","Severity":"CRITICAL"},{"Severity":"LOW"}]},
		{"Target":"node"},{"Target":"files","Secrets":[{"RuleID":"aws-access-key-id","Match":"AKIA****"}]}]}`)
	require.Equal(t, []any{"portal:1", 3, 1}, []any{scan.Artefact, scan.Targets, scan.Secrets})
	require.Equal(t, []string{"CVE-1 in zlib 1 (fixed in 2)"}, scan.Critical)
	require.Equal(t, map[string]int{"CRITICAL": 1, "LOW": 1}, scan.Vulnerabilities)
	refused(t, evidence.ArtefactImages, `[]`, "cannot unmarshal")
	refused(t, evidence.ArtefactImages, `{"SchemaVersion":1}`, "2 is wanted")
	refused(t, evidence.ArtefactImages, `{"SchemaVersion":2}`, "what was scanned")
}

func TestK6(t *testing.T) {
	// k6 run --summary-export: a threshold is true when it was crossed.
	exported := one(t, evidence.ArtefactLoad, `{"root_group":{"name":""},"metrics":{
		"http_reqs":{"count":30000,"rate":99.9},"vus":{"value":3,"min":3,"max":100},"vus_max":{"value":200,"min":200,"max":200},
		"http_req_failed":{"passes":30,"fails":29970,"value":0.001,"thresholds":{"rate<0.01":false}},
		"http_req_duration":{"avg":90,"p(90)":150,"p(95)":180,"thresholds":{"p(95)<100":true}}}}`)
	require.Equal(t, []any{100, 30000, 0.001, 180.0}, []any{exported.VUs, exported.Requests, exported.Failed, exported.P95})
	require.InDelta(t, 300.3, exported.Seconds, 0.1)
	require.Equal(t, map[string]bool{"http_req_failed: rate<0.01": true, "http_req_duration: p(95)<100": false}, exported.Thresholds)
	// handleSummary: the data object, where ok says that it held.
	handled := one(t, evidence.ArtefactLoad, `{"options":{},"state":{"testRunDurationMs":300123.4},"metrics":{
		"http_reqs":{"type":"counter","contains":"default","values":{"count":5,"rate":1}},"vus":{"type":"gauge","values":{"value":1,"min":1,"max":50}},
		"http_req_failed":{"type":"rate","values":{"rate":0.5,"passes":1,"fails":1}},
		"http_req_duration":{"type":"trend","values":{"p(95)":42},"thresholds":{"p(95)<500":{"ok":true},"p(95)<10":{"ok":false}}}}}`)
	require.Equal(t, []any{50, 5, 0.5, 42.0}, []any{handled.VUs, handled.Requests, handled.Failed, handled.P95})
	require.InDelta(t, 300.1, handled.Seconds, 0.1)
	require.Equal(t, map[string]bool{"http_req_duration: p(95)<500": true, "http_req_duration: p(95)<10": false}, handled.Thresholds)
	refused(t, evidence.ArtefactLoad, `{}`, "no metrics")
	refused(t, evidence.ArtefactLoad, `{"metrics":{"a":{"thresholds":{"x":{}}}}}`, "does not say whether it held")
	refused(t, evidence.ArtefactLoad, `{"metrics":{"a":5}}`, "cannot unmarshal")
}

func TestJUnit(t *testing.T) {
	run := one(t, evidence.ArtefactTests, `<?xml version="1.0" encoding="UTF-8"?><testsuites><testsuite name="a" failures="1" errors="1">
		<testcase classname="A" name="ok"/><testcase classname="A" name="bad"><failure message="no"/></testcase>
		<testcase classname="A" name="worse"><error/></testcase><testcase classname="A" name="off"><skipped/></testcase>
		<testsuite name="inner"><testcase classname="B" name="ok"/></testsuite></testsuite></testsuites>`)
	require.Equal(t, []any{5, 1, 2}, []any{run.Tests, run.Skipped, run.Failures})
	require.Equal(t, []string{"A bad", "A worse"}, run.Failed)
	broken := one(t, evidence.ArtefactTests, `<testsuite errors="1"/>`)
	require.Equal(t, 1, broken.Failures, "a suite can break before its first case")
	refused(t, evidence.ArtefactTests, `<testsuite>`, "line 1")
	refused(t, evidence.ArtefactTests, `<html/>`, "<testsuites> is wanted")
	refused(t, evidence.ArtefactTests, `<testsuite failures="-1"/>`, "is no count")
	refused(t, evidence.ArtefactTests, ``, "EOF")
}
