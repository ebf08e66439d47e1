package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"gatehouse/report"
)

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []*junitSuite `xml:"testsuite"`
	index  map[string]*junitSuite
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Cases []junitCase `xml:"testcase"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitCase struct {
	Name       string           `xml:"name,attr"`
	ClassName  string           `xml:"classname,attr"`
	Properties *junitProperties `xml:"properties"`
	Failure    *junitOutcome    `xml:"failure"`
	Error      *junitOutcome    `xml:"error"`
	Skipped    *junitOutcome    `xml:"skipped"`
}

type junitProperties struct {
	Properties []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitOutcome struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

// JUnit writes a test case a rule, in a suite for each of aws, kubernetes, graph
// and waiver. A rule fails where its finding stops what is being done; one that
// is advisory, undecided, waived or found no resource is skipped, with the
// reason.
func JUnit(w io.Writer, r report.Result, _ Options) error {
	all := newJUnit("policies: " + r.Source)
	found := map[string][]report.Finding{}
	for _, f := range r.Findings {
		found[f.Rule] = append(found[f.Rule], f)
	}
	unmatched := map[string]bool{}
	for _, id := range r.Summary.Unmatched {
		unmatched[id] = true
	}
	for _, rule := range described(r) {
		name, _, _ := strings.Cut(rule.ID, "-")
		c := outcome(found[rule.ID], unmatched[rule.ID], r.FailOn)
		c.Name, c.ClassName = line(join(": ", rule.ID, rule.Title)), "policies."+line(name)
		all.add(name, c)
	}
	return all.write(w)
}

func newJUnit(name string) *junitSuites {
	return &junitSuites{Name: line(name), index: map[string]*junitSuite{}}
}

// add adds a case to a suite, and counts it.
func (s *junitSuites) add(name string, c junitCase) {
	suite := s.index[name]
	if suite == nil {
		suite = &junitSuite{Name: line(name)}
		s.index[name] = suite
		s.Suites = append(s.Suites, suite)
	}
	suite.Cases = append(suite.Cases, c)
	suite.count(c)
	s.count(c)
}

func (s *junitSuites) write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (n *junitCounts) count(c junitCase) {
	n.Tests++
	switch {
	case c.Error != nil:
		n.Errors++
	case c.Failure != nil:
		n.Failures++
	case c.Skipped != nil:
		n.Skipped++
	}
}

// outcome is the worst of what a rule found, told with all that it found.
func outcome(findings []report.Finding, unmatched bool, failOn report.Severity) junitCase {
	var failed, advisory, errors, undecided, waived int
	var text []string
	for _, f := range findings {
		state := string(f.Verdict)
		switch {
		case f.Waived:
			waived++
			w := waiver(f)
			state = fmt.Sprintf("waived until %s: %s (%s)", w.Expires, w.Reason, approval(w))
		case f.Verdict == report.Undecided:
			undecided++
		case !f.Fails(failOn):
			advisory++
			state += ", advisory"
		case f.Verdict == report.Error:
			errors++
		default:
			failed++
		}
		text = append(text, line(join("  ", f.Subject(), place(f))), "  "+line(says(f)), "  "+line(state))
	}
	if len(findings) > 0 && findings[0].Remediation != "" {
		text = append(append(text, ""), lines(findings[0].Remediation)...)
	}
	o := &junitOutcome{Text: strings.Join(text, "\n")}
	var parts []string
	tell := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	tell(errors, "could not be judged")
	tell(failed, "denied")
	tell(advisory, "advisory")
	tell(undecided, "undecided")
	tell(waived, "waived")
	o.Message = strings.Join(parts, "; ")
	switch {
	case errors > 0:
		o.Type = string(findings[0].Severity)
		return junitCase{Error: o}
	case failed > 0:
		o.Type = string(findings[0].Severity)
		return junitCase{Failure: o}
	case len(findings) > 0:
		return junitCase{Skipped: o}
	case unmatched:
		return junitCase{Skipped: &junitOutcome{Message: "no resource of its types"}}
	default:
		return junitCase{}
	}
}
