package html

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// withoutScript turns JavaScript off.
func withoutScript(ctx context.Context) error {
	return emulation.SetScriptExecutionDisabled(true).Do(ctx)
}

// keepVariable names a folder for what people may want to look at.
const keepVariable = "GATEHOUSE_KEEP"

// keep writes a file to look at.
func keep(t *testing.T, name string, content []byte) {
	if folder := os.Getenv(keepVariable); folder != "" {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
}

// shown is how many elements of a selector take room.
func shown(b tab, selector string) int {
	return eval[int](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).length`, selector))
}

// unfold opens and lays out all of the page.
const unfold = `(() => {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync('* { content-visibility: visible !important; }');
	document.adoptedStyleSheets = [sheet];
	document.querySelectorAll('details').forEach(d => d.open = true);
})()`

// theme is what the reader's system prefers: "light" or "dark".
func theme(name string) chromedp.Action {
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}})
}

// The page obeys its own policy, and nothing in it fails.
func TestItOpensWithoutAnError(t *testing.T) {
	for _, r := range []func() tab{
		func() tab { return open(t, readinesstest.Rich(), true) },
		func() tab { return open(t, readinesstest.Bare(), true) },
	} {
		b := r()
		require.NotEqual(t, "rgba(0, 0, 0, 0)", eval[string](b, `getComputedStyle(document.body).backgroundColor`), "the style applies")
		require.False(t, eval[bool](b, `document.getElementById('filters').hidden`), "the script runs")
		require.Empty(t, *b.errors)
	}
}

// All can be read without JavaScript; only the filters are missing.
func TestItIsReadWithoutScript(t *testing.T) {
	b := open(t, readinesstest.Rich(), false)
	require.Zero(t, shown(b, "#filters"))
	require.Equal(t, 14, shown(b, ".item"))
	b.do(chromedp.Focus("#item-DB-3 > summary", chromedp.ByQuery), chromedp.KeyEvent("\r"))
	require.Equal(t, 1, shown(b, "#item-DB-3 dl"))
}
