package dashboards

import (
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	statpanel "github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// Panels are a third of the width and all of one height, in Grafana's grid of
// 24 columns.
const (
	width  = 8
	height = 8
)

// datasource is chosen at the top of every dashboard.
const datasource = "datasource"

// JSON renders the dashboard as Grafana reads it.
func (d Dashboard) JSON() (string, error) {
	builder := dashboard.NewDashboardBuilder(d.Title).
		Uid(d.UID).Description(d.Description).Tags([]string{"gatehouse"}).
		Timezone("utc").Time("now-6h", "now").Refresh("1m").Readonly().
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		WithVariable(dashboard.NewDatasourceVariableBuilder(datasource).Label("Data source").Type("prometheus"))
	id := uint32(0)
	next := func() uint32 { id++; return id }
	for _, row := range d.Rows {
		builder.WithRow(dashboard.NewRowBuilder(row.Title).Id(next()))
		for _, panel := range row.Panels {
			builder.WithPanel(panel.build(next()))
		}
	}
	built, err := builder.Build()
	if err != nil {
		return "", fmt.Errorf("draw dashboard %s: %w", d.UID, err)
	}
	text, err := json.Marshal(built)
	return string(text), err
}

func (p Panel) build(id uint32) cog.Builder[dashboard.Panel] {
	source := common.DataSourceRef{Type: cog.ToPtr("prometheus"), Uid: cog.ToPtr("${" + datasource + "}")}
	var targets []cog.Builder[variants.Dataquery]
	for i, q := range p.Queries {
		targets = append(targets, prometheus.NewDataqueryBuilder().
			RefId(string(rune('A'+i))).Expr(q.Expr).LegendFormat(q.Legend).Datasource(source))
	}
	if p.Kind == Stat {
		return statpanel.NewPanelBuilder().Id(id).Title(p.Title).Description(p.Description).
			Unit(p.Unit).Datasource(source).Span(width).Height(height).Targets(targets).
			GraphMode(common.BigValueGraphModeArea)
	}
	return timeseries.NewPanelBuilder().Id(id).Title(p.Title).Description(p.Description).
		Unit(p.Unit).Datasource(source).Span(width).Height(height).Targets(targets).
		FillOpacity(10).ShowPoints(common.VisibilityModeNever).
		Legend(common.NewVizLegendOptionsBuilder().ShowLegend(true).
			DisplayMode(common.LegendDisplayModeTable).Placement(common.LegendPlacementBottom).Calcs([]string{"lastNotNull", "max"}))
}
