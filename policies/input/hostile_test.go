package input

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLargeFilesAreRefusedBeforeTheyAreRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.yaml")
	require.NoError(t, os.WriteFile(path, []byte(named("x")), 0o644))
	require.NoError(t, os.Truncate(path, 100<<20))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Manifests(t.Context(), []string{path}, nil)
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "large.yaml: the file is larger than 64 MiB: split it")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), "its size alone says enough")

	small := standard
	small.file, small.total = 1000, 1500
	endless := &counted{r: io.MultiReader(strings.NewReader(named("x")), endlessly('\n'))}
	_, err = readManifests(t.Context(), []string{"-"}, endless, small)
	require.ErrorContains(t, err, "read standard input: the file is larger than 1000 bytes")
	assert.LessOrEqual(t, endless.n, int64(1001))

	dir := tree(t, map[string]string{"a.yaml": strings.Repeat("#", 900), "b.yaml": strings.Repeat("#", 900)})
	_, err = readManifests(t.Context(), []string{dir}, nil, small)
	require.ErrorContains(t, err, "b.yaml: the manifests are larger than 1500 bytes in all")
}

func TestManyValuesAreRefusedBeforeTheyAreMade(t *testing.T) {
	few := standard
	few.values = 1000
	for _, text := range []string{
		withX("[" + strings.Repeat("a,", 2000) + "]"),
		withX(strings.Repeat("[a],\n", 2000)),
		withX("{" + strings.Repeat("a: ", 2000) + "}"),
		`{"a": [` + strings.Repeat("1,", 2000) + `1]}`,
		strings.Repeat("---\n"+named("x"), 400),
	} {
		_, err := readManifests(t.Context(), []string{"-"}, strings.NewReader(text), few)
		require.ErrorContains(t, err, "too many values: judge them in parts", text[:60])
	}
}

// What is hostile must cost time in proportion to its size.
func TestHostileManifestsAreReadInTime(t *testing.T) {
	const size = 1 << 20
	fill := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	for name, text := range map[string]string{
		"comments":     fill("# x\n"),
		"indented":     withX(fill("a\n  ")),
		"markers":      fill("---\n"),
		"brackets":     fill("["),
		"braces":       fill("{"),
		"JSON":         fill(`{"a":`),
		"dashes":       fill("- "),
		"questions":    fill("? "),
		"quotes":       withX(fill(`"`)),
		"anchors":      withX(fill("&a ")),
		"one anchor":   withX("&" + fill("a") + " x"),
		"one word":     withX(fill("a")),
		"one number":   withX(fill("1")),
		"number":       `{"a": ` + fill("1") + "}",
		"spaces":       withX(fill(" ")),
		"colons":       withX(fill(":")),
		"lines":        withX("|\n" + fill("\n")),
		"tags":         withX("!" + fill("a")),
		"directives":   fill("%YAML 1.1\n"),
		"comment keys": withX(fill("a: # x\n  # y\n  ")),
		"many keys":    withX(fill("? a\n  ")),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Manifests(t.Context(), []string{"-"}, strings.NewReader(text))
			assert.Less(t, time.Since(start), 20*time.Second)
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
		})
	}
}
