package quality

import (
	"slices"
	"strings"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Thresholds of both: a list of the tools that count (parts of their names),
// maxSeverity (of the scale 0 to 10 that SARIF calls security-severity), maxAge.
var (
	staticAnalysisClean = analysis("static-analysis-clean", "staticTools", "static analysis (SAST)",
		"run one such as CodeQL, Semgrep or gosec, and have it write SARIF")
	dynamicAnalysisClean = analysis("dynamic-analysis-clean", "dynamicTools", "dynamic analysis (DAST)",
		"run one such as ZAP against staging, and have it write SARIF")
)

func analysis(id, tools, what, remedy string) judge.Checker {
	return judge.Checker{
		ID:       id,
		Expected: "A tool for " + what + " ran, and left no error that nobody has accepted",
		Needs:    []evidence.Name{evidence.ArtefactScans.Name()},
		Judge: func(c *judge.Case) {
			counted, severe := c.Texts(tools), c.Number("maxSeverity")
			c.Expect("a tool for %s ran to its end, and left no result of level error or of severity %g and more that nobody has accepted", what, severe)
			found := false
			for _, scan := range judge.Read(c, evidence.ArtefactScans) {
				if !isOneOf(scan.Tool, counted) || !fresh(c, scan.ArtefactFile) {
					continue
				}
				found = true
				scanned(c, scan, severe)
			}
			if !found {
				c.Unknown("no fresh SARIF log is of a tool for %s (%s); %s", what, strings.Join(counted, ", "), remedy)
			}
		},
	}
}

func scanned(c *judge.Case, scan evidence.Scan, severe float64) {
	for _, f := range scan.Findings {
		if f.Level != "error" && f.Severity < severe {
			continue
		}
		where := f.Where
		if where == "" {
			where = scan.Path
		}
		c.Fail(where, "%s: %s: %s", scan.Tool, f.Rule, f.Message)
	}
	if !scan.Completed {
		c.Unknown("%s: %s says that it did not run to its end: what it has not found proves nothing", scan.Path, scan.Tool)
		return
	}
	c.Saw()
	c.Note("%s %s: %d errors, %d warnings, %d accepted", scan.Tool, scan.Version,
		scan.Results["error"], scan.Results["warning"], scan.Suppressed)
}

// isOneOf tells whether a tool's name holds one of the words.
func isOneOf(tool string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return strings.Contains(strings.ToLower(tool), strings.ToLower(word))
	})
}
