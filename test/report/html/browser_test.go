// Package html opens the HTML report in a real Chromium: how it opens, filters,
// looks and prints. What the file holds is tested beside its writer.
package html

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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

// patience is how long one test may use the browser, however busy the machine.
const patience = 5 * time.Minute

// width and height are the window's, in pixels.
const width, height = 1280, 900

// tab is a page of a browser, and what went wrong in it.
type tab struct {
	context.Context
	t      *testing.T
	url    string
	errors *[]string
}

// chromium is the browser of all tests, started by the first that needs one.
var chromium = sync.OnceValues(func() (context.Context, error) {
	profile, err := os.MkdirTemp("", "gatehouse-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(time.Minute))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	closeBrowser = func() {
		_ = chromedp.Cancel(ctx)
		stop()
		_ = os.RemoveAll(profile)
	}
	return ctx, chromedp.Run(ctx)
})

// program is where Chromium is, "" when it is not installed; closeBrowser ends
// the one that was started.
var (
	program, _   = exec.LookPath("chromium")
	closeBrowser = func() {}
)

func TestMain(m *testing.M) {
	code := m.Run()
	closeBrowser()
	os.Exit(code)
}

// open writes the report of a run and opens it from disk, in a tab of its own;
// script says whether JavaScript runs.
func open(t *testing.T, r readiness.Run, script bool, first ...chromedp.Action) tab {
	t.Helper()
	if testing.Short() {
		t.Skip("starts Chromium")
	}
	if program == "" {
		t.Skip("chromium is not installed")
	}
	file := filepath.Join(t.TempDir(), "report.html")
	out, err := os.Create(file)
	require.NoError(t, err)
	require.NoError(t, html.Write(out, r, readinesstest.Now))
	require.NoError(t, out.Close())
	browser, err := chromium()
	require.NoError(t, err)
	ctx, _ := chromedp.NewContext(browser)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) })
	ctx, stop := context.WithTimeout(ctx, patience)
	t.Cleanup(stop)
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
	it.do(chromedp.EmulateViewport(width, height))
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
