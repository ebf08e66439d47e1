package frameworks_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report"
	"gatehouse/report/frameworks"
	"gatehouse/report/readiness"
)

var (
	waived   = &readiness.Overlay{Kind: readiness.Waived}
	attested = &readiness.Overlay{Kind: readiness.Attested}
	serves   = []report.Framework{{Name: "SOC 2", Requirement: "CC6.1"}, {Name: "PSS", Requirement: "baseline"}}
)

// control is CC6.1 of the run's view by SOC 2.
func control(t *testing.T, run readiness.Run) readiness.Control {
	t.Helper()
	frameworks.Apply(&run)
	require.Equal(t, "SOC 2", run.Frameworks[0].Name)
	at := slices.IndexFunc(run.Frameworks[0].Controls, func(c readiness.Control) bool { return c.ID == "CC6.1" })
	require.GreaterOrEqual(t, at, 0)
	return run.Frameworks[0].Controls[at]
}

func TestStatusByItems(t *testing.T) {
	for name, c := range map[string]struct {
		items   []readiness.Item
		want    readiness.ControlStatus
		against []string
	}{
		"nothing":                 {nil, readiness.NotCovered, nil},
		"passes":                  {[]readiness.Item{{Verdict: readiness.Pass}}, readiness.Supported, nil},
		"nothing was there":       {[]readiness.Item{{Verdict: readiness.Pass, Vacuous: true}}, readiness.Vacuous, nil},
		"does not apply":          {[]readiness.Item{{Verdict: readiness.NotApplicable}}, readiness.Vacuous, nil},
		"one was there":           {[]readiness.Item{{Verdict: readiness.NotApplicable}, {Verdict: readiness.Pass}}, readiness.Supported, nil},
		"fails":                   {[]readiness.Item{{Verdict: readiness.Pass}, {Verdict: readiness.Fail}}, readiness.NotMet, []string{"X-2"}},
		"the checker fails":       {[]readiness.Item{{Verdict: readiness.Error}}, readiness.NotMet, []string{"X-1"}},
		"a failure is attested":   {[]readiness.Item{{Verdict: readiness.Fail, Overlay: attested}}, readiness.NotMet, []string{"X-1"}},
		"waived":                  {[]readiness.Item{{Verdict: readiness.Pass}, {Verdict: readiness.Fail, Overlay: waived}}, readiness.Accepted, []string{"X-2"}},
		"waived and not":          {[]readiness.Item{{Verdict: readiness.Fail, Overlay: waived}, {Verdict: readiness.Fail}}, readiness.NotMet, []string{"X-1", "X-2"}},
		"not read":                {[]readiness.Item{{Verdict: readiness.Unknown}, {Verdict: readiness.Pass}}, readiness.Undetermined, nil},
		"waived beside not read":  {[]readiness.Item{{Verdict: readiness.Fail, Overlay: waived}, {Verdict: readiness.Unknown}}, readiness.Undetermined, []string{"X-1"}},
		"not read, and waived":    {[]readiness.Item{{Verdict: readiness.Unknown, Overlay: waived}}, readiness.Undetermined, nil},
		"nobody has said":         {[]readiness.Item{{Verdict: readiness.Manual}}, readiness.Undetermined, nil},
		"nobody has said, waived": {[]readiness.Item{{Verdict: readiness.Manual, Overlay: waived}}, readiness.Undetermined, nil},
		"somebody has said":       {[]readiness.Item{{Verdict: readiness.Manual, Overlay: attested}}, readiness.Supported, nil},
		"no verdict":              {[]readiness.Item{{Verdict: "FINE"}}, readiness.Undetermined, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ids := []string{}
			for i := range c.items {
				c.items[i].ID, c.items[i].Frameworks = []string{"X-1", "X-2"}[i], serves
				ids = append(ids, c.items[i].ID)
			}
			got := control(t, readiness.Run{Items: c.items})
			require.Equal(t, c.want, got.Status)
			require.Equal(t, append([]string{}, c.against...), got.Against)
			require.Equal(t, ids, got.Items)
			require.Equal(t, got.Status == readiness.Undetermined, len(got.Undecided) > 0)
		})
	}
}

