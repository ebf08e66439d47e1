package html_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"
)

// parse reads a page as a browser would.
func parse(t require.TestingT, page string) *nethtml.Node {
	root, err := nethtml.Parse(strings.NewReader(page))
	require.NoError(t, err)
	return root
}

// elements are those of a name, all when it is "", in the page's order.
func elements(root *nethtml.Node, name string) []*nethtml.Node {
	var out []*nethtml.Node
	for n := range root.Descendants() {
		if n.Type == nethtml.ElementNode && (name == "" || n.Data == name) {
			out = append(out, n)
		}
	}
	return out
}

func attribute(n *nethtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// apart are the elements that stand apart from what is before them.
var apart = []string{"td", "th", "dt", "dd", "li", "br", "div", "p", "pre", "tr", "summary", "ul", "figcaption", "code"}

// text is all text in an element, with single spaces.
func text(n *nethtml.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == nethtml.TextNode:
			b.WriteString(d.Data)
		case slices.Contains(apart, d.Data):
			b.WriteString(" ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// find is the one element that has the id.
func find(t *testing.T, root *nethtml.Node, id string) *nethtml.Node {
	t.Helper()
	all := elements(root, "")
	at := slices.IndexFunc(all, func(n *nethtml.Node) bool { return attribute(n, "id") == id })
	require.GreaterOrEqual(t, at, 0, "no element has the id %s", id)
	return all[at]
}

// shape is the page without its texts: elements, attributes and comments.
func shape(root *nethtml.Node) string {
	var b strings.Builder
	var walk func(n *nethtml.Node)
	walk = func(n *nethtml.Node) {
		switch n.Type {
		case nethtml.ElementNode:
			b.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
			}
			b.WriteString(">")
		case nethtml.CommentNode:
			b.WriteString("<!---->")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if n.Type == nethtml.ElementNode {
			b.WriteString("</>\n")
		}
	}
	walk(root)
	return b.String()
}
