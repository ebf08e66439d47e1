package artefact

import (
	"time"

	"gatehouse/checks/evidence"
)

// suite is <testsuites> and <testsuite> alike: both hold suites, one cases.
type suite struct {
	Timestamp string  `xml:"timestamp,attr"`
	Failures  int     `xml:"failures,attr"`
	Errors    int     `xml:"errors,attr"`
	Suites    []suite `xml:"testsuite"`
	Cases     []struct {
		Class   string    `xml:"classname,attr"`
		Name    string    `xml:"name,attr"`
		Failure *struct{} `xml:"failure"`
		Error   *struct{} `xml:"error"`
		Skipped *struct{} `xml:"skipped"`
	} `xml:"testcase"`
}

func parseJUnit(file evidence.ArtefactFile, text []byte) ([]evidence.TestRun, error) {
	var root suite
	if err := fromXML(text, &root, "testsuites", "testsuite"); err != nil {
		return nil, err
	}
	file.Format = "junit"
	run := evidence.TestRun{ArtefactFile: file, Failed: []string{}}
	if err := root.count(&run); err != nil {
		return nil, err
	}
	return []evidence.TestRun{run}, nil
}

// count adds a suite up. Its own figures count beside the cases: a suite can
// break before its first case.
func (s suite) count(run *evidence.TestRun) error {
	if err := counts(s.Failures, s.Errors); err != nil {
		return err
	}
	stated(&run.ArtefactFile, moment(s.Timestamp))
	before := run.Failures
	for _, c := range s.Cases {
		run.Tests++
		switch {
		case c.Failure != nil || c.Error != nil:
			run.Failures++
			if len(run.Failed) < some {
				run.Failed = append(run.Failed, c.Class+" "+c.Name)
			}
		case c.Skipped != nil:
			run.Skipped++
		}
	}
	for _, below := range s.Suites {
		if err := below.count(run); err != nil {
			return err
		}
	}
	run.Failures = max(run.Failures, before+s.Failures+s.Errors)
	return nil
}

// moment reads a timestamp, which most tools write without a zone. One that is
// none says nothing.
func moment(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}