func TestStatusByRules(t *testing.T) {
	deny := report.Finding{Rule: "r", Verdict: report.Deny}
	for name, c := range map[string]struct {
		unmatched bool
		findings  []report.Finding
		want      readiness.ControlStatus
	}{
		"kept":                           {false, nil, readiness.Supported},
		"no resource":                    {true, nil, readiness.Vacuous},
		"denied":                         {false, []report.Finding{deny}, readiness.NotMet},
		"denied by an advisory":          {false, []report.Finding{{Rule: "r", Verdict: report.Deny, Level: report.Advisory, Severity: report.Low}}, readiness.NotMet},
		"the rule fails":                 {false, []report.Finding{{Rule: "r", Verdict: report.Error}}, readiness.NotMet},
		"waived":                         {false, []report.Finding{{Rule: "r", Verdict: report.Deny, Waived: true}}, readiness.Accepted},
		"waived here, denied there":      {false, []report.Finding{{Rule: "r", Verdict: report.Deny, Waived: true}, deny}, readiness.NotMet},
		"undecided":                      {false, []report.Finding{{Rule: "r", Verdict: report.Undecided}}, readiness.Undetermined},
		"undecided and waived":           {false, []report.Finding{{Rule: "r", Verdict: report.Undecided, Waived: true}}, readiness.Undetermined},
		"no verdict":                     {false, []report.Finding{{Rule: "r", Verdict: "fine"}}, readiness.Undetermined},
		"of another rule":                {false, []report.Finding{{Rule: "other", Verdict: report.Deny}}, readiness.Supported},
		"of a rule not listed":           {false, []report.Finding{{Rule: "other", Verdict: report.Deny, Frameworks: serves}}, readiness.NotMet},
		"waived here, not decided there": {false, []report.Finding{{Rule: "r", Verdict: report.Deny, Waived: true}, {Rule: "r", Verdict: report.Undecided}}, readiness.Undetermined},
	} {
		t.Run(name, func(t *testing.T) {
			policies := &readiness.Policies{
				Rules: []readiness.PolicyRule{{ID: "r", Frameworks: serves, Matched: !c.unmatched}}, Findings: c.findings,
			}
			got := control(t, readiness.Run{Policies: policies})
			require.Equal(t, c.want, got.Status)
			require.Equal(t, c.want == readiness.NotMet || c.want == readiness.Accepted, len(got.Against) > 0)
		})
	}
}

// What names a control and its enhancement serves it once.
func TestServesOnce(t *testing.T) {
	run := readiness.Run{Items: []readiness.Item{{ID: "X-1", Verdict: readiness.Fail, Frameworks: []report.Framework{
		{Name: "NIST 800-53", Requirement: "SC-7"}, {Name: "NIST 800-53", Requirement: "SC-7(5)"}, {Name: "NIST 800-53", Requirement: "SC-99"},
	}}}}
	frameworks.Apply(&run)
	require.Equal(t, map[readiness.ControlStatus]int{
		readiness.NotMet: 1, readiness.NotCovered: 298, readiness.Accepted: 0, readiness.Undetermined: 0, readiness.Vacuous: 0, readiness.Supported: 0,
	}, run.Frameworks[2].Counts)
	for _, c := range run.Frameworks[2].Controls {
		if c.ID == "SC-7" {
			require.Equal(t, []string{"X-1"}, c.Items)
			require.Equal(t, []string{"X-1"}, c.Against)
		}
	}
}

func TestSaysThatNoRuleWasEvaluated(t *testing.T) {
	run := readiness.Run{NoPolicies: "the stack has no state."}
	frameworks.Apply(&run)
	require.Contains(t, run.Frameworks[0].Scope, "no policy rule was evaluated: the stack has no state.")
	run = readiness.Run{Policies: &readiness.Policies{}}
	frameworks.Apply(&run)
	require.NotContains(t, run.Frameworks[0].Scope, "no policy rule")
}

// requirements to draw from: some of no control, and of no standard.
var requirements = []report.Framework{
	{Name: "SOC 2", Requirement: "CC6.1"},
	{Name: "SOC 2", Requirement: "A1.2"},
	{Name: "ISO 27001", Requirement: "8.24"},
	{Name: "NIST 800-53", Requirement: "SC-7"},
	{Name: "NIST 800-53", Requirement: "SC-7(5)"},
	{Name: "CIS EKS", Requirement: "4.5.2"},
	{Name: "CIS AWS", Requirement: "1.1"},
	{Name: "SOC 2", Requirement: "nothing"},
}

