package html

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// withoutScript turns JavaScript off.
func withoutScript(ctx context.Context) error {
	return emulation.SetScriptExecutionDisabled(true).Do(ctx)
}

// keep writes a file to look at when GATEHOUSE_KEEP names a folder.
func keep(t *testing.T, name string, content []byte) {
	if folder := os.Getenv("GATEHOUSE_KEEP"); folder != "" {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), content, 0o600))
	}
}

// shown is how many elements of a selector take room.
func shown(b tab, selector string) int {
	return eval[int](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.checkVisibility()).length`, selector))
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

// Light and dark, from a phone to a wide screen: nothing is wider than the page.
func TestItFits(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	b.do(chromedp.Evaluate(`document.querySelectorAll('details').forEach(d => d.open = true)`, nil))
	for _, theme := range []string{"light", "dark"} {
		b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}))
		for _, width := range []int64{360, 768, 1280} {
			b.do(chromedp.EmulateViewport(width, 900))
			require.LessOrEqual(t, eval[int64](b, `document.documentElement.scrollWidth`), width)
			var shot []byte
			b.do(chromedp.FullScreenshot(&shot, 100))
			picture, err := png.Decode(bytes.NewReader(shot))
			require.NoError(t, err)
			r, _, _, _ := picture.At(2, 400).RGBA()
			require.Equal(t, theme == "light", r > 0x8000, "the ground is %s", theme)
			keep(t, fmt.Sprintf("%s-%d.png", theme, width), shot)
		}
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

// What is closed on the screen is open on paper.
func TestItPrints(t *testing.T) {
	for name, script := range map[string]bool{"script": true, "no script": false} {
		t.Run(name, func(t *testing.T) {
			b := open(t, readinesstest.Rich(), script)
			var pdf []byte
			b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
				pdf, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
				return err
			}))
			keep(t, name+".pdf", pdf)
			text := pdfText(t, pdf)
			for _, want := range []string{
				"Not ready", "backups are off", "Waived by Platform team", "storageEncrypted is false", "Physical access",
				"Gatehouse readiness report", "AdministratorAccess", "Resources, of no layer",
			} {
				require.Contains(t, text, unspaced(want))
			}
			require.NotContains(t, text, unspaced("Skip to the report"))
		})
	}
}
