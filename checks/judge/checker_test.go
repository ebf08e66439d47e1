package judge_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/report/readiness"
)

var (
	nodes = evidence.Define[[]string](evidence.Kubernetes, "nodes", "list nodes")
	zones = evidence.Define[int](evidence.AWS, "zones")
)

// ready wants at least a number of nodes, each with a name.
var ready = judge.Checker{
	ID: "nodes-ready", Expected: "enough nodes", Needs: []evidence.Name{nodes.Name()},
	Judge: func(c *judge.Case) {
		c.Expect("at least %d nodes", c.Int("nodes"))
		all := judge.Read(c, nodes)
		for _, name := range all {
			c.Require(name != "", "node "+name, "it has no name")
		}
		if len(all) > 0 && len(all) < c.Int("nodes") {
			c.Fail("cluster", "it has %d nodes", len(all))
		}
	},
}

func facts(names []string, problems ...evidence.Problem) evidence.Facts {
	f := evidence.Facts{}
	evidence.Fix(f, nodes, names, problems...)
	return f
}

func do(k judge.Checker, f evidence.Facts) readiness.Judgement {
	return k.Do(judge.Environment{Now: time.Unix(0, 0)}, judge.Thresholds{"nodes": 2}, f)
}

func TestVerdictOfACase(t *testing.T) {
	denied := evidence.Problem{Kind: evidence.Denied, Message: "nodes is forbidden", Remedy: "grant list nodes"}
	for name, c := range map[string]struct {
		facts   evidence.Facts
		verdict readiness.Verdict
		found   string
	}{
		"holds":                         {facts([]string{"a", "b"}), readiness.Pass, "2 looked at"},
		"does not hold":                 {facts([]string{"a"}), readiness.Fail, "cluster: it has 1 nodes"},
		"a failure seen in a part":      {facts([]string{"", "b"}, denied), readiness.Fail, "it has no name"},
		"a part that holds is no proof": {facts([]string{"a", "b"}, denied), readiness.Unknown, "denied: nodes is forbidden; grant list nodes"},
		"nothing was read":              {facts(nil, denied), readiness.Unknown, "nodes is forbidden"},
		"nothing is there":              {facts(nil), readiness.Unknown, "proves nothing"},
		"nobody read it":                {evidence.Facts{}, readiness.Unknown, "kubernetes.nodes was not read"},
		"another type":                  {evidence.Facts{nodes.Name(): {Value: 3}}, readiness.Unknown, "kubernetes.nodes is a int"},
	} {
		t.Run(name, func(t *testing.T) {
			j := do(ready, c.facts)
			require.Equal(t, c.verdict, j.Verdict)
			require.Contains(t, j.Found, c.found)
			require.Equal(t, "at least 2 nodes", j.Expected)
			require.Equal(t, []string{"kubernetes.nodes"}, j.Evidence)
		})
	}
}

func TestOnlyOfTheWholeSomethingCanBeMissing(t *testing.T) {
	denied := evidence.Problem{Kind: evidence.Denied, Message: "nodes is forbidden"}
	for name, c := range map[string]struct {
		facts evidence.Facts
		all   bool
		want  readiness.Verdict
	}{
		"all was read":     {facts([]string{"a"}), true, readiness.Fail},
		"a part was read":  {facts([]string{"a"}, denied), false, readiness.Unknown},
		"nothing was read": {facts(nil, denied), false, readiness.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			j := do(judge.Checker{ID: "k", Expected: "x", Needs: []evidence.Name{nodes.Name()}, Judge: func(k *judge.Case) {
				found, all := judge.Whole(k, nodes)
				require.Equal(t, []string{"a"}, found)
				require.Equal(t, c.all, all)
				if all {
					k.Fail("node b", "it is not there")
				}
			}}, c.facts)
			require.Equal(t, c.want, j.Verdict)
			require.Len(t, j.Failures, map[bool]int{true: 1}[c.all])
		})
	}
}

func TestMistakesOfACheckerAreErrors(t *testing.T) {
	for want, k := range map[string]func(c *judge.Case){
		"reads aws.zones and does not declare it": func(c *judge.Case) { judge.Read(c, zones) },
		"index out of range":                      func(*judge.Case) { var none []int; _ = none[len(none)] },
		"threshold days is not set":               func(c *judge.Case) { c.Int("days") },
		"threshold nodes is int, a text":          func(c *judge.Case) { c.Text("nodes") },
	} {
		j := do(judge.Checker{ID: "wrong", Expected: "x", Judge: func(c *judge.Case) {
			c.Fail("somewhere", "a failure does not hide a mistake")
			k(c)
		}}, evidence.Facts{})
		require.Equal(t, readiness.Error, j.Verdict, want)
		require.Contains(t, j.Found, want)
	}
}

