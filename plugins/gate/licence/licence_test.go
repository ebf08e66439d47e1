package licence_test

import (
	"strings"
	"testing"
	"time"

	"github.com/github/go-spdx/v2/spdxexp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"gatehouse/plugins/gate/licence"
)

func list(t testing.TB, allowed ...string) licence.List {
	l, err := licence.NewList(allowed)
	require.NoError(t, err)
	return l
}

func TestAllows(t *testing.T) {
	l := list(t, "MIT", "Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Ours")
	for expression, want := range map[string]bool{
		"MIT":              true,
		"(MIT)":            true,
		"MIT OR GPL-3.0":   true,
		"GPL-3.0 OR MIT":   true,
		"MIT AND GPL-3.0":  false,
		"MIT AND ISC":      false,
		"ISC":              false,
		"GPL-2.0-only":     false, // only with its exception
		"LicenseRef-Ours":  true,
		"LicenseRef-Other": false,
		"GPL-2.0-only WITH Classpath-exception-2.0":               true,
		"GPL-3.0-only WITH Classpath-exception-2.0":               false,
		"MIT AND (ISC OR Apache-2.0)":                             true,
		"MIT OR ISC AND GPL-3.0":                                  true, // AND binds more tightly
		"(MIT OR ISC) AND GPL-3.0":                                false,
		"ISC AND GPL-3.0 OR MIT":                                  true,
		strings.Repeat("(", 60) + "MIT" + strings.Repeat(")", 60): true,
	} {
		allowed, err := l.Allows(expression)
		require.NoError(t, err, expression)
		require.Equal(t, want, allowed, expression)
	}
	for expression, part := range map[string]string{
		"UNLICENSED":                     "gives nobody else a right",
		"SEE LICENSE IN LICENSE.md":      "somebody must read that file",
		"Apache 2.0":                     "SPDX has no",
		"MIT/X11":                        "is no licence",
		"MIT,ISC":                        "is no licence",
		"NOPE-1.0":                       "SPDX has no",
		"MIT OR":                         "ends too early",
		"(MIT":                           "not closed",
		"MIT)":                           "has no place there",
		"MIT WITH":                       "no exception",
		"MIT or ISC":                     "has no place there",
		strings.Repeat("(", 900) + "MIT": "brackets in one another",
	} {
		_, err := l.Allows(expression)
		require.ErrorContains(t, err, part, expression)
	}
	allowed, err := licence.List{}.Allows("MIT")
	require.NoError(t, err)
	require.False(t, allowed)
}

func TestNewListRefuses(t *testing.T) {
	for _, each := range []string{"MIT OR ISC", "MIT-ish", "", "(MIT)", "MIT AND", "DocumentRef-0", "LicenseRef-"} {
		_, err := licence.NewList([]string{each})
		require.Error(t, err, each)
	}
}

// TestAgainstBruteForce: the evaluator agrees with plain Boolean functions, and
// allows all that the library's own evaluation allows. That one wrongly refuses
// some: "ISC OR (MIT AND (ISC OR MIT))" where MIT is allowed.
func TestAgainstBruteForce(t *testing.T) {
	names := []string{"MIT", "ISC", "Apache-2.0", "0BSD", "Zlib", "GPL-2.0-only WITH Classpath-exception-2.0"}
	type pair struct {
		text string
		eval func(allowed map[string]bool) bool
	}
	var expression func(depth int) *rapid.Generator[pair]
	expression = func(depth int) *rapid.Generator[pair] {
		return rapid.Custom(func(t *rapid.T) pair {
			kind := rapid.SampledFrom([]string{"one", "OR", "AND"}).Draw(t, "kind")
			if depth == 0 || kind == "one" {
				name := rapid.SampledFrom(names).Draw(t, "name")
				return pair{name, func(a map[string]bool) bool { return a[name] }}
			}
			left, right := expression(depth-1).Draw(t, "left"), expression(depth-1).Draw(t, "right")
			return pair{"(" + left.text + ") " + kind + " (" + right.text + ")", func(a map[string]bool) bool {
				if kind == "OR" {
					return left.eval(a) || right.eval(a)
				}
				return left.eval(a) && right.eval(a)
			}}
		})
	}
	rapid.Check(t, func(rt *rapid.T) {
		one := expression(3).Draw(rt, "expression")
		allowed := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 4, rapid.ID).Draw(rt, "allowed")
		set := map[string]bool{}
		for _, name := range allowed {
			set[name] = true
		}
		got, err := list(t, allowed...).Allows(one.text)
		require.NoError(rt, err)
		require.Equal(rt, one.eval(set), got, "%s of %v", one.text, allowed)
		theirs, err := spdxexp.Satisfies(one.text, allowed)
		require.NoError(rt, err)
		require.False(rt, theirs && !got, "only the library allows %s of %v", one.text, allowed)
	})
}

// TestManyChoices: an expression whose combinations nobody can write out.
func TestManyChoices(t *testing.T) {
	start := time.Now()
	allowed, err := list(t, "ISC").Allows(strings.Repeat("(MIT OR ISC) AND ", 60) + "ISC")
	require.NoError(t, err)
	require.True(t, allowed)
	require.Less(t, time.Since(start), 5*time.Second)
}

func FuzzAllows(f *testing.F) {
	for _, seed := range []string{"MIT", "(MIT OR ISC) AND GPL-2.0+ WITH x", "SEE LICENSE IN y", "DocumentRef-a:LicenseRef-b", "DocumentRef-0", "LicenseRef-"} {
		f.Add(seed)
	}
	l := list(f, "MIT")
	f.Fuzz(func(t *testing.T, expression string) {
		allowed, err := l.Allows(expression)
		if allowed {
			require.NoError(t, err)
			require.Contains(t, strings.ToUpper(expression), "MIT")
		}
	})
}
