package metrics

import (
	"context"
	"strconv"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// StateMetrics is the name of kube-state-metrics, of its port, and of the job of its
// metrics in Prometheus.
const StateMetrics = "kube-state-metrics"

// Objects is kube-state-metrics: how the cluster's objects are, as metrics.
type Objects struct {
	// Path is the program, and Log the file of what it says.
	Path, Log string
	// Port on loopback.
	Port int
	// Kubeconfig is that of a client that may list what it tells of.
	Kubeconfig string
	// After is the part that answers that client.
	After string
}

// Server is how it runs.
func (o Objects) Server() data.Server {
	return data.Server{
		Name: StateMetrics, Port: StateMetrics, After: []string{o.After},
		Command: process.Command{Path: o.Path, Log: o.Log, Args: []string{
			"--kubeconfig", o.Kubeconfig, "--host", process.Loopback, "--port", strconv.Itoa(o.Port),
			// What it says of itself nobody asks for: any free port will do.
			"--telemetry-host", process.Loopback, "--telemetry-port", "0",
		}},
		Healthy: func(ctx context.Context) error { return answers(ctx, StateMetrics, url(o.Port)+"/livez") },
	}
}
