package cases_test

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"gatehouse/policies/cases"
	"gatehouse/policies/pack"
)

var prefix = flag.String("rule", "", "test only the rules whose ID begins so")

// Every rule of the pack says what it must, keeps to its cases, and no line of
// it is without one.
func TestPack(t *testing.T) {
	files := chosen(t, os.DirFS("../rules"), *prefix)
	p, err := pack.Load(files)
	require.NoError(t, err)
	run, err := cases.Test(t.Context(), p, files, *prefix)
	require.NoError(t, err)
	for _, problem := range run.Problems {
		t.Errorf("%s (%s:%d) %s: %s", problem.Rule, problem.File, problem.Line, problem.Case, problem.Message)
	}
	for _, line := range run.Uncovered {
		t.Logf("no case reaches %s", line)
	}
	t.Logf("%d rules, %d cases, %.1f %% of the lines", run.Rules, run.Cases, run.Coverage)
	require.NotZero(t, run.Rules, "no rule begins with %q", *prefix)
	require.GreaterOrEqual(t, run.Coverage, 95.0)
}

var helper = regexp.MustCompile(`data\.gatehouse\.lib\.(\w+)`)

// chosen are the rules with a prefix and the helpers that they use: a mistake in
// another rule is none of theirs.
func chosen(t *testing.T, files fs.FS, prefix string) fs.FS {
	if prefix == "" {
		return files
	}
	out := fstest.MapFS{}
	var take func(name string)
	take = func(name string) {
		text, err := fs.ReadFile(files, name)
		require.NoError(t, err)
		out[name] = &fstest.MapFile{Data: text}
		for _, found := range helper.FindAllStringSubmatch(string(text), -1) {
			if lib := "lib/" + found[1] + ".rego"; out[lib] == nil {
				take(lib)
			}
		}
	}
	require.NoError(t, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		id := strings.NewReplacer("/", "-", "_", "-").Replace(strings.TrimSuffix(name, path.Ext(name)))
		if err == nil && !entry.IsDir() && strings.HasPrefix(id, prefix) {
			take(name)
		}
		return err
	}))
	return out
}
