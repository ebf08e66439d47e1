package command

import (
	"context"
	"net/http"
	"time"

	"gatehouse/keeper/report"
)

// outcome is what the ConfigMap backup-status keeps of a task's last run.
type outcome struct {
	Task string `json:"task"`
	// Succeeded is whether the task did what it is for; Error says why not.
	Succeeded bool      `json:"succeeded"`
	Finished  time.Time `json:"finished"`
	Error     string    `json:"error,omitempty"`
	Result    any       `json:"result,omitempty"`
}

// tell sends a run's metrics and status. Neither is worth a backup: what cannot
// be told is a warning, and the absence of the metrics is an alert of its own.
func (s *settings) tell(ctx context.Context, task string, result any, metrics []report.Metric, failed error) {
	// A run that is told to stop still has a few seconds to tell of it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	if s.gateway != "" {
		if err := report.Push(ctx, http.DefaultClient, s.gateway, task, metrics); err != nil {
			s.log.Warn("metrics were not pushed", "error", err)
		}
	}
	if s.status == "" {
		return
	}
	o := outcome{Task: task, Succeeded: failed == nil, Finished: s.world.Now().UTC(), Result: result}
	if failed != nil {
		o.Error = failed.Error()
	}
	c, err := s.cluster()
	if err == nil {
		err = c.WriteStatus(ctx, task, o)
	}
	if err != nil {
		s.log.Warn("the status was not written", "error", err)
	}
}
