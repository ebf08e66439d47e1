package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gatehouse/report"
	"gatehouse/report/frameworks"
	"gatehouse/report/readiness"
	"gatehouse/report/results/resultstest"
)

// reportFramework runs the command over a results file of the run.
func reportFramework(t *testing.T, content []byte, args ...string) (stdout string, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "readiness.json")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	cmd := newReportFrameworkCommand()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceUsage = true
	cmd.SetArgs(append([]string{args[0], file}, args[1:]...))
	err = cmd.ExecuteContext(t.Context())
	return out.String(), err
}

func auditedRun() readiness.Run {
	run := resultstest.Run("staging", time.Date(2026, 11, 22, 10, 15, 0, 0, time.UTC))
	run.Items[0].Frameworks = []report.Framework{{Name: "CIS EKS", Requirement: "4.1.1"}}
	return run
}

func TestReportFramework(t *testing.T) {
	run := auditedRun()
	frameworks.Apply(&run)
	content := resultstest.JSON(t, run)
	text, err := reportFramework(t, content, "ciseks")
	require.NoError(t, err)
	require.Contains(t, text, "CIS EKS: what the run "+run.ID+" supports")
	require.Contains(t, text, run.Items[0].ID)
	require.Contains(t, text, "– not covered: 4.1.2")

	whole, err := reportFramework(t, content, "CIS EKS", "-o", "json")
	require.NoError(t, err)
	var view struct{ Framework readiness.Framework }
	require.NoError(t, json.Unmarshal([]byte(whole), &view))
	require.Equal(t, run.Frameworks[3], view.Framework)

	// Of a run that has no views, they are made.
	older, err := reportFramework(t, resultstest.JSON(t, auditedRun()), "CIS EKS", "-o", "json")
	require.NoError(t, err)
	require.Equal(t, whole, older)
}

func TestReportFrameworkRefuses(t *testing.T) {
	content := resultstest.JSON(t, auditedRun())
	_, err := reportFramework(t, content, "PCI")
	require.ErrorContains(t, err, `unknown standard "PCI": SOC 2, ISO 27001, NIST 800-53, CIS EKS`)
	_, err = reportFramework(t, content, "soc2", "-o", "sarif")
	require.ErrorContains(t, err, `unknown output "sarif": csv, json, markdown, text`)
	_, err = reportFramework(t, content[:len(content)/2], "soc2")
	require.ErrorContains(t, err, "readiness.json")

	t.Chdir(t.TempDir())
	cmd := newReportFrameworkCommand()
	cmd.SetArgs([]string{"soc2"})
	cmd.SilenceUsage, cmd.SilenceErrors = true, true
	err = cmd.ExecuteContext(t.Context())
	require.ErrorContains(t, err, strings.TrimPrefix(usualResults, "/"))
}
