package html

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// The keyboard alone reaches the filters and opens an item.
func TestTheKeyboardIsEnough(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	b.do(chromedp.KeyEvent("\t"))
	require.Equal(t, "skip", eval[string](b, `document.activeElement.className`), "the skip link comes first")
	b.do(chromedp.KeyEvent("\r"), chromedp.Poll(`document.activeElement.id === 'main'`, nil))
	b.do(chromedp.Focus("#item-DB-3 > summary", chromedp.ByQuery), chromedp.KeyEvent("\r"))
	require.True(t, eval[bool](b, `document.getElementById('item-DB-3').open`))
}

// stop is an element that the tabulator key comes to.
type stop struct {
	At      int    `json:"at"` // its place in the page, -1 when none has the focus
	Says    string `json:"says"`
	Outline string `json:"outline"`
	Seen    bool   `json:"seen"` // it is in the window, and nothing lies over it
}

// focused tells where the focus is.
const focused = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return {at: -1};
	const r = e.getClientRects()[0];
	const x = Math.min(Math.max(r.x + Math.min(r.width, 20) / 2, 1), innerWidth - 2);
	const y = (Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2;
	const top = document.elementFromPoint(x, y);
	return {
		at: [...document.querySelectorAll('*')].indexOf(e), says: e.outerHTML.slice(0, 120), outline: getComputedStyle(e).outlineStyle,
		seen: r.bottom > 0 && r.top < innerHeight && top !== null && (e.contains(top) || top.contains(e)),
	};
})()`

// The tabulator key walks through the whole page, in its order, from its first
// stop to its last: each is seen, with a mark around it (WCAG 2.2, 2.1.2, 2.4.3,
// 2.4.7, 2.4.11).
func TestTheKeyboardWalksThrough(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	want := eval[int](b, `[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(e => e.checkVisibility()).length`)
	last, stops := -1, 0
	for {
		b.do(chromedp.KeyEvent("\t"))
		at := eval[stop](b, focused)
		if at.At < last || stops > want {
			break
		}
		require.NotEqual(t, "none", at.Outline, at.Says)
		require.True(t, at.Seen, at.Says)
		last, stops = at.At, stops+1
	}
	require.Equal(t, want, stops)
}

// A screen reader is told how many are left, by a place that was there before.
func TestTheCountIsSpoken(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	before := eval[string](b, `document.querySelector('#filters output').outerHTML`)
	require.Contains(t, before, `aria-live="polite"`)
	set(b, "verdict", "FAIL")
	var nodes []*cdp.Node
	b.do(chromedp.Nodes("#filters output", &nodes, chromedp.ByQuery))
	var tree []*accessibility.Node
	b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		tree, err = accessibility.GetPartialAXTree().WithNodeID(nodes[0].NodeID).WithFetchRelatives(false).Do(ctx)
		return err
	}))
	require.Len(t, tree, 1)
	require.False(t, tree[0].Ignored)
	require.JSONEq(t, `"status"`, string(tree[0].Role.Value))
	require.Equal(t, "3 of 14 items and 2 of 4 findings are shown", says(b))
}
