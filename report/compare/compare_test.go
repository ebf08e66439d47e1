package compare_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/compare"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
)

// staging is the run of the tests, h hours after the first.
func staging(h int) readiness.Run {
	return resultstest.Run("staging", resultstest.Start.Add(time.Duration(h)*time.Hour))
}

// one is a run of one item whose state is as text says: "FAIL (waived)".
func one(text string) readiness.Run {
	verdict, overlay, _ := strings.Cut(text, " (")
	item := readiness.Item{ID: "DB-1", Severity: report.High, Verdict: readiness.Verdict(verdict), Found: "found " + text}
	if overlay != "" {
		item.Overlay = &readiness.Overlay{Kind: strings.TrimSuffix(overlay, ")"), By: "Ada", Expires: "2027-02-01"}
	}
	return readiness.Run{ID: "r", Environment: "staging", Items: []readiness.Item{item}}
}

func TestWhichWayAnItemWent(t *testing.T) {
	const same = readiness.Direction("")
	for _, c := range []struct {
		before, after string
		want, back    readiness.Direction
	}{
		{"PASS", "PASS", same, same},
		{"PASS", "FAIL", readiness.Worse, readiness.Better},
		{"PASS", "ERROR", readiness.Incomparable, readiness.Better},
		{"PASS", "UNKNOWN", readiness.Incomparable, readiness.Better},
		{"PASS", "MANUAL", readiness.Worse, readiness.Better},
		{"PASS", "MANUAL (attested)", readiness.Worse, readiness.Better},
		{"PASS", "NOT_APPLICABLE", readiness.Changed, readiness.Changed},
		{"PASS", "FAIL (waived)", readiness.Worse, readiness.Better},
		{"FAIL", "UNKNOWN", readiness.Incomparable, readiness.Worse},
		{"FAIL", "ERROR", readiness.Incomparable, readiness.Worse},
		{"FAIL", "MANUAL", readiness.Better, readiness.Worse},
		{"FAIL", "NOT_APPLICABLE", readiness.Better, readiness.Worse},
		{"FAIL", "FAIL (waived)", readiness.Changed, readiness.Worse},
		{"FAIL (waived)", "FAIL (waived)", same, same},
		{"FAIL (waived)", "UNKNOWN (waived)", readiness.Incomparable, readiness.Worse},
		{"FAIL (waived)", "FAIL (attested)", readiness.Worse, readiness.Changed},
		{"ERROR", "UNKNOWN", readiness.Better, readiness.Worse},
		{"UNKNOWN", "UNKNOWN (waived)", readiness.Changed, readiness.Worse},
		{"UNKNOWN", "MANUAL", readiness.Better, readiness.Incomparable},
		{"UNKNOWN", "NOT_APPLICABLE", readiness.Better, readiness.Incomparable},
		{"MANUAL", "MANUAL (attested)", readiness.Better, readiness.Worse},
		{"MANUAL", "MANUAL (waived)", readiness.Changed, readiness.Worse},
		{"MANUAL (waived)", "MANUAL (attested)", readiness.Better, readiness.Worse},
		{"MANUAL (attested)", "UNKNOWN", readiness.Incomparable, readiness.Better},
		{"MANUAL (attested)", "NOT_APPLICABLE", readiness.Changed, readiness.Changed},
	} {
		for _, way := range []struct {
			from, to string
			want     readiness.Direction
		}{{c.before, c.after, c.want}, {c.after, c.before, c.back}} {
			t.Run(way.from+" to "+way.to, func(t *testing.T) {
				got := compare.Runs(one(way.from), one(way.to))
				require.Equal(t, way.want == readiness.Worse || way.want == readiness.Incomparable, got.Worsened)
				if way.want == same {
					require.Empty(t, got.Changes)
					require.Equal(t, 1, got.Same)
					return
				}
				require.Len(t, got.Changes, 1)
				change := got.Changes[0]
				require.Equal(t, way.want, change.Direction)
				require.Equal(t, way.from, change.Before)
				require.Equal(t, way.to, change.After)
				require.NotEmpty(t, change.Why)
				require.Equal(t, map[bool]int{true: 1}[way.want == readiness.Changed], got.Changed)
			})
		}
	}
}

// only is the one change that a run makes when something in it is edited.
func only(t *testing.T, edit func(*readiness.Run)) readiness.Change {
	t.Helper()
	after := staging(1)
	edit(&after)
	c := compare.Runs(staging(0), after)
	require.Len(t, c.Changes, 1)
	require.Empty(t, c.Findings)
	return c.Changes[0]
}

func TestWhatChangedUnderTheSameVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		edit     func(*readiness.Run)
		why      string
		evidence []string
	}{
		"other evidence, other finding": {func(r *readiness.Run) {
			r.Evidence[1].SHA256, r.Items[2].Found = resultstest.Digest("other"), "another number"
		}, "something else was found: another number", []string{"aws.eks"}},
		"more that fails": {func(r *readiness.Run) {
			j := &r.Items[1].Judgements[0]
			j.Failures = append(j.Failures, readiness.Failure{Where: "pod a/c", Found: "no limit"})
		}, "1 fail that did not: pod a/c", []string{}},
		"less that fails": {func(r *readiness.Run) { r.Items[1].Judgements[0].Failures = nil }, "1 that failed do not: pod a/b", []string{}},
		"fails otherwise": {func(r *readiness.Run) { r.Items[1].Judgements[0].Failures[0].Found = "no request" }, "the same subjects fail in another way: found FAIL", []string{}},
		"nothing there":   {func(r *readiness.Run) { r.Items[0].Vacuous = true }, "there is nothing to look at any more: found PASS", []string{}},
		"severity":        {func(r *readiness.Run) { r.Items[0].Severity = report.Critical }, "its severity was high and is critical", []string{}},
		"waiver renewed": {
			func(r *readiness.Run) { r.Items[2].Overlay.Expires = "2028-01-01" },
			"it is waived by Ada until 2028-01-01 now, and was by Ada until 2027-02-01",
			[]string{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			change := only(t, c.edit)
			require.Equal(t, readiness.Changed, change.Direction)
			require.Equal(t, c.why, change.Why)
			require.Equal(t, c.evidence, change.Evidence)
		})
	}
}

