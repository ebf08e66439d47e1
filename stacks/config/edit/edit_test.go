package edit_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
	"gatehouse/stacks/config/edit"
)

const sum = "sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="

func plugin(name, version string) config.Package {
	return config.Package{Name: config.PackageName(name), Version: config.PackageVersion(version), Integrity: sum}
}

// file is a stack file with the text as its plugins.
func file(plugins string) string {
	return "# Staging.\nconfig:\n  gatehouse:portal:\n    images: {backstage: 1.0.0} # pinned\n" + plugins + "  # the end\n  gatehouse:edge:\n    domain: a.example.com\n"
}

func item(name, version string) string {
	return "        - name: " + name + "\n          version: " + version + "\n          integrity: " + sum + "\n"
}

func TestPut(t *testing.T) {
	head := "    plugins:\n      host: h.json # the host\n"
	for name, c := range map[string]struct{ from, want string }{
		"no plugins": {"", "    plugins:\n      packages:\n" + item("new", "1.0.0")},
		"no packages": {
			head + "\n      # about\n",
			head + "      packages:\n" + item("new", "1.0.0") + "\n      # about\n",
		},
		"empty plugins": {"    plugins: {} # none\n", "    plugins: # none\n      packages:\n" + item("new", "1.0.0")},
		"empty list":    {head + "      packages: [] # none yet\n      keep: 3\n", head + "      packages: # none yet\n" + item("new", "1.0.0") + "      keep: 3\n"},
		"behind the others": {
			head + "      packages:\n" + item("old", "1.0.0") + "        # last\n\n      keep: 3\n",
			head + "      packages:\n" + item("old", "1.0.0") + item("new", "1.0.0") + "        # last\n\n      keep: 3\n",
		},
		"another version": {
			head + "      packages:\n        # why\n        - name: new # the one\n          # pinned\n          version: '0.9.0' # soon 1\n          integrity: " + sum + "\n          accept: []\n          requireProvenance: false\n",
			head + "      packages:\n        # why\n        - name: new # the one\n          # pinned\n          version: 1.0.0 # soon 1\n          integrity: " + sum + "\n          accept: []\n          requireProvenance: false\n",
		},
		"in braces": {
			head + "      packages:\n        - {name: new, version: \"0.9.0\", integrity: " + sum + "}\n",
			head + "      packages:\n        - {name: new, version: 1.0.0, integrity: " + sum + "}\n",
		},
		"in brackets": {
			head + "      packages: [{name: old, version: 1.0.0, integrity: " + sum + "}]\n",
			head + "      packages:\n" + item("old", "1.0.0") + item("new", "1.0.0"),
		},
		"without a key that it had": {
			head + "      packages:\n" + item("new", "1.0.0") + "          strategy: sidecar\n" + item("old", "1.0.0"),
			head + "      packages:\n" + item("new", "1.0.0") + item("old", "1.0.0"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := edit.Put([]byte(file(c.from)), plugin("new", "1.0.0"))
			require.NoError(t, err)
			require.Equal(t, file(c.want), string(got))
			again, err := edit.Put(got, plugin("new", "1.0.0"))
			require.NoError(t, err)
			require.Equal(t, string(got), string(again), "what is there already changes nothing")
		})
	}
}

func TestPutWritesEverything(t *testing.T) {
	strategy := config.PluginStrategy("sidecar")
	p := plugin("@example/plugin-a", "1.0.0-next.1")
	p.Strategy, p.RequireProvenance = &strategy, true
	p.AppConfig = map[string]any{"a": map[string]any{"on": true, "text": "x\ny: 1\n", "list": []any{1, "2027-01-01"}}}
	p.Accept = []config.Exception{{Step: "signature", ID: "unsigned", Reason: "our: mirror", Expires: "2027-02-01"}}
	content, err := os.ReadFile(configtest.File("staging"))
	require.NoError(t, err)
	got, err := edit.Put(content, p)
	require.NoError(t, err)
	c, err := config.Parse("Pulumi.staging.yaml", got, config.At(configtest.Today()))
	require.NoError(t, err, string(got))
	require.Equal(t, []config.Package{p}, c.Portal.Plugins.Packages)
}

func TestRemove(t *testing.T) {
	list := "    plugins:\n      packages: # ours\n        # first\n" + item("a", "1.0.0") + "          # inside\n          strategy: dynamic\n\n        # second\n" + item("b", "1.0.0")
	got, err := edit.Remove([]byte(file(list)), "a")
	require.NoError(t, err)
	want := "    plugins:\n      packages: # ours\n        # first\n\n        # second\n" + item("b", "1.0.0")
	require.Equal(t, file(want), string(got))

	got, err = edit.Remove(got, "b")
	require.NoError(t, err)
	require.Equal(t, file("    plugins:\n      packages: [] # ours\n        # first\n\n        # second\n"), string(got))

	_, err = edit.Remove(got, "b")
	require.ErrorContains(t, err, "remove b from portal.plugins.packages: it is not there")
}

