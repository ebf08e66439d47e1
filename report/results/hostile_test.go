package results_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/results/resultstest"
)

// edit is a run's JSON with something changed in it.
func edit(t testing.TB, change func(run map[string]any)) []byte {
	t.Helper()
	var run map[string]any
	require.NoError(t, json.Unmarshal(resultstest.JSON(t, resultstest.Run("staging", resultstest.Start)), &run))
	change(run)
	data, err := json.Marshal(run)
	require.NoError(t, err)
	return data
}

// set puts a value at a path of keys and indices.
func set(value any, path ...any) func(map[string]any) {
	return func(run map[string]any) {
		var in any = run
		for _, step := range path[:len(path)-1] {
			switch step := step.(type) {
			case string:
				in = in.(map[string]any)[step]
			case int:
				in = in.([]any)[step]
			}
		}
		switch last := path[len(path)-1].(type) {
		case string:
			in.(map[string]any)[last] = value
		case int:
			in.([]any)[last] = value
		}
	}
}

// views are those of a run with one control.
func views(status string, items ...any) []any {
	return []any{map[string]any{"name": "SOC 2", "controls": []any{map[string]any{
		"id": "CC6.1", "status": status, "items": append([]any{}, items...), "rules": []any{}, "against": []any{},
	}}}}
}

