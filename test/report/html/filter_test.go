package html

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"gatehouse/report/readiness/readinesstest"
)

// set changes a filter as a person would.
func set(b tab, name, value string) {
	b.do(chromedp.Evaluate(`(() => { const e = document.forms.filters.elements['`+name+`']; e.value = '`+value+
		`'; e.dispatchEvent(new Event('input', {bubbles: true})); })()`, nil))
}

func says(b tab) string {
	return eval[string](b, `document.querySelector('#filters output').textContent`)
}

func TestFiltersHideWhatDoesNotFit(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	for _, c := range []struct {
		name, value  string
		items, rules int
		says         string
	}{
		{"verdict", "FAIL", 3, 2, "3 of 14 items and 2 of 4 findings are shown"},
		{"verdict", "open", 5, 3, "5 of 14 items and 3 of 4 findings are shown"},
		{"severity", "critical", 2, 1, "2 of 14 items and 1 of 4 findings are shown"},
		{"section", "section-readiness-Cache-Systems", 2, 0, "2 of 14 items and 0 of 4 findings are shown"},
		{"section", "policies", 0, 4, "0 of 14 items and 4 of 4 findings are shown"},
		{"framework", "framework-CIS-EKS", 1, 1, "1 of 14 items and 1 of 4 findings are shown"},
		{"text", "STREAMS replicas", 1, 0, "1 of 14 items and 0 of 4 findings are shown" + tables(0, 0, 0)},
		{"text", "storageEncrypted", 0, 1, "0 of 14 items and 1 of 4 findings are shown" + tables(0, 0, 0)},
		{"text", "<script>alert", 1, 0, "1 of 14 items and 0 of 4 findings are shown" + tables(0, 0, 0)},
		{"text", "platform-ADMIN powerful", 0, 0, "0 of 14 items and 0 of 4 findings are shown" + tables(2, 0, 0)},
		{"text", "gatehouse-staging-logs", 0, 0, "0 of 14 items and 0 of 4 findings are shown" + tables(0, 1, 0)},
		{"text", "DescribeDBInstances", 0, 0, "0 of 14 items and 0 of 4 findings are shown" + tables(0, 0, 1)},
		{"text", "nowhere at all", 0, 0, "0 of 14 items and 0 of 4 findings are shown" + tables(0, 0, 0)},
	} {
		set(b, c.name, c.value)
		require.Equal(t, c.says, says(b), c.value)
		require.Equal(t, c.items, shown(b, ".item"), c.value)
		require.Equal(t, c.rules, shown(b, ".rule"), c.value)
		set(b, c.name, "")
		require.Empty(t, says(b))
		require.Equal(t, 14, shown(b, ".item"))
		require.Equal(t, 9, shown(b, ".sec"))
		require.Equal(t, 10, shown(b, "#evidence tbody tr"))
	}
	set(b, "section", "section-readiness-Cache-Systems")
	require.Equal(t, 1, shown(b, ".sec"), "empty sections are hidden")
	require.Equal(t, 1, shown(b, ".guide"))
	require.Empty(t, *b.errors)
}

// tables is what is said of the tables that only the text filters.
func tables(grants, resources, evidence int) string {
	return fmt.Sprintf(", %d of 4 grants, %d of 5 resources, %d of 10 evidence", grants, resources, evidence)
}

// The text reaches the tables: rows without it are hidden, and closed lists say
// how many of theirs are left.
func TestTheTextReachesTheTables(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	b.do(chromedp.Evaluate(`document.querySelectorAll('#access details, #deployed details').forEach(d => d.open = true)`, nil))
	set(b, "text", "postgres")
	require.Equal(t, 1, shown(b, "#deployed tbody tr"))
	require.Contains(t, eval[string](b, `document.querySelector('#deployed summary').textContent`), "foundation: 1 resource 0 of 1 shown")
	require.Equal(t, " 0 of 4 shown", eval[string](b, `document.getElementById('hits-grants').textContent`))
	require.Regexp(t, `^ [1-9] of 10 shown$`, eval[string](b, `document.getElementById('hits-evidence').textContent`))
	set(b, "text", "")
	require.Equal(t, 5, shown(b, "#deployed tbody tr"))
	require.Empty(t, eval[string](b, `[...document.querySelectorAll('.hits')].map(e => e.textContent).join('')`))
}

// The address keeps the filters: opened anew it shows the same.
func TestTheAddressKeepsTheFilters(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	set(b, "verdict", "FAIL")
	set(b, "text", "a&b c")
	require.Equal(t, "?verdict=FAIL&text=a%26b+c", eval[string](b, `location.search`))
	set(b, "text", "cache")
	b.do(chromedp.Reload())
	require.Equal(t, "1 of 14 items and 0 of 4 findings are shown"+tables(0, 0, 1), says(b))
	require.Equal(t, "FAIL", eval[string](b, `document.forms.filters.elements.verdict.value`))
	b.do(chromedp.Click("#filters button", chromedp.ByQuery), chromedp.Poll(`location.search === ''`, nil))
	require.Equal(t, 14, shown(b, ".item"))
	b.do(chromedp.Navigate(b.url + "?verdict=NONSENSE&other=1"))
	require.Equal(t, 14, shown(b, ".item"), "what the list has not is no filter")
	require.Empty(t, *b.errors)
}

// A link opens what it points at, and takes filters away that hide it.
func TestLinksOpenWhatTheyPointAt(t *testing.T) {
	b := open(t, readinesstest.Rich(), true)
	set(b, "verdict", "PASS")
	require.Zero(t, shown(b, "#item-DB-3"))
	b.do(chromedp.Evaluate(`document.querySelector('#outcome a[href="#item-DB-3"]').click()`, nil),
		chromedp.Poll(`document.getElementById('item-DB-3').open`, nil))
	require.Equal(t, 1, shown(b, "#item-DB-3 dl"))
	require.True(t, eval[bool](b, `(r => r.top >= 0 && r.top < innerHeight)(document.getElementById('item-DB-3').getBoundingClientRect())`), "it is on the screen")
	require.Empty(t, eval[string](b, `location.search`))
	b.do(chromedp.Navigate(b.url+"#rule-aws-rds-storage-encrypted"), chromedp.Reload())
	require.True(t, eval[bool](b, `document.getElementById('rule-aws-rds-storage-encrypted').open`))
}
