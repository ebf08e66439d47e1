package html

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness"
	"gatehouse/report/readiness/readinesstest"
)

// axePackage is the accessibility checker (Deque's axe-core, MPL-2.0), which is
// fetched for the test and never shipped.
const axePackage = "axe-core@4.10.3"

// axe is the checker's script; the test is skipped when it cannot be had.
func axe(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("fetches " + axePackage)
	}
	for _, program := range []string{"npm", "tar"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	folder := t.TempDir()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	npm := exec.CommandContext(ctx, "npm", "pack", "--silent", axePackage)
	npm.Dir = folder
	if out, err := npm.CombinedOutput(); err != nil {
		t.Skipf("npm does not hand out %s: %v: %s", axePackage, err, out)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.tgz"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	require.NoError(t, exec.CommandContext(ctx, "tar", "-xzf", files[0], "-C", folder, "package/axe.min.js").Run())
	script, err := os.ReadFile(filepath.Join(folder, "package", "axe.min.js"))
	require.NoError(t, err)
	return string(script)
}

// violation is what axe finds against a rule of accessibility.
type violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// violations runs axe in a part of the page, with all of it open and laid out.
func violations(b tab, script, part, options string) []violation {
	b.t.Helper()
	var answer string
	b.do(chromedp.Evaluate(script+";0", nil), chromedp.Evaluate(unfold, nil),
		chromedp.Evaluate(`axe.run(`+part+`, `+options+`).then(r => JSON.stringify(r.violations))`, &answer,
			func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	var out []violation
	require.NoError(b.t, json.Unmarshal([]byte(answer), &out))
	return out
}

// Nothing that axe finds keeps people out. In the dark only the colours differ,
// and every colour is in the parts that are looked at.
func TestNothingKeepsPeopleOut(t *testing.T) {
	script := axe(t)
	for name, r := range map[string]func() readiness.Run{"rich": readinesstest.Rich, "ready": readinesstest.Ready, "bare": readinesstest.Bare} {
		t.Run(name, func(t *testing.T) {
			b := open(t, r(), true)
			require.Empty(t, violations(b, script, "document", `{resultTypes: ['violations']}`))
			b.do(theme("dark"))
			require.Empty(t, violations(b, script, `{include: [['header'], ['#outcome'], ['#map'], ['#policies'], ['#verify']]}`,
				`{resultTypes: ['violations'], runOnly: ['color-contrast']}`))
		})
	}
}

// The checker sees what is wrong: a page that is spoilt on purpose is found out.
func TestTheCheckerSees(t *testing.T) {
	script := axe(t)
	b := open(t, readinesstest.Bare(), true)
	b.do(chromedp.Evaluate(`(() => {
		document.documentElement.removeAttribute('lang');
		document.forms.filters.elements.text.closest('label').replaceWith(document.forms.filters.elements.text);
	})()`, nil))
	found := map[string]bool{}
	for _, v := range violations(b, script, "document", `{resultTypes: ['violations']}`) {
		found[v.ID] = true
	}
	require.True(t, found["html-has-lang"])
	require.True(t, found["label"])
}