func TestHostileValuesAreNamedWithTheirPlace(t *testing.T) {
	for name, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"percent":               {set(99, "summary", "percent"), "summary.percent: 99, but the items do not make it"},
		"score":                 {set(99, "sections", 0, "percent"), "sections: the scores are not those that the items make"},
		"layer's item":          {set([]any{"ZZ-9"}, "layers", 0, "items"), `layers[0].items[0]: no item is named "ZZ-9"`},
		"vacuous item":          {set([]any{"ZZ-9"}, "coverage", "vacuous"), `coverage.vacuous[0]: no item is named "ZZ-9"`},
		"control's item":        {set(views("supported", "ZZ-9"), "frameworks"), `frameworks[0].controls[0].items[0]: no item is named "ZZ-9"`},
		"control of nothing":    {set(views("supported"), "frameworks"), "frameworks[0].controls[0].status: supported, with 0 items and 0 rules that look at it"},
		"unknown key":           {set(1, "items", 0, "verdcit"), `items[0].verdcit: unknown key "verdcit"; did you mean "verdict"?`},
		"key of another case":   {set("PASS", "items", 0, "Verdict"), `items[0].Verdict: unknown key "Verdict"; did you mean "verdict"?`},
		"unknown key far off":   {set(1, "zzzzzzzzzzzz"), `zzzzzzzzzzzz: unknown key "zzzzzzzzzzzz"`},
		"embedded key":          {set(1, "summary", "PAS"), `summary.PAS: unknown key "PAS"; did you mean "PASS"?`},
		"verdict":               {set("PASSED", "items", 1, "verdict"), `items[1].verdict: "PASSED" is none of FAIL, ERROR, UNKNOWN, MANUAL, NOT_APPLICABLE, PASS; did you mean PASS?`},
		"no verdict":            {set("", "items", 1, "verdict"), "items[1].verdict: is missing: one of FAIL"},
		"verdict is null":       {set(nil, "items", 1, "verdict"), "items[1].verdict: is missing"},
		"judgement":             {set("OK", "items", 1, "judgements", 0, "verdict"), `items[1].judgements[0].verdict: "OK" is none of`},
		"severity":              {set("urgent", "items", 1, "severity"), `items[1].severity: "urgent" is none of critical, high, medium, low`},
		"phase":                 {set("never", "items", 1, "phase"), `items[1].phase: "never"`},
		"overlay":               {set("forgiven", "items", 2, "overlay", "kind"), `items[2].overlay.kind: "forgiven" is none of waived, attested`},
		"overlay's day":         {set("2027-02-30", "items", 2, "overlay", "expires"), `items[2].overlay.expires: "2027-02-30" is no day`},
		"overlay without a day": {set("", "items", 2, "overlay", "expires"), `items[2].overlay.expires: "" is no day`},
		"failing severity":      {set("", "summary", "failOn"), "summary.failOn: is missing"},
		"direction": {set(map[string]any{
			"before": map[string]any{}, "after": map[string]any{},
			"changes": []any{map[string]any{"id": "DB-1", "severity": "high", "direction": "up"}},
		}, "comparison"), `comparison.changes[0].direction: "up" is none of worse`},
		"status":                {set([]any{map[string]any{"counts": map[string]any{"fine": 1}}}, "frameworks"), `frameworks[0].counts["fine"]: "fine" is none of not-met`},
		"step":                  {set([]any{map[string]any{"kind": "wait", "severity": "low"}}, "next"), `next[0].kind: "wait" is none of fix`},
		"finding's verdict":     {set("PASS", "policies", "findings", 0, "verdict"), `policies.findings[0].verdict: "PASS" is none of deny`},
		"finding's level":       {set("some", "policies", "findings", 0, "level"), `policies.findings[0].level: "some"`},
		"doctored findings":     {set(0, "policies", "summary", "deny"), "policies.summary.deny: 0, but the findings make 1"},
		"another ID":            {set("staging-20261122T101501Z", "id"), `id: "staging-20261122T101501Z", but environment and start make "staging-20261122T101500Z"`},
		"ID with a path":        {set("../../etc/passwd", "id"), `id: "../../etc/passwd", but`},
		"environment's path":    {set("../staging", "environment"), `environment: "../staging" is no name of an environment`},
		"no start":              {set("0001-01-01T00:00:00Z", "started"), "started: is missing"},
		"start is no time":      {set("yesterday", "started"), "started: "},
		"negative seconds":      {set(-1.5, "seconds"), "seconds: -1.5 is below 0"},
		"negative count":        {set(-1, "summary", "PASS"), "summary.PASS: -1 is below 0"},
		"negative subjects":     {set(-7, "items", 1, "judgements", 0, "subjects"), "items[1].judgements[0].subjects: -7 is below 0"},
		"half a subject":        {set(0.5, "items", 1, "judgements", 0, "subjects"), "items[1].judgements[0].subjects: "},
		"number for text":       {set(3, "items", 1, "title"), "items[1].title: want a string, not a JSON number"},
		"text for list":         {set("x", "items"), "items: want a list, not a JSON string"},
		"list for object":       {set([]any{}, "summary"), "summary: want an object, not a JSON ["},
		"no item's ID":          {set("<script>", "items", 0, "id"), `items[0].id: "<script>" is no item's`},
		"an item twice":         {set("DB-1", "items", 1, "id"), "items[1].id: DB-1 is that of items[0] too"},
		"evidence twice":        {set("aws.rds", "evidence", 1, "id"), `evidence[1].id: "aws.rds" is that of evidence[0] too`},
		"evidence unnamed":      {set("", "evidence", 1, "id"), "evidence[1].id: is missing"},
		"evidence that is gone": {set("aws.gone", "items", 0, "evidence", 0), `items[0].evidence[0]: no evidence is named "aws.gone"`},
		"a judgement's":         {set("aws.gone", "items", 0, "judgements", 0, "evidence", 0), `items[0].judgements[0].evidence[0]: no evidence is named "aws.gone"`},
		"digest":                {set("ABC", "evidence", 0, "sha256"), `evidence[0].sha256: "ABC" is no SHA-256`},
		"read before the run":   {set("2026-11-22T09:00:00Z", "evidence", 0, "at"), "evidence[0].at: 2026-11-22T09:00:00Z is not within the run"},
		"read after the run":    {set("2026-11-23T09:00:00Z", "evidence", 0, "at"), "evidence[0].at: 2026-11-23T09:00:00Z is not within the run"},
		"doctored verdict":      {set("PASS", "items", 1, "verdict"), "items[1].verdict: PASS, but its judgements make FAIL"},
		"doctored summary":      {set(0, "summary", "FAIL"), "summary.FAIL: 0, but the items make 2"},
		"doctored waivers":      {set(9, "summary", "waived"), "summary.waived: 9, but the items make 1"},
		"doctored result":       {set(false, "summary", "failed"), "summary.failed: false, but the items make it true"},
		"doctored readiness":    {set(true, "summary", "ready"), "summary.ready: true, but the items make it false"},
		"history from tomorrow": {set([]any{map[string]any{"run": "r", "started": "2027-01-01T00:00:00Z", "verdict": "PASS"}}, "items", 0, "history"), "items[0].history[0].started: is after the run's own start"},
		"history out of order": {set([]any{
			map[string]any{"started": "2026-01-01T00:00:00Z", "verdict": "PASS"}, map[string]any{"started": "2026-02-01T00:00:00Z", "verdict": "PASS"},
		}, "items", 0, "history"), "items[0].history[1].started: is after the one before it"},
		"trend out of order": {set([]any{
			map[string]any{"started": "2026-02-01T00:00:00Z"}, map[string]any{"started": "2026-01-01T00:00:00Z"},
		}, "trend"), "trend[1].started: is before the one before it"},
		"compared backwards": {set(map[string]any{
			"before": map[string]any{"started": "2026-02-01T00:00:00Z"}, "after": map[string]any{"started": "2026-01-01T00:00:00Z"},
		}, "comparison"), "comparison.before.started: is after comparison.after.started"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(edit(t, c.change))
			require.ErrorContains(t, err, "read results run.json: "+c.want)
		})
	}
}

