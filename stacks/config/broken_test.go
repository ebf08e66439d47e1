package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// brokenCase is a case of testdata/broken.yaml.
type brokenCase struct {
	Name, Stack, File string
	// Content replaces the whole file when it is given.
	Content *string
	Change  []struct{ From, To string }
	// Want are the problems, warnings included.
	Want []string
}

func (c brokenCase) file() string {
	if c.File != "" {
		return c.File
	}
	return "Pulumi." + c.Stack + ".yaml"
}

// broken is the stack file with the mistake in it.
func (c brokenCase) broken(t *testing.T) string {
	t.Helper()
	if c.Content != nil {
		return *c.Content
	}
	text := baseFile(t, c.Stack)
	for _, change := range c.Change {
		require.Contains(t, text, change.From, "the change must apply")
		text = strings.Replace(text, change.From, change.To, 1)
	}
	return text
}

func baseFile(t *testing.T, stack string) string {
	t.Helper()
	content, err := os.ReadFile("testdata/" + stack + ".yaml")
	require.NoError(t, err)
	return string(content)
}

func brokenCases(t *testing.T) []brokenCase {
	t.Helper()
	content, err := os.ReadFile("testdata/broken.yaml")
	require.NoError(t, err)
	var cases []brokenCase
	require.NoError(t, yaml.Unmarshal(content, &cases))
	return cases
}

func TestBrokenConfigurations(t *testing.T) {
	cases := brokenCases(t)
	require.GreaterOrEqual(t, len(cases), 80)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			_, problems := config.Check(c.file(), []byte(c.broken(t)), config.At(configtest.Today()))
			got := make([]string, len(problems))
			for i, problem := range problems {
				got[i] = problem.String()
			}
			require.Equal(t, c.Want, got)
		})
	}
}

func TestBaseFilesAreValid(t *testing.T) {
	for _, stack := range []string{"staging", "production"} {
		_, problems := config.Check("Pulumi."+stack+".yaml", []byte(baseFile(t, stack)), config.At(configtest.Today()))
		require.Empty(t, problems, stack)
	}
}

func TestCommittedStacksAreValid(t *testing.T) {
	for _, stack := range []string{"staging", "production"} {
		content, err := os.ReadFile(configtest.File(stack))
		require.NoError(t, err)
		_, problems := config.Check("Pulumi."+stack+".yaml", content, config.At(configtest.Today()))
		require.Empty(t, problems, stack)
	}
}

func TestHugeFileIsRefused(t *testing.T) {
	_, err := config.Parse("Pulumi.staging.yaml", make([]byte, 1<<20+1))
	require.EqualError(t, err, "Pulumi.staging.yaml: has 1048577 bytes; a stack file may have 1048576")
}

func TestProblemsAreBounded(t *testing.T) {
	var text strings.Builder
	text.WriteString("config:\n  gatehouse:edge:\n")
	for i := range 20000 {
		text.WriteString("    replcas" + strings.Repeat("x", i%40) + strings.Repeat("y", i%7) + ": 1\n")
	}
	_, err := config.Parse("Pulumi.staging.yaml", []byte(text.String()))
	var problems config.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 200)
}
