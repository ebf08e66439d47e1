package workload

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/manifest"
	"gatehouse/components/pod"
)

// metricsPort is the name of the port that Prometheus asks.
const metricsPort = "metrics"

// Metrics says how a workload is scraped.
type Metrics struct {
	// Path is where its metrics are; /metrics when empty.
	Path string
	// HonorLabels keeps the labels that the metrics come with, for what passes
	// on others' metrics (a Pushgateway).
	HonorLabels bool
}

// serviceMonitor is the spec of a ServiceMonitor, as far as it is used here
// (prometheus-operator, API reference).
type serviceMonitor struct {
	Selector  labelSelector `json:"selector"`
	Endpoints []endpoint    `json:"endpoints"`
}

type labelSelector struct {
	MatchLabels map[string]string `json:"matchLabels"`
}

type endpoint struct {
	Port        string     `json:"port"`
	Path        string     `json:"path"`
	Interval    string     `json:"interval"`
	Scheme      string     `json:"scheme"`
	HonorLabels bool       `json:"honorLabels,omitempty"`
	TLSConfig   *tlsConfig `json:"tlsConfig,omitempty"`
}

type tlsConfig struct {
	CAFile             string `json:"caFile"`
	CertFile           string `json:"certFile"`
	KeyFile            string `json:"keyFile"`
	InsecureSkipVerify bool   `json:"insecureSkipVerify"`
}

// ofMesh are the certificates that Prometheus's own proxy leaves for it (Istio,
// "Prometheus: TLS settings"). Names are not verified: Istio's certificates
// name identities, which Prometheus cannot compare.
func ofMesh() *tlsConfig {
	return &tlsConfig{
		CAFile: "/etc/prom-certs/root-cert.pem", CertFile: "/etc/prom-certs/cert-chain.pem", KeyFile: "/etc/prom-certs/key.pem",
		InsecureSkipVerify: true,
	}
}

// newMonitor has every Service of the workload with a port "metrics" scraped;
// without one it does nothing. The job label is the Service's name.
func newMonitor(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	if !slices.ContainsFunc(args.ports(), func(p pod.Port) bool { return p.Name == metricsPort }) {
		return nil
	}
	scrape := endpoint{Port: metricsPort, Path: "/metrics", Interval: "30s", Scheme: "http", HonorLabels: args.Metrics.HonorLabels}
	if args.Metrics.Path != "" {
		scrape.Path = args.Metrics.Path
	}
	if args.Meshed {
		scrape.Scheme, scrape.TLSConfig = "https", ofMesh()
	}
	_, err := manifest.New(ctx, name+"-monitor", manifest.Args{
		APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor", Name: args.Name, Namespace: args.Namespace,
		Labels: pod.Labels(args.Labels, args.Pod.App),
		Spec: serviceMonitor{
			Selector:  labelSelector{MatchLabels: map[string]string{pod.AppLabel: args.Pod.App}},
			Endpoints: []endpoint{scrape},
		},
	}, opts...)
	return err
}
