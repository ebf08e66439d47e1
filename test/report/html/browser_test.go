// Package html opens the HTML report in a real Chromium: how it opens, filters,
// looks and prints. What the file holds is tested beside its writer.
package html

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
	"gatehouse/report/render/html"
)

// patience is how long one test may use the browser.
const patience = 2 * time.Minute

// tab is a page of a browser, and what went wrong in it.
type tab struct {
	context.Context
	t      *testing.T
	url    string
	errors *[]string
}

// open writes the report of a run and opens it from disk; script says whether
// JavaScript runs.
func open(t *testing.T, r readiness.Run, script bool, first ...chromedp.Action) tab {
	t.Helper()
	if testing.Short() {
		t.Skip("starts Chromium")
	}
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	out, err := os.Create(file)
	require.NoError(t, err)
	require.NoError(t, html.Write(out, r, readinesstest.Now))
	require.NoError(t, out.Close())
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.WSURLReadTimeout(time.Minute))
	// Not the test's context: that ends before the browser is closed in order.
	ctx, stop := context.WithTimeout(context.Background(), patience)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, _ = chromedp.NewContext(ctx)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) })
	errors := []string{}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			errors = append(errors, e.Entry.Text)
		case *runtime.EventExceptionThrown:
			errors = append(errors, e.ExceptionDetails.Error())
		}
	})
	it := tab{ctx, t, "file://" + file, &errors}
	it.do(first...)
	if !script {
		it.do(chromedp.ActionFunc(withoutScript))
	}
	it.do(chromedp.Navigate(it.url))
	return it
}

// do runs actions, and fails the test when one fails.
func (b tab) do(actions ...chromedp.Action) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Run(b.Context, actions...), strings.Join(*b.errors, "\n"))
}

// eval is the value of an expression in the page.
func eval[T any](b tab, expression string) T {
	b.t.Helper()
	var out T
	b.do(chromedp.Evaluate(expression, &out))
	return out
}
