package html

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"

	"gatehouse/report/readiness/readinesstest"
)

func TestScratchTrace(t *testing.T) {
	for _, n := range strings.Fields(os.Getenv("PAGES")) {
		b := open(t, readinesstest.Bare(), true)
		var events []json.RawMessage
		done := make(chan struct{})
		chromedp.ListenTarget(b.Context, func(ev any) {
			switch e := ev.(type) {
			case *tracing.EventDataCollected:
				for _, v := range e.Value {
					events = append(events, json.RawMessage(v))
				}
			case *tracing.EventTracingComplete:
				close(done)
			}
		})
		b.do(chromedp.Navigate("file:///tmp/h2/"+n+".html"), chromedp.Navigate("about:blank"))
		b.do(chromedp.ActionFunc(func(ctx context.Context) error {
			return tracing.Start().WithTraceConfig(&tracing.TraceConfig{IncludedCategories: []string{"devtools.timeline", "blink", "loading", "toplevel", "v8", "cc", "disabled-by-default-devtools.timeline"}}).Do(ctx)
		}), chromedp.Navigate("file:///tmp/h2/"+n+".html"), chromedp.ActionFunc(func(ctx context.Context) error { return tracing.End().Do(ctx) }))
		<-done
		out, _ := json.Marshal(map[string]any{"traceEvents": events})
		_ = os.WriteFile("/tmp/h2/trace-"+n+".json", out, 0o600)
	}
}
