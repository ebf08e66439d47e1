package artefact

import (
	"encoding/json"
	"testing"

	"gatehouse/checks/evidence"
)

// FuzzParsers gives every parser any text: each says what it read or why not,
// never ends the program, and what it read can be kept as evidence.
func FuzzParsers(f *testing.F) {
	for _, seed := range []string{
		"mode: set\na.go:1.1,2.2 1 1\n", "TN:\nSF:a\nDA:1,1\nLF:1\nLH:1\nend_of_record\n",
		`<coverage lines-valid="1"><packages><package><classes><class filename="a"><lines><line number="1" hits="1"/></lines></class></classes></package></packages></coverage>`,
		`{"total":{"lines":{"total":1,"covered":1}}}`,
		`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t","rules":[{"id":"r","properties":{"security-severity":"9"}}]}},"results":[{"ruleIndex":0,"level":"error"}]}]}`,
		`{"auditReportVersion":2,"vulnerabilities":{"a":{"severity":"high"}},"metadata":{"vulnerabilities":{"high":1},"dependencies":{"total":1}}}`,
		`{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Vulnerabilities":[{"Severity":"CRITICAL"}]}]}`,
		`{"metrics":{"vus":{"max":1},"a":{"thresholds":{"x":{"ok":true},"y":false}}}}`,
		`<testsuites><testsuite tests="1"><testcase name="a"><failure/></testcase></testsuite></testsuites>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, parse := range []func(evidence.ArtefactFile, []byte) (any, error){
			erased(parseCoverage), erased(parseSARIF), erased(parseNPM), erased(parseTrivy), erased(parseK6), erased(parseJUnit),
		} {
			read, err := parse(evidence.ArtefactFile{}, text)
			if err != nil {
				continue
			}
			if _, err := json.Marshal(read); err != nil {
				t.Errorf("%v of %q", err, text)
			}
			if reports, is := read.([]evidence.Coverage); is && (reports[0].Percent() < 0 || reports[0].Percent() > 100) {
				t.Errorf("%g %% of %q", reports[0].Percent(), text)
			}
		}
	})
}

func erased[T any](parse parser[T]) func(evidence.ArtefactFile, []byte) (any, error) {
	return func(file evidence.ArtefactFile, text []byte) (any, error) { return parse(file, text) }
}
