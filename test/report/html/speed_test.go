package html

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// most is what 10,000 findings may take to open or filter, in milliseconds of
// the main thread's processor: what a person waits for on a quiet machine, times
// five. What was measured stands in docs/performance.md.
const most = 1000

// inThreadTime has the browser count the time of its main thread's processor,
// which a busy machine does not stretch.
func inThreadTime(ctx context.Context) error {
	return performance.Enable().WithTimeDomain(performance.EnableTimeDomainThreadTicks).Do(ctx)
}

// work is what the main thread has done so far, in milliseconds of its
// processor, by kind.
func work(b tab) map[string]float64 {
	b.t.Helper()
	out := map[string]float64{}
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		metrics, err := performance.GetMetrics().Do(ctx)
		for _, m := range metrics {
			out[m.Name] = 1000 * m.Value
		}
		return err
	}))
	return out
}

func TestTenThousandFindingsAreQuick(t *testing.T) {
	b := open(t, readinesstest.Many(10_000), true, chromedp.ActionFunc(inThreadTime))
	for range 3 {
		b.do(chromedp.Navigate("about:blank"))
		before := work(b)
		b.do(chromedp.Navigate(b.url))
		after := work(b)
		took := after["TaskDuration"] - before["TaskDuration"]
		t.Logf("first painted after %.0f ms, ready after %.0f ms; processor %.0f ms, of which style %.0f ms, layout %.0f ms",
			eval[float64](b, `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1`),
			eval[float64](b, `performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`),
			took, after["RecalcStyleDuration"]-before["RecalcStyleDuration"], after["LayoutDuration"]-before["LayoutDuration"])
		require.Less(t, took, float64(most))
	}
	for _, c := range [][2]string{
		{"text", "service-77"}, {"text", "backup"}, {"text", ""}, {"verdict", "UNKNOWN"}, {"severity", "high"}, {"verdict", ""}, {"severity", ""},
	} {
		quick(b, c[0]+" "+c[1], `const e = document.forms.filters.elements['`+c[0]+`']; e.value = '`+c[1]+`'; e.dispatchEvent(new Event('input', {bubbles: true}));`)
		t.Logf("  %s", says(b))
	}
	quick(b, "a rule opens", `const rule = document.querySelector('.rule'); rule.open = true; rule.scrollIntoView();`)
	require.Empty(t, *b.errors)
}

// quick does something in the page, up to where it is laid out.
func quick(b tab, what, script string) {
	b.t.Helper()
	before := work(b)["TaskDuration"]
	wall := eval[float64](b, `(() => { const s = performance.now(); `+script+` document.body.offsetHeight; return performance.now() - s; })()`)
	took := work(b)["TaskDuration"] - before
	b.t.Logf("%s: %.0f ms, processor %.0f ms", what, wall, took)
	require.Less(b.t, took, float64(most), what)
}
