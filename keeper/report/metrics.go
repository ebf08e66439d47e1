// Package report tells of what the keeper did: metrics to a Pushgateway, and
// the words of a command's result.
package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Job is the job label of the keeper's metrics.
const Job = "keeper"

// Metric is a gauge.
type Metric struct {
	Name, Help string
	Value      float64
}

// Push sends gauges to a Pushgateway under the job and a task. Those of earlier
// pushes whose names are not sent again stay as they were, so that a failure
// does not hide when the last success was.
func Push(ctx context.Context, client *http.Client, gateway, task string, metrics []Metric) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	target := strings.TrimSuffix(gateway, "/") + "/metrics/job/" + Job + "/task/" + url.PathEscape(task)
	// POST replaces metrics of the same names only; PUT would replace them all.
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(exposition(metrics)))
	if err != nil {
		return fmt.Errorf("push metrics: %w", err)
	}
	request.Header.Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("push metrics: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 500))
		return fmt.Errorf("push metrics to %s: %s: %s", target, response.Status, bytes.TrimSpace(text))
	}
	return nil
}

// exposition is Prometheus' text format.
func exposition(metrics []Metric) string {
	var b strings.Builder
	for _, m := range metrics {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s %s\n", m.Name, m.Help, m.Name, m.Name, strconv.FormatFloat(m.Value, 'g', -1, 64))
	}
	return b.String()
}

// Succeeded are the metrics of a backup that was made.
func Succeeded(at time.Time, took time.Duration, bytes int64) []Metric {
	return []Metric{
		{"gatehouse_backup_last_success_timestamp_seconds", "When the last backup was complete, in Unix time.", seconds(at)},
		{"gatehouse_backup_last_duration_seconds", "How long the last backup took.", took.Seconds()},
		{"gatehouse_backup_size_bytes", "How large the last backup is.", float64(bytes)},
	}
}

// Failed are the metrics of a backup that was not made.
func Failed(at time.Time) []Metric {
	return []Metric{{"gatehouse_backup_last_failure_timestamp_seconds", "When a backup failed last, in Unix time.", seconds(at)}}
}

// Drilled are the metrics of a restore drill.
func Drilled(passed bool, finished time.Time, took, age time.Duration) []Metric {
	metrics := []Metric{
		{"gatehouse_restore_drill_last_run_timestamp_seconds", "When the last restore drill ended, in Unix time.", seconds(finished)},
		{"gatehouse_restore_drill_passed", "Whether the last restore drill passed, 1 or 0.", 0},
		{"gatehouse_restore_drill_duration_seconds", "How long restoring took in the last drill.", took.Seconds()},
		{"gatehouse_restore_drill_backup_age_seconds", "How old the newest backup was in the last drill.", age.Seconds()},
	}
	if passed {
		metrics[1].Value = 1
		metrics = append(metrics, Metric{"gatehouse_restore_drill_last_success_timestamp_seconds", "When the last restore drill passed, in Unix time.", seconds(finished)})
	}
	return metrics
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