func drawRun(t *rapid.T) readiness.Run {
	some := rapid.SliceOfN(rapid.SampledFrom(requirements), 0, 4)
	item := rapid.Custom(func(t *rapid.T) readiness.Item {
		return readiness.Item{
			ID: rapid.SampledFrom([]string{"A-1", "A-2", "A-3"}).Draw(t, "id"), Verdict: rapid.SampledFrom(readiness.Verdicts).Draw(t, "verdict"),
			Overlay: rapid.SampledFrom([]*readiness.Overlay{nil, waived, attested}).Draw(t, "overlay"), Vacuous: rapid.Bool().Draw(t, "vacuous"),
			Frameworks: some.Draw(t, "frameworks"),
		}
	})
	rule := rapid.Custom(func(t *rapid.T) readiness.PolicyRule {
		return readiness.PolicyRule{
			ID: rapid.SampledFrom([]string{"r", "s"}).Draw(t, "rule"), Matched: rapid.Bool().Draw(t, "matched"), Frameworks: some.Draw(t, "frameworks"),
		}
	})
	finding := rapid.Custom(func(t *rapid.T) report.Finding {
		return report.Finding{
			Rule: rapid.SampledFrom([]string{"r", "s", "t"}).Draw(t, "of"), Waived: rapid.Bool().Draw(t, "waived"),
			Verdict: rapid.SampledFrom([]report.Verdict{report.Deny, report.Undecided, report.Error}).Draw(t, "verdict"), Frameworks: some.Draw(t, "frameworks"),
		}
	})
	run := readiness.Run{Items: rapid.SliceOfN(item, 0, 6).Draw(t, "items")}
	if rapid.Bool().Draw(t, "policies") {
		run.Policies = &readiness.Policies{
			Rules: rapid.SliceOfN(rule, 0, 3).Draw(t, "rules"), Findings: rapid.SliceOfN(finding, 0, 4).Draw(t, "findings"),
		}
	}
	return run
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := drawRun(t)
		frameworks.Apply(&run)
		again := run
		frameworks.Apply(&again)
		one, err := json.Marshal(run)
		require.NoError(t, err)
		two, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(one), string(two), "the same run makes the same bytes")
		for i, catalogue := range frameworks.Catalogues() {
			view := run.Frameworks[i]
			sum := 0
			for _, status := range readiness.ControlStatuses {
				sum += view.Counts[status]
			}
			require.Len(t, view.Counts, len(readiness.ControlStatuses))
			require.Len(t, view.Controls, sum, "statuses partition the catalogue")
			for _, c := range view.Controls {
				_, known := catalogue.Resolve(c.ID)
				require.True(t, known)
				require.Contains(t, readiness.ControlStatuses, c.Status)
				serving := slices.Concat(c.Items, c.Rules)
				require.Equal(t, c.Status == readiness.NotCovered, len(serving) == 0, "not covered if and only if nothing serves it")
				switch c.Status {
				case readiness.NotMet:
					require.NotEmpty(t, c.Against)
				case readiness.Accepted:
					require.NotEmpty(t, c.Against)
					require.Empty(t, c.Undecided, "what nobody could decide is not accepted")
				case readiness.Undetermined:
					require.NotEmpty(t, c.Undecided)
				default:
					require.Empty(t, c.Against)
					require.Empty(t, c.Undecided)
				}
				require.Subset(t, serving, c.Against)
				require.Subset(t, serving, c.Undecided)
			}
		}
	})
}

// One more item that fails makes no control better, and what it serves not met.
func TestAFailureMakesNothingBetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		run := drawRun(t)
		frameworks.Apply(&run)
		more := run
		more.Items = append(slices.Clone(run.Items), readiness.Item{
			ID: "Z-9", Verdict: readiness.Fail, Frameworks: rapid.SliceOfN(rapid.SampledFrom(requirements), 1, 3).Draw(t, "serves"),
		})
		frameworks.Apply(&more)
		for i, view := range run.Frameworks {
			for k, before := range view.Controls {
				after := more.Frameworks[i].Controls[k]
				if slices.Contains(after.Items, "Z-9") {
					require.Equal(t, readiness.NotMet, after.Status)
				} else {
					require.Equal(t, before, after)
				}
			}
		}
	})
}
