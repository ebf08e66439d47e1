package render

import (
	"io"
	"strings"

	"gatehouse/report/readiness"
)

// ReadinessJUnit writes a test case an item, in a suite a section. The verdict
// is the raw one: FAIL is a failure and ERROR an error, of any severity. What is
// waived, not known, not applicable or a person's to say is skipped, with the
// reason.
func ReadinessJUnit(w io.Writer, r readiness.Run, _ Options) error {
	all := newJUnit("readiness: " + r.Environment)
	for _, item := range r.Items {
		c := itemOutcome(item)
		c.Name, c.ClassName = line(join(": ", item.ID, item.Title)), line(join(".", "readiness", item.Guide))
		c.Properties = itemProperties(item)
		all.add(join(" · ", item.Section, item.Guide), c)
	}
	return all.write(w)
}

func itemOutcome(item readiness.Item) junitCase {
	o := &junitOutcome{Message: line(join(": ", string(item.Verdict), item.Found)), Text: itemStory(item)}
	if item.Overlay != nil && !item.Open() {
		o.Message = line(join(": ", statement(item.Overlay), item.Overlay.Reason))
		return junitCase{Skipped: o}
	}
	switch item.Verdict {
	case readiness.Pass:
		return junitCase{}
	case readiness.Fail:
		o.Type = line(string(item.Severity))
		return junitCase{Failure: o}
	case readiness.Error:
		o.Type = line(string(item.Severity))
		return junitCase{Error: o}
	default:
		return junitCase{Skipped: o}
	}
}

// itemStory is all that was found of an item, and what to do.
func itemStory(item readiness.Item) string {
	var text []string
	tell := func(label, what string) {
		if what = line(what); what != "" {
			text = append(text, label+what)
		}
	}
	for _, part := range item.Judgements {
		tell("", join(": ", part.Checker, string(part.Verdict)))
		tell("  expected  ", part.Expected)
		if len(part.Failures) == 0 {
			tell("  found     ", part.Found)
		}
		for _, f := range part.Failures {
			tell("  found     ", join(": ", f.Where, f.Found))
			tell("            ", f.Remedy)
		}
		for _, reason := range part.Reasons {
			tell("  because   ", reason)
		}
	}
	tell("what to do  ", item.Remediation)
	tell("evidence    ", strings.Join(item.Evidence, ", "))
	return strings.Join(text, "\n")
}

// itemProperties are what readers of the results may sort by.
func itemProperties(item readiness.Item) *junitProperties {
	var all []junitProperty
	add := func(name, value string) {
		if value = line(value); value != "" {
			all = append(all, junitProperty{name, value})
		}
	}
	add("verdict", string(item.Verdict))
	add("severity", string(item.Severity))
	if o := item.Overlay; o != nil {
		add("overlay", o.Kind)
		add("by", o.By)
		add("reason", o.Reason)
		add("link", o.Link)
		add("expires", o.Expires)
	}
	if item.Vacuous {
		add("vacuous", "true")
	}
	return &junitProperties{all}
}
