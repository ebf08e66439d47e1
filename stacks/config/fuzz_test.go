package config_test

import (
	"os"
	"strings"
	"testing"

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
