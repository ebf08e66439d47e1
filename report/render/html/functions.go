package html

import (
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"gatehouse/report"
	"gatehouse/report/readiness"
	"gatehouse/report/render/visible"
)

// functions are what the templates can call. Every text of a run goes through t
// or lines, which show what cannot be seen; html/template escapes the rest.
var functions = template.FuncMap{
	"t":          func(text any) string { return visible.Line(fmt.Sprint(text)) },
	"lines":      func(text string) string { return strings.Join(visible.Lines(text), "\n") },
	"join":       func(list []string) string { return visible.Line(strings.Join(list, ", ")) },
	"lower":      strings.ToLower,
	"paragraph":  func(text []string) string { return strings.Join(text, " ") },
	"verbatim":   func(text []string) string { return strings.Join(text, "\n") },
	"blocks":     visible.Blocks,
	"web":        web,
	"when":       func(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 UTC") },
	"stamp":      func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
	"seconds":    took,
	"count":      count,
	"verdict":    verdictLook,
	"severities": func() []report.Severity { return report.Severities },
	"sum":        sum,
	"kinds":      kinds,
	"changed":    func(caption string, list []change) changeTable { return changeTable{caption, list} },
	"verdicts":   func() []readiness.Verdict { return readiness.Verdicts },
	"tally":      tally,
	"status":     func(s readiness.ControlStatus) look { return known(statusLooks, s) },
	"direction":  func(d readiness.Direction) look { return known(directionLooks, d) },
}

// web is a link that may be followed, "" for anything but http and https.
func web(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// took is how long something took, in seconds or, below one, in milliseconds.
func took(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.0f ms", seconds*1000)
	}
	return fmt.Sprintf("%.1f s", seconds)
}

// count is a number of things: "1 item", "2 items".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// kind is a type of resource and how many of it there are.
type kind struct {
	Type string
	N    int
}

// kinds are the counts by type, sorted.
func kinds(n map[string]int) []kind {
	var out []kind
	for _, name := range slices.Sorted(maps.Keys(n)) {
		out = append(out, kind{name, n[name]})
	}
	return out
}

// sum is how many of all kinds there are.
func sum(n map[string]int) int {
	all := 0
	for _, one := range n {
		all += one
	}
	return all
}