func TestRemoveFromBrackets(t *testing.T) {
	whole := "[{name: a, version: 1.0.0}, {name: b, version: 1.0.0},  {name: c, version: 1.0.0}]"
	for name, want := range map[string]string{
		"a": "[{name: b, version: 1.0.0},  {name: c, version: 1.0.0}]",
		"b": "[{name: a, version: 1.0.0}, {name: c, version: 1.0.0}]",
		"c": "[{name: a, version: 1.0.0}, {name: b, version: 1.0.0}]",
	} {
		got, err := edit.Remove([]byte(file("    plugins: {packages: "+whole+"}\n")), name)
		require.NoError(t, err)
		require.Equal(t, file("    plugins: {packages: "+want+"}\n"), string(got))
	}
}

func TestReplace(t *testing.T) {
	content := file("    plugins:\n      packages:\n" + item("a", "1.0.0") + "        # kept\n" + item("b", "1.0.0"))
	got, err := edit.Replace([]byte(content), []config.Package{plugin("b", "2.0.0"), plugin("c", "1.0.0")})
	require.NoError(t, err)
	require.Equal(t, file("    plugins:\n      packages:\n        # kept\n"+item("b", "2.0.0")+item("c", "1.0.0")), string(got))

	got, err = edit.Replace([]byte(content), nil)
	require.NoError(t, err)
	require.Contains(t, string(got), "packages: []\n        # kept\n")

	got, err = edit.Replace([]byte(file("")), nil)
	require.NoError(t, err)
	require.Equal(t, file("    plugins:\n      packages: []\n"), string(got))
}

// What cannot be changed safely is left alone, and the error has the lines.
func TestUnsafe(t *testing.T) {
	for name, plugins := range map[string]string{
		"a mapping in braces":     "    plugins: {host: h.json}\n",
		"brackets on two lines":   "    plugins:\n      packages: [\n        {name: old, version: 1.0.0}]\n",
		"a comment would be lost": "    plugins:\n      packages:\n        - name: new\n          version: 1.0.0\n          integrity: " + sum + "\n          strategy: sidecar # for its memory\n",
		"a version on two lines":  "    plugins:\n      packages:\n        - name: new\n          # which\n          version: >-\n            0.9.0\n          integrity: " + sum + "\n",
		"an anchor on it":         "    plugins:\n      packages:\n        - &a\n          name: new # x\n          version: !!str 0.9.0\n          integrity: " + sum + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := edit.Put([]byte(file(plugins)), plugin("new", "1.0.0"))
			require.ErrorIs(t, err, edit.ErrUnsafe)
			require.ErrorContains(t, err, "    packages:\n      - name: new\n        version: 1.0.0\n        integrity: sha512-")
		})
	}
}

// YAML knows line ends that are none to anybody else.
func TestStrangeLineEnds(t *testing.T) {
	for _, end := range []string{"\r", "\u0085", "\u2028", "\u2029"} {
		for _, content := range []string{"config:" + end + "  a: 1" + end, "# a" + end + "# b\n" + file("    plugins: {}\n")} {
			_, err := edit.Put([]byte(content), plugin("new", "1.0.0"))
			require.ErrorIs(t, err, edit.ErrUnsafe, "%q", content)
			require.ErrorContains(t, err, "save it with ordinary line ends")
		}
	}
}

// A text at the end of the file, which would get another line end: only the look at
// the result shows it.
func TestOtherValuesMustStay(t *testing.T) {
	content := "config:\n  gatehouse:portal:\n    plugins:\n      packages:\n        - name: old\n          appConfig:\n            a: |\n              text"
	_, err := edit.Put([]byte(content), plugin("new", "1.0.0"))
	require.ErrorIs(t, err, edit.ErrUnsafe)
	_, err = edit.Put([]byte(content+"\n"), plugin("new", "1.0.0"))
	require.NoError(t, err)
}

func TestBroken(t *testing.T) {
	for content, want := range map[string]string{
		"a: [": "read the stack file: yaml",
		"":     "expected a mapping",
		"- a":  "expected a mapping",
		"config:\n  gatehouse:portal:\n    plugins:\n      packages: 3\n": "expected a list",
	} {
		_, err := edit.Put([]byte(content), plugin("a", "1.0.0"))
		require.ErrorContains(t, err, want, content)
	}
}

