package html

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// most is how long 10,000 findings may take to filter or open, in milliseconds,
// with room for a busy machine; docs/performance.md has what was measured.
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
	w := work(b)
	ready := eval[float64](b, `performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`)
	paint := eval[float64](b, `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1`)
	t.Logf("ready after %.0f ms, first painted after %.0f ms; processor: %.0f ms of which style %.0f, layout %.0f, script %.0f; %.0f nodes",
		ready, paint, w["TaskDuration"], w["RecalcStyleDuration"], w["LayoutDuration"], w["ScriptDuration"], w["Nodes"]/1000)
	for _, c := range [][2]string{
		{"text", "service-77"}, {"text", "backup"}, {"text", ""}, {"verdict", "UNKNOWN"}, {"severity", "high"}, {"verdict", ""}, {"severity", ""},
	} {
		before := work(b)["TaskDuration"]
		took := eval[float64](b, `(() => { const e = document.forms.filters.elements['`+c[0]+`']; const s = performance.now(); e.value = '`+c[1]+
			`'; e.dispatchEvent(new Event('input', {bubbles: true})); document.body.offsetHeight; return performance.now() - s; })()`)
		t.Logf("%s %q: %.0f ms, processor %.0f ms, %s", c[0], c[1], took, work(b)["TaskDuration"]-before, says(b))
		require.Less(t, took, float64(most))
	}
	took := eval[float64](b, `(() => { const s = performance.now(); document.querySelector('.rule').open = true; document.body.offsetHeight; return performance.now() - s; })()`)
	t.Logf("a rule opens in %.0f ms", took)
	require.Less(t, took, float64(most))
	require.Empty(t, *b.errors)
}
