package config_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// Parse never panics, reports a bounded number of problems, and says where.
func FuzzParse(f *testing.F) {
	for _, stack := range []string{"staging", "production"} {
		content, err := os.ReadFile("testdata/" + stack + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	for _, seed := range []string{
		"", "a", "config: &a [*a, *a]", "config:\n  gatehouse:edge: {<<: *x}", "? [a]\n: b", "\x00", "--- a\n--- b", "config: {gatehouse:edge: {domain: !!binary aa}}",
		"config:\n  gatehouse:data: " + strings.Repeat("[", 300),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		_, problems := config.Check("Pulumi.staging.yaml", content, config.At(configtest.Today()))
		if len(problems) > 200 {
			t.Errorf("%d problems", len(problems))
		}
		for _, problem := range problems {
			if problem.Message == "" || problem.File == "" {
				t.Errorf("a problem without words: %+v", problem)
			}
		}
	})
}

// The same with damaged stack files, which a fuzzer takes long to come to.
func TestDamagedFilesNeverPanic(t *testing.T) {
	whole := baseFile(t, "production")
	scraps := []string{"", "\t", "\n", ": ", "- ", "{", "[", "]", "}", "&a ", "*a", "<<: ", "!!int ", "? ", "|", `"`, "\x00", "\xff", "---\n", "secure: x", "~"}
	rapid.Check(t, func(t *rapid.T) {
		text := whole
		for range rapid.IntRange(1, 6).Draw(t, "cuts") {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			to := min(len(text), from+rapid.IntRange(0, 40).Draw(t, "length"))
			text = text[:from] + rapid.SampledFrom(scraps).Draw(t, "scrap") + text[to:]
		}
		_, problems := config.Check("Pulumi.production.yaml", []byte(text), config.At(configtest.Today()))
		for _, problem := range problems {
			require.NotEmpty(t, problem.Message)
		}
	})
}
