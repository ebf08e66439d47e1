package input

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// object is a ConfigMap whose field x is a YAML text that is indented.
func withX(text string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nx:\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}

func TestValuesAreWhatKubernetesMakesOfThem(t *testing.T) {
	for _, text := range []string{
		`yes`, `No`, `on`, `OFF`, `y`, `N`, `true`, `True`, `FALSE`, `"yes"`, `'on'`, `!!str yes`, `!!bool "true"`, `!!bool "yes"`, `yEs`,
		`null`, `~`, `Null`, `""`, `'null'`,
		`1`, `-7`, `+3`, `0644`, `0o644`, `0x1F`, `0b101`, `-0b1`, `1_000`, `08`, `1.5`, `1e3`, `.5`, `1.`, `1e400`, `9007199254740993`,
		`18446744073709551615`, `99999999999999999999`, `"1"`, `1:30`, `1.2.3`, `100m`, `2001-01-01`, `2001-01-01T00:00:00Z`, `=`, `<<`, `!!str 7`,
		`!!int "7"`, `!!float "7"`, `-`, `[]`, `{}`, `[a, [b], {c: d}]`, `- a
-
- b: c
  d: e`, `on: 1
no: 2
7: 3
1.5: 4
"y": 6
0x10: 7`, `|
  a
   b

`, `>-
  a
  b`, `"a\tb\u00e9\x41"`, `a # comment`, `a#b`, `'it''s'`, `a: &x {b: c}
d: *x
e: {<<: *x, b: z}
f: {b: y, <<: *x}
g: {<<: [*x, {b: n, m: o}], k: l}`, `&k key: *k`, `a:
  - &y
    q: 1
  - <<: *y
    r: 2`,
	} {
		var want struct{ X any }
		require.NoError(t, yaml.Unmarshal([]byte(withX(text)), &want), text)
		got := piped(t, withX(text)).Resources[0].Properties["x"]
		assert.Equal(t, resource.NewPropertyValue(want.X), got, text)
	}
}

func TestWhatKubernetesWouldNotReadIsRefused(t *testing.T) {
	for text, message := range map[string]string{
		"a: 1\nb: 2\na: 3":              `input:7: the key "a" is given twice`,
		"on: 1\ntrue: 2":                `the key "true" is given twice`,
		"[a]: b":                        "a key is no plain value",
		"? {a: b}\n: c":                 "a key is no plain value",
		".inf":                          "no number that JSON can hold",
		"-.INF":                         "no number that JSON can hold",
		".nan":                          "no number that JSON can hold",
		"!Ref x":                        "does not know the tag !Ref",
		"!!binary aGk=":                 "does not know the tag !!binary",
		"!!bool maybe":                  "does not know the tag !!bool with this value",
		"null: a":                       "a key is null",
		"a: &x [*x]":                    `input:5: the anchor "x" contains itself`,
		"&x a: &y {<<: *y}":             "contains itself",
		"*nowhere":                      "unknown anchor",
		"{<<: [7]}":                     "<< takes in no mapping",
		"{<<: 7}":                       "<< takes in no mapping",
		"\ta: b":                        "input:5: this is not YAML",
		"a: b: c":                       "this is not YAML",
		"'open":                         "this is not YAML",
		"[a, b":                         "this is not YAML",
		"a: 1\n b: 2":                   "this is not YAML",
		`"\q"`:                          "this is not YAML",
		strings.Repeat("[", 300):        "this is not YAML",
		strings.Repeat("[", 20_000):     "this is not YAML",
		nested(300):                     "nested deeper than 200 levels",
		strings.Repeat("- ", 300) + "a": "nested deeper than 200 levels",
		"a\x00b":                        "input:5: a NUL byte",
		"\xff":                          "input:5: this is not UTF-8",
	} {
		assert.Contains(t, refused(t, withX(text)), message, text[:min(len(text), 20)])
	}
	assert.Contains(t, refused(t, "\xff\xfea\x00"), "UTF-16")
	assert.Contains(t, refused(t, "a\x00p\x00"), "UTF-16")
	assert.Contains(t, refused(t, "\x00\x00\x00"), "binary")
	assert.Contains(t, refused(t, named("a")+"---\u0085"+named("b")), "begins without a line --- of its own")
}

func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}

func TestAliasesThatExplodeAreRefused(t *testing.T) {
	var b strings.Builder
	b.WriteString("a0: &a0 [lol, lol]\n")
	for i := 1; i < 60; i++ {
		n := string(rune('0'+i/10)) + string(rune('0'+i%10))
		m := string(rune('0'+(i-1)/10)) + string(rune('0'+(i-1)%10))
		if i == 1 {
			m = "0"
		}
		b.WriteString("a" + n + ": &a" + n + " [*a" + m + ", *a" + m + "]\n")
	}
	small := standard
	small.expanded = 10_000
	_, err := readManifests(t.Context(), []string{"-"}, strings.NewReader(withX(b.String())), small)
	require.ErrorContains(t, err, "aliases grow to more than 10000 values: write the values out")
	require.Regexp(t, `read standard input:\d+: `, err)
	assert.Contains(t, refused(t, withX(b.String())), "aliases grow to more than 1000000 values")

	t.Run("over many documents", func(t *testing.T) {
		var b strings.Builder
		for i := range 200 {
			b.WriteString("---\n" + strings.Replace(withX("a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\nb: [*a, *a, *a, *a, *a, *a]"), "name: x", "name: x"+strings.Repeat("i", i), 1))
		}
		_, err := readManifests(t.Context(), []string{"-"}, strings.NewReader(b.String()), small)
		require.ErrorContains(t, err, "aliases grow to more than")
	})
}
