package metrics

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"
	"sigs.k8s.io/yaml"

	"gatehouse/sandbox/data"
	"gatehouse/sandbox/process"
)

// PrometheusName is the name of the server and of its port.
const PrometheusName = "prometheus"

// Prometheus says how a Prometheus runs.
type Prometheus struct {
	// Dir holds its files, Log its output; Port is where it listens on loopback.
	Dir, Log string
	Port     int
	// Alertmanager is host:port; "" for none.
	Alertmanager string
	// Cluster is the external label that an environment's alerts carry.
	Cluster string
	// Interval is how often it scrapes and evaluates, e.g. "5s".
	Interval string
	Scrapes  []Scrape
}

// Scrape is one job, in the words of Prometheus's own configuration.
type Scrape struct {
	Job    string `json:"job_name"`
	Scheme string `json:"scheme,omitempty"`
	// Interval is another than that of all, e.g. "30s".
	Interval string              `json:"scrape_interval,omitempty"`
	Path     string              `json:"metrics_path,omitempty"`
	Params   map[string][]string `json:"params,omitempty"`
	TLS      *ClientTLS          `json:"tls_config,omitempty"`
	Static   []Static            `json:"static_configs,omitempty"`
	Files    []Files             `json:"file_sd_configs,omitempty"`
	Targets  []Relabel           `json:"relabel_configs,omitempty"`
	Metrics  []Relabel           `json:"metric_relabel_configs,omitempty"`
	// Honor keeps labels of the metrics that the target's own would replace.
	Honor bool `json:"honor_labels,omitempty"`
}

// Static is targets, host:port, with labels.
type Static struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels,omitempty"`
}

// Files name JSON files of [Static]; what is written to them counts at once.
type Files struct {
	Names []string `json:"files"`
}

// ClientTLS names PEM files.
type ClientTLS struct {
	CA          string `json:"ca_file,omitempty"`
	Certificate string `json:"cert_file,omitempty"`
	Key         string `json:"key_file,omitempty"`
}

// Relabel is a relabelling rule.
type Relabel struct {
	Source      []string `json:"source_labels,omitempty"`
	Regex       string   `json:"regex,omitempty"`
	Target      string   `json:"target_label,omitempty"`
	Replacement string   `json:"replacement,omitempty"`
	Action      string   `json:"action,omitempty"`
}

// URL of its API, without a path.
func (p Prometheus) URL() string { return url(p.Port) }

// Rules is the folder whose *.yaml are its rules.
func (p Prometheus) Rules() string { return filepath.Join(p.Dir, "rules") }

// Probes is the file that names the pods that load plugins ([Targets]).
func (p Prometheus) Probes() string { return filepath.Join(p.Dir, "probes.json") }

// Healthy asks whether it is ready to be asked.
func (p Prometheus) Healthy(ctx context.Context) error {
	return answers(ctx, "Prometheus", p.URL()+"/-/ready")
}

// Server is it as a part of a sandbox.
func (p Prometheus) Server() (data.Server, error) {
	path, err := find(PrometheusName, "Prometheus", "prometheus")
	if err != nil {
		return data.Server{}, err
	}
	return data.Server{
		Name: PrometheusName, Port: PrometheusName,
		Prepare: func(context.Context) error { return p.Write() },
		Command: process.Command{
			Path: path,
			Args: []string{
				"--config.file=" + p.file(), "--storage.tsdb.path=" + filepath.Join(p.Dir, "data"),
				"--storage.tsdb.retention.time=15d", "--storage.tsdb.retention.size=512MB",
				"--web.listen-address=" + process.Address(p.Port), "--web.enable-lifecycle", "--log.level=warn",
				// What fires before Alertmanager is found is lost until it is sent again.
				"--rules.alert.resend-delay=" + p.Interval,
			},
			Dir: p.Dir, Log: p.Log,
		},
		Healthy: p.Healthy,
		// One that runs reads what has changed; one that was just started has.
		Settle: func(ctx context.Context) error {
			if err := p.Write(); err != nil {
				return err
			}
			return Reload(ctx, p.URL())
		},
	}, nil
}

func (p Prometheus) file() string { return filepath.Join(p.Dir, "prometheus.yml") }

// Write writes its configuration. It is safe to repeat.
func (p Prometheus) Write() error {
	if err := folders(p.Rules(), filepath.Join(p.Dir, "data")); err != nil {
		return err
	}
	config := map[string]any{
		"global": map[string]any{
			"scrape_interval": p.Interval, "scrape_timeout": p.Interval, "evaluation_interval": p.Interval,
			"external_labels": map[string]string{"cluster": p.Cluster},
		},
		"rule_files":     []string{filepath.Join(p.Rules(), "*.yaml")},
		"scrape_configs": p.Scrapes,
	}
	if p.Alertmanager != "" {
		config["alerting"] = map[string]any{"alertmanagers": []any{
			map[string]any{"static_configs": []Static{{Targets: []string{p.Alertmanager}}}},
		}}
	}
	return write("Prometheus", p.file(), config)
}

// write writes a configuration beside its file, and renames it.
func write(name, path string, config any) error {
	text, err := yaml.Marshal(config)
	if err == nil {
		err = renameio.WriteFile(path, text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the configuration of %s: %w", name, err)
	}
	return nil
}