func TestNotApplicableYieldsToWhatWasSeen(t *testing.T) {
	k := func(judge_ func(c *judge.Case)) readiness.Judgement {
		return do(judge.Checker{ID: "k", Expected: "x", Judge: judge_}, nil)
	}
	j := k(func(c *judge.Case) { c.NotApplicable("there is no cache") })
	require.Equal(t, readiness.NotApplicable, j.Verdict)
	require.Equal(t, []string{"there is no cache"}, j.Reasons)
	require.Equal(t, readiness.Unknown, k(func(c *judge.Case) { c.NotApplicable("x"); c.Unknown("cannot tell") }).Verdict)
	require.Equal(t, readiness.Fail, k(func(c *judge.Case) { c.NotApplicable("x"); c.Fail("a", "b") }).Verdict)
}

func TestManyFailuresMakeOneSentence(t *testing.T) {
	j := do(judge.Checker{ID: "k", Expected: "x", Judge: func(c *judge.Case) {
		for i := range 9 {
			c.FailWith(fmt.Sprintf("pod %d", i), "restart it", "down")
		}
	}}, nil)
	require.Len(t, j.Failures, 9)
	require.Equal(t, 9, j.Subjects)
	require.Equal(t, "pod 0: down; pod 1: down; pod 2: down; and 6 more", j.Found)
	require.Equal(t, "restart it", j.Failures[8].Remedy)
}

// TestOnlyWholeEvidencePasses: whatever a checker does, a pass means that all of
// what it read was read whole, that it saw something, and nothing wrong.
func TestOnlyWholeEvidencePasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		problem := rapid.Bool().Draw(t, "problem")
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{"saw", "fail", "unknown", "note", "n/a"}), 0, 6).Draw(t, "steps")
		var problems []evidence.Problem
		if problem {
			problems = []evidence.Problem{{Kind: evidence.TimedOut, Message: "slow"}}
		}
		j := do(judge.Checker{ID: "k", Expected: "x", Needs: []evidence.Name{nodes.Name()}, Judge: func(c *judge.Case) {
			judge.Read(c, nodes)
			for _, step := range steps {
				map[string]func(){
					"saw": c.Saw, "fail": func() { c.Fail("a", "b") }, "unknown": func() { c.Unknown("?") },
					"note": func() { c.Note("good") }, "n/a": func() { c.NotApplicable("none") },
				}[step]()
			}
		}}, facts([]string{"a"}, problems...))
		count := map[string]int{}
		for _, step := range steps {
			count[step]++
		}
		want := readiness.Pass
		switch {
		case count["fail"] > 0:
			want = readiness.Fail
		case problem || count["unknown"] > 0:
			want = readiness.Unknown
		case count["n/a"] > 0:
			want = readiness.NotApplicable
		case count["saw"] == 0:
			want = readiness.Unknown
		}
		if j.Verdict != want {
			t.Fatalf("%v, problem %t: %s, want %s", steps, problem, j.Verdict, want)
		}
		if j.Found == "" {
			t.Fatal("it says nothing")
		}
	})
}

func TestThresholds(t *testing.T) {
	over := judge.Thresholds{"a": 1, "b": 2}.With(judge.Thresholds{"b": 3})
	j := judge.Checker{ID: "k", Expected: "x", Judge: func(c *judge.Case) {
		require.Equal(t, 1, c.Int("a"))
		require.InDelta(t, 3.0, c.Number("b"), 0)
		require.Equal(t, 15*time.Minute, c.Duration("age"))
		require.Equal(t, []string{"x", "2"}, c.Texts("list"))
		c.Saw()
	}}.Do(judge.Environment{}, over.With(judge.Thresholds{"age": "15m", "list": []any{"x", 2}}), nil)
	require.Equal(t, readiness.Pass, j.Verdict, j.Found)
	j = judge.Checker{ID: "k", Judge: func(c *judge.Case) { c.Duration("age") }}.Do(judge.Environment{}, judge.Thresholds{"age": "a day"}, nil)
	require.Contains(t, j.Found, "such as 15m or 720h")
}
