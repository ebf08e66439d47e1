package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
)

// inLab is a project with an environment whose systems are not there.
func inLab(t *testing.T) {
	t.Helper()
	inProject(t, "check", "--list")
	targets := "environment: lab\nprometheus: {url: \"http://127.0.0.1:9\"}\n"
	require.NoError(t, os.WriteFile("lab.yaml", []byte(targets), 0o600))
}

func TestCheckRefusesWhatItCannotKeep(t *testing.T) {
	inLab(t)
	for want, args := range map[string][]string{
		"--bundle wants a key to sign with":           {"--targets", "lab.yaml", "--bundle", "x.tar"},
		"--key signs a bundle: name it with --bundle": {"--targets", "lab.yaml", "--key", "x.key"},
		"no such file": {"--targets", "lab.yaml", "--bundle", "x.tar", "--key", "x.key"},
		"--history keeps runs of the whole checklist":             {"--targets", "lab.yaml", "--history", "kept", "--select", "DB-1"},
		"--history s3://b/p: a sandbox reaches no account":        {"-s", "staging", "--sandbox", "--history", "s3://b/p"},
		"--bundle s3://b/k: a sandbox reaches no account":         {"-s", "staging", "--sandbox", "--bundle", "s3://b/k"},
		"--key awskms:///alias/x: a sandbox reaches no account":   {"-s", "staging", "--sandbox", "--bundle", "k", "--key", "awskms:///alias/x"},
		"critical, high, medium or low, or never":                 {"--targets", "lab.yaml", "--fail-on", "always"},
		"unknown output \"pdf\": csv, html, json, junit, markdow": {"--targets", "lab.yaml", "-o", "pdf"},
	} {
		code, stdout, stderr := again(t, append([]string{"check"}, args...)...)
		require.Equal(t, exitError, code, args)
		require.Empty(t, stdout)
		require.Contains(t, stderr, want)
	}
	left, err := filepath.Glob("x.tar*")
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestARunIsKeptComparedAndProven goes the whole way of a report.
func TestARunIsKeptComparedAndProven(t *testing.T) {
	inLab(t)
	code, _, stderr := again(t, "report", "keygen", "ci", "--out", "ci.key", "--expires", "2030-01-01")
	require.Equal(t, exitOK, code, stderr)
	check := func(args ...string) readiness.Run {
		code, stdout, stderr := again(t, append([]string{"check", "--targets", "lab.yaml", "-o", "json"}, args...)...)
		require.Equal(t, exitOK, code, stderr)
		var run readiness.Run
		require.NoError(t, json.Unmarshal([]byte(stdout), &run))
		return run
	}
	first := check("--bundle", "out/", "--key", "ci.key")
	require.Nil(t, first.Comparison)
	require.Len(t, first.Frameworks, 4)
	require.Nil(t, first.Deployed)
	require.Contains(t, first.Summary.Headline, "lab is not ready")
	bundle := filepath.Join("out", first.ID+".tar")

	code, stdout, stderr := again(t, "report", "verify", bundle)
	require.Equal(t, exitOK, code, "%s%s", stdout, stderr)
	content, err := os.ReadFile(bundle)
	require.NoError(t, err)
	forged := strings.Replace(string(content), "lab is not ready", "lab is all ready", 1)
	require.NoError(t, os.WriteFile("forged.tar", []byte(forged), 0o600))
	code, stdout, _ = again(t, "report", "verify", "forged.tar")
	require.Equal(t, exitFindings, code)
	require.Contains(t, stdout, "CHANGED report.html")

	code, stdout, stderr = again(t, "report", "render", bundle, "-o", "csv")
	require.Equal(t, exitOK, code, stderr)
	require.Len(t, strings.Split(strings.TrimSpace(stdout), "\nDB-3,"), 2)
	require.NoError(t, os.WriteFile(bundle, content, 0o600))
	code, _, stderr = again(t, "report", "render", bundle, "-o", "html=again.html")
	require.Equal(t, exitOK, code, stderr)
	page, err := os.ReadFile("again.html")
	require.NoError(t, err)
	require.True(t, strings.Contains(string(content), string(page)), "the bundle's page is what its report makes, byte for byte")
	code, _, stderr = again(t, "report", "render", bundle, "-o", "html="+bundle)
	require.Equal(t, exitError, code, "what is read is not replaced")
	require.Contains(t, stderr, "it is the file that is read")
	code, _, stderr = again(t, "report", "verify", bundle, "--keys", "none.yaml")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "none.yaml: no such file")
	code, _, stderr = again(t, "report", "render", "lab.yaml")
	require.Equal(t, exitError, code)
	require.Contains(t, stderr, "gatehouse check -o json")

	// Another run of the same second is not kept; one of a part never is.
	part := check("--select", "DB-1")
	require.Nil(t, part.Comparison, "a part is not compared with the whole")
	code, stdout, stderr = again(t, "report", "history", "-s", "lab")
	require.Equal(t, exitOK, code, stderr)
	require.Contains(t, stdout, first.ID)
	require.Equal(t, 1, strings.Count(stdout, "lab-"))
}

// A run that was cut off is told as such, and is no point of a history.
func TestCutOffRunIsNoSuccess(t *testing.T) {
	inLab(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	code := Main(ctx, []string{"check", "--targets", "lab.yaml", "-o", "json", "--fail-on", "never"}, strings.NewReader(""), &stdout, &stderr)
	require.Equal(t, exitError, code)
	require.Contains(t, stderr.String(), "the run was cut off")
	var run readiness.Run
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &run))
	require.True(t, run.Interrupted)
	code, listed, errs := again(t, "report", "history")
	require.Equal(t, exitOK, code, errs)
	require.NotContains(t, listed, "lab-")
}

func TestFailOnNeverTellsByTheReportAlone(t *testing.T) {
	inLab(t)
	code, stdout, stderr := again(t, "check", "--targets", "lab.yaml", "--fail-on", "never", "--push", "http://127.0.0.1:9", "-o", "summary")
	require.Equal(t, exitError, code, "a push that failed is no success")
	require.Contains(t, stderr, "127.0.0.1:9")
	require.Contains(t, stdout, "93 items", "what was found is not lost for it")
}
