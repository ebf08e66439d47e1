package html

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// whole is a window in which all of the closed page is seen at once.
const whole = 6000

// shot is a picture of the window.
func shot(b tab) *image.RGBA {
	b.t.Helper()
	var out []byte
	b.do(chromedp.CaptureScreenshot(&out))
	picture, err := png.Decode(bytes.NewReader(out))
	require.NoError(b.t, err)
	made := image.NewRGBA(picture.Bounds())
	draw.Draw(made, made.Bounds(), picture, picture.Bounds().Min, draw.Src)
	return made
}

// differ is how many pixels of two pictures are not the same; pictures of
// different sizes differ in all.
func differ(a, b *image.RGBA) int {
	if a.Bounds() != b.Bounds() {
		return len(a.Pix) / 4
	}
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if !bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

// boxes are where all elements stand, as text.
func boxes(b tab) []string {
	return eval[[]string](b, `[...document.body.querySelectorAll('*')].map(e => { const r = e.getBoundingClientRect();
		return [e.tagName, r.x, r.y, r.width, r.height].join(' '); })`)
}

// Filters that are taken away leave the page as it was, to the pixel, and an
// address shows what choosing shows.
func TestFiltersLeaveNothingBehind(t *testing.T) {
	b := open(t, readinesstest.Rich(), true, chromedp.EmulateViewport(width, whole))
	before := shot(b)
	require.Zero(t, differ(before, shot(b)), "pictures of one page are the same")
	set(b, "verdict", "FAIL")
	set(b, "text", "postgres")
	chosen := shot(b)
	require.NotZero(t, differ(before, chosen))
	b.do(chromedp.Reload())
	require.Zero(t, differ(chosen, shot(b)), "the address shows what was chosen")
	b.do(chromedp.Evaluate(`document.forms.filters.reset()`, nil), chromedp.Poll(`location.search === ''`, nil))
	require.Zero(t, differ(before, shot(b)), "nothing is left behind")
}

// Dark differs from light in its colours and nothing else.
func TestTheDarkIsTheSamePage(t *testing.T) {
	b := open(t, readinesstest.Rich(), true, chromedp.EmulateViewport(width, whole))
	b.do(theme("light"))
	light, places := shot(b), boxes(b)
	b.do(theme("dark"))
	dark := shot(b)
	require.Equal(t, places, boxes(b))
	require.Greater(t, differ(light, dark), width*whole/2)
	for _, c := range []struct {
		picture *image.RGBA
		bright  bool
	}{{light, true}, {dark, false}} {
		r, _, _, _ := c.picture.At(2, 400).RGBA()
		require.Equal(t, c.bright, r > 0x8000)
	}
}

// From a phone to a wide screen nothing is wider than the page, whatever the
// texts hold, and they move no column.
func TestItFits(t *testing.T) {
	long := fmt.Sprintf("%0200d", 7)
	for name, f := range map[string]func(string) string{
		"plain":   func(s string) string { return s },
		"hostile": func(s string) string { return "x" + readinesstest.Hostile[2] + s },
		"long":    func(s string) string { return s + long },
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, readinesstest.Map(readinesstest.Rich(), f), true)
			b.do(chromedp.Evaluate(unfold, nil))
			for width, columns := range map[int64][]float64{360: {12, 334}, 768: {19, 729}, 1280: {246, 1014}} {
				b.do(chromedp.EmulateViewport(width, height))
				require.LessOrEqual(t, eval[int64](b, `document.documentElement.scrollWidth`), width)
				for _, column := range eval[[][]float64](b, `[...document.querySelectorAll('main > section, .filtered > section, #filters')]
					.map(e => e.getBoundingClientRect()).map(r => [Math.floor(r.x), Math.floor(r.width)])`) {
					require.Equal(t, columns, column, "%d px", width)
				}
				if name == "plain" && os.Getenv(keepVariable) != "" {
					var picture []byte
					b.do(chromedp.FullScreenshot(&picture, 100))
					keep(t, fmt.Sprintf("%s-%d.png", name, width), picture)
				}
			}
			require.Empty(t, *b.errors)
		})
	}
}
