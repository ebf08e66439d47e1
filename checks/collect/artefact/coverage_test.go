package artefact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/checks/evidence"
)

func TestCoverageFormats(t *testing.T) {
	for name, test := range map[string]struct {
		text, format          string
		covered, total, files int
	}{
		"Go": {"mode: atomic\na.go:1.1,2.2 3 7\na.go:3.1,4.2 2 0\nb.go:1.1,2.2 5 1\n", "go-cover", 8, 10, 2},
		// -coverpkg writes a block once for each package that was tested.
		"Go, merged":      {"mode: set\na.go:1.1,2.2 3 0\na.go:1.1,2.2 3 1\n", "go-cover", 3, 3, 1},
		"lcov":            {"TN:\nSF:a.ts\nDA:1,5\nDA:2,0,sum\nLF:2\nLH:1\nend_of_record\n", "lcov", 1, 2, 1},
		"lcov, two tests": {"SF:a.ts\nDA:1,0\nDA:2,1\nend_of_record\nSF:a.ts\nDA:1,1\nDA:2,0\nend_of_record\n", "lcov", 2, 2, 1},
		"lcov, sums":      {"SF:a.ts\nLF:10\nLH:9\nend_of_record\n", "lcov", 9, 10, 1},
		"lcov, Windows":   {"\ufeffTN:\r\nSF:a.ts\r\nDA:1,1\r\nend_of_record\r\n", "lcov", 1, 1, 1},
		"Cobertura": {`<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "x"><coverage lines-valid="9" lines-covered="9"><packages><package><classes>
			<class filename="a.py"><methods><method><lines><line number="1" hits="1"/></lines></method></methods><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
			<class filename="a.py"><lines><line number="2" hits="3"/></lines></class></classes></package></packages></coverage>`, "cobertura", 2, 2, 1},
		"Istanbul":              {`{"total":{"lines":{"total":12,"covered":11,"skipped":0,"pct":91.66}},"/a.ts":{"lines":{"total":10,"covered":9}},"/b.ts":{"lines":{"total":2,"covered":2}}}`, "istanbul", 11, 12, 2},
		"Istanbul, total alone": {`{"total":{"lines":{"total":10,"covered":9,"pct":"Unknown"}}}`, "istanbul", 9, 10, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c := one(t, evidence.ArtefactCoverage, test.text)
			require.Equal(t, []any{test.format, test.covered, test.total, test.files}, []any{c.Format, c.Covered, c.Total, c.Files})
		})
	}
}

func TestCoverageThatIsNone(t *testing.T) {
	for text, why := range map[string]string{
		"":                               "it is empty",
		"hello":                          "it is no Go profile",
		"\x00\x01":                       "it is no Go profile",
		"mode: ":                         "bad mode line",
		"mode: set":                      "",
		"mode: set\na.go:1.1,2.2 3\n":    "doesn't match expected format",
		"mode: set\na.go:1.1,2.2 -3 1\n": "negative values",
		"mode: set\na.go:1.1,2.2 9223372036854775807 1\n": "is no count",
		"SF:a\nDA:1,1\n":                                     "breaks off in the record of a",
		"SF:a\nDA:1\nend_of_record\n":                        "line 2: DA:1 has no hits",
		"SF:a\nDA:x,1\nend_of_record\n":                      "line 2",
		"SF:a\nSF:b\n":                                       "the record of a has no end",
		"TN:\nDA:1,1\n":                                      "a line of no file",
		"SF:a\nLF:5\nLH:-1\nend_of_record\n":                 "is no count",
		"SF:a\nLF:5\nLH:6\nend_of_record\n":                  "6 lines of 5 are covered",
		"<coverage":                                          "EOF",
		"<report/>":                                          "its root is <report>",
		`<coverage lines-valid="5" lines-covered="9"/>`:      "9 lines of 5",
		"{\n\"total\": }":                                    "line 2",
		`{"a.ts":{"lines":{"total":1,"covered":1}}}`:         "no total of lines",
		`{"total":{"lines":{"total":2,"covered":2}},"a":{}}`: "a has no lines",
		`{"total":{"lines":{"total":"many","covered":2}}}`:   "cannot unmarshal",
		`{"total":{"lines":{"total":10,"covered":10}},"a":{"lines":{"total":10,"covered":1}}}`: "its total says 10 of 10 lines, its files have 1 of 10",
	} {
		t.Run(fmt.Sprintf("%.30q", text), func(t *testing.T) {
			if why == "" { // a profile of no statements is none of a tool's mistakes
				require.Zero(t, one(t, evidence.ArtefactCoverage, text).Total)
				return
			}
			refused(t, evidence.ArtefactCoverage, text, why)
		})
	}
}

// TestFormatsAgree writes the same lines in every format: all must count alike.
func TestFormatsAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		files := rapid.SliceOfN(rapid.SliceOfN(rapid.Bool(), 1, 20), 1, 5).Draw(r, "files")
		var profile, lcov, cobertura, istanbul strings.Builder
		covered, total := 0, 0
		profile.WriteString("mode: set\n")
		cobertura.WriteString("<coverage><packages><package><classes>")
		for f, lines := range files {
			hits := 0
			fmt.Fprintf(&lcov, "SF:f%d\n", f)
			fmt.Fprintf(&cobertura, `<class filename="f%d"><lines>`, f)
			for i, hit := range lines {
				n := map[bool]int{true: 1}[hit]
				hits += n
				fmt.Fprintf(&profile, "f%d:%d.1,%d.9 1 %d\n", f, i+1, i+1, n)
				fmt.Fprintf(&lcov, "DA:%d,%d\n", i+1, n)
				fmt.Fprintf(&cobertura, `<line number="%d" hits="%d"/>`, i+1, n)
			}
			lcov.WriteString("end_of_record\n")
			cobertura.WriteString("</lines></class>")
			fmt.Fprintf(&istanbul, `,"f%d":{"lines":{"total":%d,"covered":%d}}`, f, len(lines), hits)
			covered, total = covered+hits, total+len(lines)
		}
		cobertura.WriteString("</classes></package></packages></coverage>")
		summary := fmt.Sprintf(`{"total":{"lines":{"total":%d,"covered":%d}}%s}`, total, covered, istanbul.String())
		for _, text := range []string{profile.String(), lcov.String(), cobertura.String(), summary} {
			c := one(t, evidence.ArtefactCoverage, text)
			if c.Covered != covered || c.Total != total || c.Files != len(files) {
				r.Fatalf("%s: %d of %d in %d files, want %d of %d in %d", c.Format, c.Covered, c.Total, c.Files, covered, total, len(files))
			}
			if p := c.Percent(); p < 0 || p > 100 {
				r.Fatalf("%g %%", p)
			}
		}
	})
}
