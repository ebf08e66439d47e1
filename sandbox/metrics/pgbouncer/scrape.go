package pgbouncer

import (
	"context"
	"log/slog"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// scrape asks the console once.
type scrape struct {
	ctx context.Context
	o   Options
}

var (
	up      = prometheus.NewDesc("pgbouncer_up", "The pgbouncer scrape succeeded.", nil, nil)
	version = prometheus.NewDesc("pgbouncer_version_info", "The pgbouncer version info.", []string{"version"}, nil)
)

// Describe names nothing: what there is depends on PgBouncer's version.
func (s scrape) Describe(chan<- *prometheus.Desc) {}

// Collect sends what the console says. When it does not say all, pgbouncer_up is
// 0 beside what was read.
func (s scrape) Collect(to chan<- prometheus.Metric) {
	good := 1.0
	if err := s.collect(to); err != nil {
		slog.WarnContext(s.ctx, "scrape failed", "error", err)
		good = 0
	}
	to <- prometheus.MustNewConstMetric(up, prometheus.GaugeValue, good)
}

func (s scrape) collect(to chan<- prometheus.Metric) error {
	c, err := s.o.connect(s.ctx)
	if err != nil {
		return err
	}
	defer c.close(s.ctx)
	for _, t := range tables() {
		rows, err := c.show(s.ctx, t.show)
		if err != nil {
			return err
		}
		for _, r := range rows {
			t.send(to, r)
		}
	}
	for _, l := range lists() {
		rows, err := c.show(s.ctx, l.show)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if name, known := l.metrics[r[l.key]]; known {
				gauge(to, name, r[l.value])
			}
		}
	}
	rows, err := c.show(s.ctx, "VERSION")
	for _, r := range rows {
		name := strings.TrimPrefix(r["version"], "PgBouncer ")
		to <- prometheus.MustNewConstMetric(version, prometheus.GaugeValue, 1, name)
	}
	return err
}

// send sends what a row of the table says. A column that this version does not
// have is left out.
func (t table) send(to chan<- prometheus.Metric, r row) {
	values := make([]string, len(t.labels))
	for i, label := range t.labels {
		values[i] = r[label]
	}
	for column, m := range t.metrics {
		value, err := strconv.ParseFloat(r[column], 64)
		if err != nil {
			continue
		}
		kind, scale := prometheus.GaugeValue, 1.0
		if t.counters {
			kind = prometheus.CounterValue
		}
		if strings.Contains(m, "seconds_total") {
			scale = 1e-6 // the console counts microseconds
		}
		desc := prometheus.NewDesc("pgbouncer_"+t.name+"_"+m, "Column "+column+" of SHOW "+t.show+".", t.labels, nil)
		to <- prometheus.MustNewConstMetric(desc, kind, value*scale, values...)
	}
}

func gauge(to chan<- prometheus.Metric, name, text string) {
	if value, err := strconv.ParseFloat(text, 64); err == nil {
		to <- prometheus.MustNewConstMetric(prometheus.NewDesc("pgbouncer_"+name, "As the console says.", nil, nil), prometheus.GaugeValue, value)
	}
}