// The second of two equal keys would win silently.
func TestDuplicateKeysAreRefused(t *testing.T) {
	data := resultstest.JSON(t, resultstest.Run("staging", resultstest.Start))
	for from, want := range map[string]string{
		`"format"`:            "duplicate",
		`"id": "DB-2"`:        "at items[1].id: duplicate",
		`"verdict": "MANUAL"`: "at items[4].verdict: duplicate",
	} {
		double := bytes.Replace(data, []byte(from), []byte(`"id": "DB-2", `+from), 1)
		if strings.HasPrefix(from, `"verdict"`) {
			double = bytes.Replace(data, []byte(from), []byte(`"verdict": "PASS", `+from), 1)
		}
		if from == `"format"` {
			double = bytes.Replace(data, []byte(from), []byte(`"format": "gatehouse.readiness/1", "format"`), 1)
		}
		_, err := read(double)
		require.ErrorContains(t, err, want)
	}
}

// Numbers that JSON can write and Go cannot hold.
func TestNumbersOutOfRange(t *testing.T) {
	data := resultstest.JSON(t, resultstest.Run("staging", resultstest.Start))
	for _, n := range []string{"1e400", "-1e400"} {
		_, err := read(bytes.Replace(data, []byte(`"seconds": 3.5`), []byte(`"seconds": `+n), 1))
		require.Error(t, err, n)
	}
	got, err := read(bytes.Replace(data, []byte(`"seconds": 3.5`), []byte(`"seconds": 1e300`), 1))
	require.NoError(t, err)
	require.False(t, math.IsInf(got.Seconds, 0))
}

// Whatever comes, nothing panics, an error is short and shows nothing raw, and
// what is accepted is written and read as the same run.
func FuzzRead(f *testing.F) {
	whole := resultstest.JSON(f, resultstest.Run("staging", resultstest.Start))
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte(`{"format":"gatehouse.readiness/1"}`))
	f.Add(bytes.ReplaceAll(whole, []byte("null"), []byte("[]")))
	f.Fuzz(func(t *testing.T, data []byte) {
		run, err := read(data)
		if err != nil {
			require.Less(t, len(err.Error()), 4000)
			require.NotContains(t, err.Error(), "\x1b")
			return
		}
		first := resultstest.JSON(t, run)
		again, err := read(first)
		require.NoError(t, err)
		require.Equal(t, string(first), string(resultstest.JSON(t, again)))
	})
}
