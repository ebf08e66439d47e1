// Package judge turns evidence into judgements. A [Checker] is a pure function
// over facts: no clock, no network, no files. One folder below is one part of
// the system (cluster, database, cache, access, edge, compliance, quality,
// operations), one file in it one checker or a few that share a subject.
package judge

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"gatehouse/checks/evidence"
	"gatehouse/report/readiness"
)

// Checker decides one thing about an environment. The checklist names it.
type Checker struct {
	// ID is its name: "postgres-replicas-stream".
	ID string
	// Expected says what must hold, as one sentence without a full stop.
	Expected string
	// Needs are the queries that it reads. Reading another is its mistake: ERROR.
	Needs []evidence.Name
	// Judge looks at the facts and says what it saw to the case.
	Judge func(c *Case)
}

// Environment is what checkers know of the environment beside the facts.
type Environment struct {
	// Name is the stack's.
	Name string
	// Now is the time of the run.
	Now time.Time
	// Namespaces are the Kubernetes namespaces of the portal itself; what else
	// runs in the cluster is the platform's.
	Namespaces []string
}

// Case is one judging: a checker says to it what it reads and what it sees, and
// the case makes the verdict of that, in the same way for all:
//
//   - anything seen failing: FAIL, even when not everything could be read
//   - else anything that could not be read: UNKNOWN, with the reason
//   - else said to be not applicable: NOT_APPLICABLE, with the reason
//   - else nothing seen at all: UNKNOWN, because an empty set proves nothing
//   - else PASS
type Case struct {
	Environment
	facts      evidence.Facts
	thresholds Thresholds
	checker    Checker

	expected     string
	subjects     int
	failures     []readiness.Failure
	notes        []string
	reasons      []string
	inapplicable string
	read         []string
	mistakes     []string
	undetermined bool
}

// Do judges, and returns what the checker said. A checker that panics, reads
// what it does not declare, or asks for a threshold that is not set gives ERROR.
func (k Checker) Do(env Environment, thresholds Thresholds, facts evidence.Facts) (j readiness.Judgement) {
	c := &Case{Environment: env, facts: facts, thresholds: thresholds, checker: k, expected: k.Expected}
	defer func() {
		failure := recover()
		if _, ended := failure.(nothingRead); ended {
			j = c.judgement()
		} else if failure != nil {
			c.mistakes = append(c.mistakes, fmt.Sprintf("the checker %s failed: %v", k.ID, failure))
			j = c.judgement()
		}
	}()
	k.Judge(c)
	return c.judgement()
}

// Read returns what a query answered, and remembers what of it could not be
// read: the case cannot pass then. When nothing at all was read, the judging
// ends here: what is missing must not look like what is not there.
func Read[T any](c *Case, q evidence.Query[T]) T {
	value, problems := Try(c, q)
	for _, p := range problems {
		c.Unknown(reason(q.Name(), p))
	}
	if len(problems) > 0 && reflect.ValueOf(&value).Elem().IsZero() {
		panic(nothingRead{})
	}
	return value
}

// nothingRead ends a judging that has nothing to go on.
type nothingRead struct{}

// Try is [Read] for evidence that the case can do without: the problems are the
// checker's to weigh.
func Try[T any](c *Case, q evidence.Query[T]) (T, []evidence.Problem) {
	if !slices.Contains(c.checker.Needs, q.Name()) {
		c.mistakes = append(c.mistakes, fmt.Sprintf("the checker %s reads %s and does not declare it", c.checker.ID, q.Name()))
	}
	if id := string(q.Name()); !slices.Contains(c.read, id) {
		c.read = append(c.read, id)
	}
	fact := evidence.Get(c.facts, q)
	return fact.Value, fact.Problems
}

// reason says why evidence is missing, with what to do.
func reason(name evidence.Name, p evidence.Problem) string {
	text := fmt.Sprintf("%s: %s: %s", name, p.Kind, p.Message)
	if p.Remedy != "" {
		text += "; " + p.Remedy
	}
	return text
}

// Saw counts a subject that was looked at and is as it must be.
func (c *Case) Saw() { c.subjects++ }

// Fail counts a subject that is not as it must be: where names it, found says
// how it is.
func (c *Case) Fail(where, found string, args ...any) { c.FailWith(where, "", found, args...) }

// FailWith is [Case.Fail] with what to do about this very subject.
func (c *Case) FailWith(where, remedy, found string, args ...any) {
	c.subjects++
	c.failures = append(c.failures, readiness.Failure{Where: where, Found: fmt.Sprintf(found, args...), Remedy: remedy})
}

// Require counts a subject, which fails with found unless ok.
func (c *Case) Require(ok bool, where, found string, args ...any) {
	if ok {
		c.Saw()
		return
	}
	c.Fail(where, found, args...)
}

// Note is something good that was found, for the one sentence of a PASS.
func (c *Case) Note(text string, args ...any) { c.notes = append(c.notes, fmt.Sprintf(text, args...)) }

// Unknown says that something cannot be told, and why. The case cannot pass.
func (c *Case) Unknown(why string, args ...any) {
	if len(args) > 0 {
		why = fmt.Sprintf(why, args...)
	}
	if !slices.Contains(c.reasons, why) {
		c.reasons = append(c.reasons, why)
	}
	c.undetermined = true
}

// NotApplicable says that the checker does not concern this environment, and
// why. It counts only when nothing failed and everything could be read.
func (c *Case) NotApplicable(why string, args ...any) { c.inapplicable = fmt.Sprintf(why, args...) }

// Expect says more exactly what must hold, with the thresholds in it.
func (c *Case) Expect(text string, args ...any) { c.expected = fmt.Sprintf(text, args...) }

// Portal tells whether a namespace is one of the portal's own.
func (c *Case) Portal(namespace string) bool { return slices.Contains(c.Namespaces, namespace) }

// mostFound is how many failures the one sentence of what was found names.
const mostFound = 3

func (c *Case) judgement() readiness.Judgement {
	j := readiness.Judgement{
		Checker: c.checker.ID, Expected: c.expected, Subjects: c.subjects, Failures: c.failures,
		Evidence: c.read,
	}
	if j.Evidence == nil {
		j.Evidence = []string{}
	}
	switch {
	case len(c.mistakes) > 0:
		j.Verdict, j.Reasons = readiness.Error, c.mistakes
		j.Found = c.mistakes[0]
	case len(c.failures) > 0:
		j.Verdict, j.Reasons = readiness.Fail, c.reasons
		j.Found = summarise(c.failures)
	case c.undetermined:
		j.Verdict, j.Reasons = readiness.Unknown, c.reasons
		j.Found = c.reasons[0]
	case c.inapplicable != "":
		j.Verdict, j.Reasons = readiness.NotApplicable, []string{c.inapplicable}
		j.Found = c.inapplicable
	case c.subjects == 0:
		const nothing = "there was nothing to look at, which proves nothing"
		j.Verdict, j.Reasons, j.Found = readiness.Unknown, []string{nothing}, nothing
	default:
		j.Verdict = readiness.Pass
		j.Found = strings.Join(c.notes, "; ")
		if j.Found == "" {
			j.Found = fmt.Sprintf("%d looked at, all as they must be", c.subjects)
		}
	}
	return j
}

func summarise(failures []readiness.Failure) string {
	var parts []string
	for i, f := range failures {
		if i == mostFound {
			parts = append(parts, fmt.Sprintf("and %d more", len(failures)-i))
			break
		}
		parts = append(parts, f.Where+": "+f.Found)
	}
	return strings.Join(parts, "; ")
}