func TestWhatIsNoChange(t *testing.T) {
	for name, edit := range map[string]func(*readiness.Run){
		"other evidence, same finding": func(r *readiness.Run) { r.Evidence[0].SHA256 = resultstest.Digest("other") },
		"other words on the same":      func(r *readiness.Run) { r.Items[0].Found = "12 days are left" },
		"title and remediation":        func(r *readiness.Run) { r.Items[0].Title, r.Items[0].Remediation = "t", "r" },
		"order of items":               func(r *readiness.Run) { slices.Reverse(r.Items) },
		"order of failures": func(r *readiness.Run) {
			slices.Reverse(r.Items[1].Judgements)
		},
	} {
		t.Run(name, func(t *testing.T) {
			after := staging(1)
			edit(&after)
			c := compare.Runs(staging(0), after)
			require.Empty(t, c.Changes)
			require.Equal(t, len(after.Items)+1, c.Same)
			require.False(t, c.Worsened)
		})
	}
}

func TestStatementsThatEnd(t *testing.T) {
	ended := only(t, func(r *readiness.Run) { r.Items[2].Overlay = nil })
	require.Equal(t, readiness.Worse, ended.Direction)
	require.Equal(t, "it was waived by Ada until 2027-02-01, and is not any more", ended.Why)
	require.Equal(t, "FAIL (waived)", ended.Before)
	require.Equal(t, "FAIL", ended.After)
	lost := only(t, func(r *readiness.Run) { r.Items[4].Overlay = nil })
	require.Equal(t, readiness.Worse, lost.Direction)
	laid := only(t, func(r *readiness.Run) {
		r.Items[1].Overlay = &readiness.Overlay{Kind: readiness.Waived, By: "Bo", Expires: "2027-01-01"}
	})
	require.Equal(t, readiness.Changed, laid.Direction)
	require.Equal(t, "it is waived by Bo until 2027-01-01 now", laid.Why)
}

func TestItemsThatCameAndWent(t *testing.T) {
	after := staging(1)
	after.Items[0].ID = "DB-9"
	c := compare.Runs(staging(0), after)
	require.Len(t, c.Changes, 2)
	require.Equal(t, readiness.Gone, c.Changes[0].Direction)
	require.Equal(t, []string{"DB-1", "PASS", ""}, []string{c.Changes[0].ID, c.Changes[0].Before, c.Changes[0].After})
	require.Equal(t, readiness.New, c.Changes[1].Direction)
	require.Equal(t, []string{"DB-9", "", "PASS"}, []string{c.Changes[1].ID, c.Changes[1].Before, c.Changes[1].After})
	require.Equal(t, 1, c.New)
	require.Equal(t, 1, c.Gone)
	require.False(t, c.Worsened, "neither is worse")
}

func TestEvidenceThatWasReadDifferently(t *testing.T) {
	change := only(t, func(r *readiness.Run) {
		r.Items[0].Verdict = readiness.Unknown
		r.Items[0].Evidence = []string{"aws.rds", "redis.info"}
		r.Evidence[0].Complete = false
	})
	require.Equal(t, readiness.Incomparable, change.Direction)
	require.Equal(t, "it was PASS, and nobody knows now: found PASS", change.Why)
	require.Equal(t, []string{"aws.rds", "redis.info"}, change.Evidence)
}

func TestUnlikeRunsAreComparedAndToldApart(t *testing.T) {
	after := resultstest.Run("production", resultstest.Start.Add(time.Hour))
	after.Versions[0].Version = "sha256:0123456789abcdef0123456789abcdef"
	after.Items[0].Verdict = readiness.Fail
	c := compare.Runs(staging(0), after)
	require.Empty(t, c.Findings, "the same resource of another stack is the same")
	require.Len(t, c.Changes, 1)
	require.Equal(t, "it was PASS and is FAIL: found PASS (staging is compared with production; the checklist was sha256:1 and is sha256:0123456789ab…)", c.Changes[0].Why)
}

func TestTheWorstComesFirst(t *testing.T) {
	after := staging(1)
	after.Items[0].Verdict = readiness.Unknown // incomparable
	after.Items[1].Verdict = readiness.Pass    // better
	after.Items[2].Overlay = nil               // worse
	after.Items[5].Verdict = readiness.Fail    // worse
	after.Items[5].Severity = report.Critical
	c := compare.Runs(staging(0), after)
	var order []string
	for _, change := range c.Changes {
		order = append(order, change.ID)
	}
	require.Equal(t, []string{"COMP-2", "K8S-1", "DB-1", "DB-2"}, order)
	require.Equal(t, []int{2, 1, 1, 0, 4}, []int{c.Worse, c.Incomparable, c.Better, c.Changed, c.Same})
}
