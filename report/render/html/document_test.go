package html_test

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"
)

// A browser finds the very elements that are written: none is implied, closed
// early or moved.
func TestElementsNest(t *testing.T) {
	for name, r := range runs() {
		page := write(t, r)
		var written []string
		for z := nethtml.NewTokenizer(strings.NewReader(page)); z.Next() != nethtml.ErrorToken; {
			if token := z.Token(); token.Type == nethtml.StartTagToken || token.Type == nethtml.SelfClosingTagToken {
				written = append(written, token.Data)
			}
		}
		var read []string
		for _, n := range elements(parse(t, page), "") {
			read = append(read, n.Data)
		}
		require.Equal(t, written, read, name)
	}
}

// The page asks nobody for anything, and its policy would refuse it.
func TestNothingComesFromOutside(t *testing.T) {
	for name, r := range runs() {
		root := parse(t, write(t, r))
		for _, n := range elements(root, "") {
			require.NotContains(t, []string{"img", "iframe", "object", "embed", "link", "base", "audio", "video", "source"}, n.Data)
			for _, a := range n.Attr {
				require.NotContains(t, []string{"src", "srcset", "style", "action", "formaction", "ping", "background"}, a.Key, name)
				require.False(t, strings.HasPrefix(a.Key, "on"), a.Key)
				if a.Key == "href" {
					require.Equal(t, "a", n.Data)
					require.Regexp(t, `^(#|https?://)`, a.Val)
				}
			}
		}
		styles, scripts := elements(root, "style"), elements(root, "script")
		require.Len(t, styles, 1)
		require.Len(t, scripts, 1)
		hash := func(n *nethtml.Node) string {
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		}
		var policy string
		for _, meta := range elements(root, "meta") {
			if attribute(meta, "http-equiv") == "Content-Security-Policy" {
				policy = attribute(meta, "content")
			}
		}
		require.Equal(t, "default-src 'none'; style-src "+hash(styles[0])+"; script-src "+hash(scripts[0])+
			"; base-uri 'none'; form-action 'none'", policy)
		require.NotRegexp(t, `url\(|@import|expression`, styles[0].FirstChild.Data)
		require.NotRegexp(t, `innerHTML|outerHTML|insertAdjacent|document\.write|eval|fetch|XMLHttp|import\(`, scripts[0].FirstChild.Data)
	}
}

// Every id is there once, and everything that names one finds it.
func TestReferencesHaveTargets(t *testing.T) {
	duplicate := runs()["rich"]
	duplicate.Items = append(duplicate.Items, duplicate.Items[0])
	duplicate.Evidence = append(duplicate.Evidence, duplicate.Evidence[0])
	duplicate.Frameworks = append(duplicate.Frameworks, duplicate.Frameworks[0])
	all := runs()
	all["duplicate"] = duplicate
	for name, r := range all {
		root := parse(t, write(t, r))
		ids := map[string]bool{}
		for _, n := range elements(root, "") {
			if id := attribute(n, "id"); id != "" {
				require.False(t, ids[id], "%s: %s is there twice", name, id)
				ids[id] = true
			}
		}
		for _, n := range elements(root, "") {
			if to, is := strings.CutPrefix(attribute(n, "href"), "#"); is {
				require.True(t, ids[to], "%s: nothing is #%s", name, to)
			}
			for _, to := range strings.Fields(attribute(n, "aria-labelledby")) {
				require.True(t, ids[to], "%s: nothing is %s", name, to)
			}
		}
	}
}

// A screen reader finds its way: landmarks, one h1, headings in steps of one,
// tables with captions and scopes, inputs with labels, no mark without a word.
func TestAScreenReaderFindsItsWay(t *testing.T) {
	for name, r := range runs() {
		root := parse(t, write(t, r))
		for _, landmark := range []string{"header", "nav", "main", "footer", "h1"} {
			require.Len(t, elements(root, landmark), 1, name)
		}
		require.Len(t, elements(elements(root, "head")[0], "title"), 1)
		require.Equal(t, "en", attribute(elements(root, "html")[0], "lang"))
		last := 0
		for _, n := range elements(root, "") {
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				level := int(n.Data[1] - '0')
				require.LessOrEqual(t, level, last+1, "%s: %s", name, text(n))
				require.NotEmpty(t, text(n))
				last = level
			}
			if slices.Contains(strings.Fields(attribute(n, "class")), "v") {
				require.Regexp(t, `^\S+ [0-9]* ?[A-Za-z]`, text(n), "a mark without a word")
			}
		}
		for _, table := range elements(root, "table") {
			require.NotEmpty(t, text(elements(table, "caption")[0]))
			for _, head := range elements(table, "th") {
				require.Contains(t, []string{"col", "row"}, attribute(head, "scope"))
			}
		}
		for _, tag := range []string{"input", "select"} {
			for _, control := range elements(root, tag) {
				require.Equal(t, "label", control.Parent.Data)
			}
		}
		for _, form := range elements(root, "form") {
			require.True(t, slices.ContainsFunc(form.Attr, func(a nethtml.Attribute) bool { return a.Key == "hidden" }), "filters need JavaScript")
		}
	}
}
