package html

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
)

// pdf is the page as Chromium prints it.
func pdf(b tab) []byte {
	b.t.Helper()
	var out []byte
	b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		out, _, err = page.PrintToPDF().WithPreferCSSPageSize(true).WithPrintBackground(true).Do(ctx)
		return err
	}))
	return out
}

// pages are what the pages of a PDF say, without spaces: a line may break
// anywhere.
func pages(t *testing.T, pdf []byte) []string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext (poppler-utils) is not installed")
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), program, file, "-").Output()
	require.NoError(t, err)
	texts := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i, text := range texts {
		texts[i] = unspaced(text)
	}
	return texts
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

// furniture is what stands on every page: the head and the number.
var furniture = regexp.MustCompile(`Gatehousereadinessreport|\d+/\d+`)

// What is closed on the screen is open on paper, on A4, and no page is empty.
func TestItPrints(t *testing.T) {
	for name, script := range map[string]bool{"script": true, "no script": false} {
		t.Run(name, func(t *testing.T) {
			r := readinesstest.Rich()
			out := pdf(open(t, r, script))
			keep(t, name+".pdf", out)
			requireA4(t, out)
			list := pages(t, out)
			for i, text := range list {
				require.Greater(t, len(furniture.ReplaceAllString(text, "")), 80, "page %d is empty", i+1)
			}
			requireWhole(t, r, list)
			text := strings.Join(list, "")
			for _, want := range []string{
				"Not ready", "backups are off", "Waived by Platform team", "storageEncrypted is false", "Physical access",
				"Gatehouse readiness report", "AdministratorAccess", "Resources, of no layer",
			} {
				require.True(t, strings.Contains(text, unspaced(want)), want)
			}
			require.False(t, strings.Contains(text, unspaced("Skip to the report")))
		})
	}
}

// requireA4 checks that every page is 210 mm by 297 mm (ISO 216), to a point.
func requireA4(t *testing.T, pdf []byte) {
	t.Helper()
	boxes := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`).FindAllSubmatch(pdf, -1)
	require.NotEmpty(t, boxes)
	for _, box := range boxes {
		for i, want := range []float64{210, 297} {
			got, err := strconv.ParseFloat(string(box[i+1]), 64)
			require.NoError(t, err)
			require.LessOrEqual(t, math.Abs(got-want*72/25.4), 1.0, string(box[0]))
		}
	}
}

// requireWhole checks that the paper names every item and every finding's
// resource. A name may go on over the next page.
func requireWhole(t *testing.T, r readiness.Run, list []string) {
	t.Helper()
	text := furniture.ReplaceAllString(strings.Join(list, ""), "")
	var names []string
	for _, item := range r.Items {
		names = append(names, item.ID)
	}
	for _, f := range r.Policies.Findings {
		names = append(names, unspaced(f.Resource))
	}
	for _, name := range names {
		require.True(t, strings.Contains(text, name), "%s is not on the paper", name)
	}
}

// A list of a rule that fills pages is printed whole.
func TestALongListPrints(t *testing.T) {
	r := readinesstest.Many(300)
	for i := range r.Policies.Findings {
		f := &r.Policies.Findings[i]
		f.Rule = r.Policies.Findings[0].Rule
	}
	out := pdf(open(t, r, true))
	requireA4(t, out)
	requireWhole(t, r, pages(t, out))
}

// Paper shows what the filters leave, and says that they do.
func TestPaperSaysThatItIsFiltered(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	set(b, "verdict", "FAIL")
	text := strings.Join(pages(t, pdf(b)), "")
	require.True(t, strings.Contains(text, unspaced("3 of 14 items and 2 of 4 findings are shown")))
	require.True(t, strings.Contains(text, unspaced("RDS storage is encrypted")))
	require.False(t, strings.Contains(text, unspaced("Images are named by digest")))
}