// Whatever the file looks like, all lines but those of the package stay as they
// are, in their order.
func TestEverythingElseStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		newline := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "newline")
		text, names := drawFile(t)
		text = strings.ReplaceAll(text, "\n", newline)
		content := []byte(text)

		added, err := edit.Put(content, plugin("@new/plugin", "1.0.0"))
		require.NoError(t, err, text)
		require.Len(t, packages(t, added), len(names)+1)
		inserted(t, text, string(added), newline)
		back, err := edit.Remove(added, "@new/plugin")
		require.NoError(t, err)
		require.Equal(t, strings.TrimRight(text, "\r\n"), strings.TrimRight(string(back), "\r\n"))

		name := rapid.SampledFrom(names).Draw(t, "package")
		newer := plugin(name, "9.9.9")
		newer.AppConfig = map[string]any{"a": "text\n# no comment"}
		changed, err := edit.Put(content, newer)
		require.NoError(t, err, text)
		before, after := strings.Split(text, newline), strings.Split(string(changed), newline)
		require.Len(t, after, len(before))
		differ := 0
		for i := range before {
			if before[i] != after[i] {
				differ++
				require.Contains(t, after[i], "9.9.9")
			}
		}
		require.Equal(t, 1, differ)

		removed, err := edit.Remove(content, name)
		require.NoError(t, err)
		require.Len(t, packages(t, removed), len(names)-1)
		if len(names) > 1 {
			inserted(t, string(removed), text, newline)
		}
	})
}

// inserted wants that after is before with lines at one place.
func inserted(t *rapid.T, before, after, newline string) {
	a, b := strings.Split(strings.TrimRight(before, "\r\n"), newline), strings.Split(strings.TrimRight(after, "\r\n"), newline)
	front := 0
	for front < len(a) && a[front] == b[front] {
		front++
	}
	rest := a[front:]
	require.Equal(t, rest, b[len(b)-len(rest):], "before:\n%s\nafter:\n%s", before, after)
}

func packages(t *rapid.T, content []byte) []any {
	var tree struct {
		Config struct {
			Portal struct {
				Plugins struct{ Packages []any }
			} `yaml:"gatehouse:portal"`
		}
	}
	require.NoError(t, yaml.Unmarshal(content, &tree))
	return tree.Config.Portal.Plugins.Packages
}

// drawFile draws a stack file with packages, comments and blank lines anywhere.
func drawFile(t *rapid.T) (string, []string) {
	var b strings.Builder
	noise := func(depth int) {
		for range rapid.IntRange(0, 2).Draw(t, "noise") {
			b.WriteString(rapid.SampledFrom([]string{"\n", strings.Repeat(" ", depth) + "# é: - name: x\n", "# left\n", "   \n"}).Draw(t, "line"))
		}
	}
	in := strings.Repeat(" ", rapid.IntRange(1, 4).Draw(t, "indent"))
	before, behind := rapid.Bool().Draw(t, "keys before"), rapid.Bool().Draw(t, "keys behind")
	b.WriteString("config:\n")
	if before {
		b.WriteString(in + "gatehouse:edge: {domain: \"é.example.com\"} # e\n")
	}
	noise(len(in))
	b.WriteString(in + "gatehouse:portal:\n" + in + in + "plugins:\n")
	noise(3 * len(in))
	b.WriteString(in + in + in + "packages:" + rapid.SampledFrom([]string{"", " # list"}).Draw(t, "on the key") + "\n")
	dash := in + in + in + rapid.SampledFrom([]string{"", " ", "    "}).Draw(t, "list")
	var names []string
	for i := range rapid.IntRange(1, 4).Draw(t, "packages") {
		names = append(names, fmt.Sprintf("plugin-%d", i))
		noise(len(dash))
		gap := rapid.SampledFrom([]string{" ", "   "}).Draw(t, "gap")
		key := dash + " " + gap
		b.WriteString(dash + "-" + gap + "name: " + rapid.SampledFrom([]string{"%s", "'%s'", "\"%s\" # x"}).Draw(t, "quotes"))
		text := strings.Replace(b.String(), "%s", names[i], 1)
		b.Reset()
		b.WriteString(text + "\n")
		noise(len(key))
		b.WriteString(key + "version: 1.0." + fmt.Sprint(i) + rapid.SampledFrom([]string{"", " # v"}).Draw(t, "on the version") + "\n")
		b.WriteString(key + "integrity: " + sum + "\n")
		b.WriteString(key + "appConfig:\n" + key + "  a: |-\n" + key + "    text\n" + key + "    # no comment\n")
	}
	if behind {
		noise(len(in))
		b.WriteString(in + in + in + "keep: 3\n" + in + "gatehouse:data: {}\n")
	}
	text := b.String()
	if rapid.Bool().Draw(t, "no last newline") {
		text = strings.TrimRight(text, "\n")
	}
	return text, names
}
