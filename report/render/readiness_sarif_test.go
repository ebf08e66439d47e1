package render_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render"
)

func readinessSARIF(t require.TestingT, r readiness.Run) sarifLog {
	var log sarifLog
	require.NoError(t, json.Unmarshal([]byte(shown(t, "sarif", r, render.Options{})), &log))
	return log
}

func TestReadinessSARIF(t *testing.T) {
	log := readinessSARIF(t, readinesstest.Rich())
	require.Len(t, log.Runs, 2)
	items, policies := log.Runs[0], log.Runs[1]
	require.Equal(t, "gatehouse-readiness/staging/", items.AutomationDetails.ID)
	require.Equal(t, "gatehouse-policies/staging/", policies.AutomationDetails.ID)
	require.Len(t, policies.Results, len(readinesstest.Rich().Policies.Findings))
	told := map[string]string{}
	for _, r := range items.Results {
		require.Equal(t, r.RuleID, items.Tool.Driver.Rules[r.RuleIndex].ID)
		told[r.RuleID] = fmt.Sprintf("%s %s %d", r.Kind, r.Level, len(r.Suppressions))
	}
	for id, want := range map[string]string{
		"K8S-1": "pass none 0", "DB-3": " error 0", "SEC-4": " note 0", "SEC-2": " error 0", "K8S-5": "open none 0",
		"COMP-3": "review none 0", "COMP-1": "review none 1", "CACHE-1": " error 1", "INF-4": "notApplicable none 0",
	} {
		require.Equal(t, want, told[id], id)
	}
	require.False(t, items.Invocations[0].ExecutionSuccessful)
	require.Equal(t, "SEC-2 could not be judged: the checker failed: index out of range [3] with length 3",
		items.Invocations[0].ToolExecutionNotifications[0].Message.Text)
	cache := items.Results[4]
	require.Equal(t, "waived by Platform team until 2026-11-30, https://tickets.example.com/browse/GH-5: "+
		"A replica of a shard would double staging's cache, which holds sessions and copies only", cache.Suppressions[0].Justification)
	require.Len(t, readinessSARIF(t, readinesstest.Bare()).Runs, 1, "no policies ran")
	require.False(t, readinessSARIF(t, readinesstest.Bare()).Runs[0].Invocations[0].ExecutionSuccessful)
	require.True(t, readinessSARIF(t, readinesstest.Ready()).Runs[0].Invocations[0].ExecutionSuccessful)
}

func TestReadinessSARIFKeepsToTheStandard(t *testing.T) {
	content, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	require.NoError(t, err)
	schema := compiled(t, content)
	valid := func(t require.TestingT, r readiness.Run) {
		require.NoError(t, schema.Validate(value(t, shown(t, "sarif", r, render.Options{}))))
		for _, run := range readinessSARIF(t, r).Runs {
			prints := map[string]bool{}
			for _, result := range run.Results {
				require.Equal(t, result.RuleID, run.Tool.Driver.Rules[result.RuleIndex].ID)
				require.Equal(t, result.Kind != "", result.Level == "none")
				print := result.PartialFingerprints["primaryLocationLineHash"]
				require.False(t, prints[print], "a fingerprint of two results")
				prints[print] = true
			}
		}
	}
	for _, r := range []readiness.Run{readinesstest.Rich(), readinesstest.Ready(), readinesstest.Bare()} {
		valid(t, r)
	}
	rapid.Check(t, func(t *rapid.T) { valid(t, anyRun(t)) })
}

func TestReadinessSARIFKeepsToGitHubsLimits(t *testing.T) {
	var r readiness.Run
	for i := range 25010 {
		r.Items = append(r.Items, readiness.Item{ID: fmt.Sprintf("DB-%d", i), Verdict: readiness.Pass})
	}
	run := readinessSARIF(t, r).Runs[0]
	require.Len(t, run.Results, 25000)
	require.Equal(t, "10 items are left out: code scanning takes 25000", run.Invocations[0].ToolExecutionNotifications[0].Message.Text)
}
