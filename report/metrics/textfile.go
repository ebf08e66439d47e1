package metrics

import (
	"fmt"
	"io"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"gatehouse/report/readiness"
)

// Textfile writes the run's metrics in the text format that node-exporter's
// textfile collector reads (Prometheus, "Text-based format"). The same run makes
// the same bytes. The collector may read at any moment: write beside the file,
// and rename. It fails when the run holds text that no label may have, or when w
// does.
func Textfile(w io.Writer, run readiness.Run) error {
	made, err := registry(run, prometheus.Labels{"environment": run.Environment})
	if err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	families, err := made.Gather()
	if err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return fmt.Errorf("write metrics: %w", err)
		}
	}
	return nil
}
