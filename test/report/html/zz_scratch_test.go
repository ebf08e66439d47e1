package html

import (
	"os"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render/html"
)

func TestScratchWrite(t *testing.T) {
	f, _ := os.Create("/tmp/h2/many.html")
	_ = html.Write(f, readinesstest.Many(10_000), readinesstest.Now)
	f.Close()
}

func TestScratchOpen(t *testing.T) {
	b := open(t, readinesstest.Bare(), true, chromedp.ActionFunc(inThreadTime))
	type best struct{ ready, paint, cpu, style, layout []float64; nodes float64 }
	names := strings.Fields(os.Getenv("PAGES"))
	all := map[string]*best{}
	for range 10 {
		for _, n := range names {
			b.do(chromedp.Navigate("about:blank"), chromedp.Evaluate("1", nil))
			b0 := work(b)
			b.do(chromedp.Navigate("file:///tmp/h2/" + n + ".html"))
			w := work(b)
			if all[n] == nil { all[n] = &best{} }
			x := all[n]
			d := func(k string) float64 { v := w[k]-b0[k]; if v < 0 { v = w[k] }; return v }
			x.ready = append(x.ready, eval[float64](b, `performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd`))
			x.paint = append(x.paint, eval[float64](b, `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1`))
			x.cpu = append(x.cpu, d("TaskDuration"))
			x.style = append(x.style, d("RecalcStyleDuration"))
			x.layout = append(x.layout, d("LayoutDuration"))
			x.nodes = w["Nodes"]/1000
		}
	}
	mm := func(l []float64) string { slices.Sort(l); return fmt.Sprintf("%.0f/%.0f", l[0], l[len(l)/2]) }
	for _, n := range names {
		x := all[n]
		t.Logf("%-8s ready %s paint %s cpu %s style %s layout %s nodes %.0f", n, mm(x.ready), mm(x.paint), mm(x.cpu), mm(x.style), mm(x.layout), x.nodes)
	}
}
