package dashboards_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/dashboards"
)

// board is a dashboard as Grafana reads it, as far as it is looked at here.
type board struct {
	Title, UID, Description string
	Templating              struct {
		List []struct{ Name, Type, Query string }
	}
	Panels []panel
}

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               struct{ UID string }
	GridPos                  struct{ X, Y, W, H int }
	FieldConfig              struct{ Defaults struct{ Unit string } }
	Targets                  []struct {
		Expr, LegendFormat, RefID string
		Datasource                struct{ UID string }
	}
}

func boards(t *testing.T) map[string]board {
	t.Helper()
	found := map[string]board{}
	for _, d := range dashboards.All() {
		text, err := d.JSON()
		require.NoError(t, err)
		var b board
		require.NoError(t, json.Unmarshal([]byte(text), &b))
		found[d.UID] = b
	}
	return found
}

func TestGrafanasOwnTypesReadThem(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for _, d := range dashboards.All() {
		text, err := d.JSON()
		require.NoError(t, err)
		var read dashboard.Dashboard
		require.NoError(t, read.UnmarshalJSONStrict([]byte(text)), d.UID)
		require.NoError(t, read.Validate(), d.UID)
	}
}

func TestPanelsSayWhatTheyShow(t *testing.T) {
	for uid, b := range boards(t) {
		require.NotEmpty(t, b.Description, uid)
		require.Len(t, b.Templating.List, 1, uid)
		require.Equal(t, "datasource", b.Templating.List[0].Name)
		require.Equal(t, "prometheus", b.Templating.List[0].Query)
		ids, titles := map[int]bool{}, map[string]bool{}
		for _, p := range b.Panels {
			require.False(t, ids[p.ID], "%s: two panels have ID %d", uid, p.ID)
			require.NotZero(t, p.ID, "%s: %s", uid, p.Title)
			ids[p.ID] = true
			if p.Type == "row" {
				continue
			}
			require.False(t, titles[p.Title], "%s: two panels are called %q", uid, p.Title)
			titles[p.Title] = true
			require.NotEmpty(t, p.Title, uid)
			require.NotEmpty(t, p.Description, "%s: %s", uid, p.Title)
			require.NotEmpty(t, p.FieldConfig.Defaults.Unit, "%s: %s", uid, p.Title)
			require.NotEmpty(t, p.Targets, "%s: %s", uid, p.Title)
			require.Equal(t, "${datasource}", p.Datasource.UID, "%s: %s", uid, p.Title)
			for _, target := range p.Targets {
				require.Equal(t, "${datasource}", target.Datasource.UID)
				require.NotEmpty(t, target.LegendFormat, "%s: %s", uid, p.Title)
			}
		}
	}
}

func TestPanelsDoNotOverlap(t *testing.T) {
	for uid, b := range boards(t) {
		taken := map[[2]int]string{}
		for _, p := range b.Panels {
			require.LessOrEqual(t, p.GridPos.X+p.GridPos.W, 24, "%s: %s", uid, p.Title)
			require.NotZero(t, p.GridPos.W*p.GridPos.H, "%s: %s", uid, p.Title)
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
					require.Empty(t, taken[[2]int{x, y}], "%s: %s lies on another", uid, p.Title)
					taken[[2]int{x, y}] = p.Title
				}
			}
		}
	}
}

func TestTheGuidesPanelsAreThere(t *testing.T) {
	panels := map[string]panel{}
	overview := boards(t)["portal-overview"]
	require.Equal(t, "Portal Production Overview", overview.Title)
	for _, p := range overview.Panels {
		panels[p.Title] = p
	}
	for title, expr := range map[string]string{
		"Request Rate":                    `sum(rate(http_requests_total[5m])) by (service)`,
		"Response Time (95th percentile)": `histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le, service))`,
		"Error Rate":                      `sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))`,
	} {
		require.Len(t, panels[title].Targets, 1, title)
		require.Equal(t, expr, panels[title].Targets[0].Expr)
	}
	require.Equal(t, "stat", panels["Error Rate"].Type)
}

func TestGrafanaFindsThem(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := dashboards.New(ctx, "boards", dashboards.Args{
			Namespace: pulumi.String("monitoring"), Labels: map[string]string{"gatehouse/owner": "platform"}, Selector: "grafana_dashboard",
		})
		return err
	})
	maps := seen.OfType("kubernetes:core/v1:ConfigMap")
	require.Len(t, maps, 4)
	for _, m := range maps {
		require.Equal(t, "1", m.Input("metadata.labels.grafana_dashboard"))
		require.Equal(t, "platform", m.Input(`metadata.labels["gatehouse/owner"]`))
		require.Equal(t, "monitoring", m.Input("metadata.namespace"))
		name := m.Input("metadata.name").(string)
		text, ok := m.Input(`data["` + name + `.json"]`).(string)
		require.True(t, ok, name)
		require.True(t, json.Valid([]byte(text)))
		require.Less(t, len(text), 1<<20, "a ConfigMap holds a mebibyte")
		require.True(t, strings.HasPrefix(m.Name, "boards-"))
	}
}
