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
	Port        string `json:"port"`
	Path        string `json:"path"`
	Interval    string `json:"interval"`
	HonorLabels bool   `json:"honorLabels,omitempty"`
	Transport
}

// Transport is how Prometheus asks a pod: a part of the endpoints of
// ServiceMonitors, and of the chart of Prometheus itself.
type Transport struct {
	Scheme    string     `json:"scheme,omitempty"`
	TLSConfig *TLSConfig `json:"tlsConfig,omitempty"`
}

// TLSConfig has Prometheus show a certificate of the mesh, since nobody in the
// mesh talks to strangers.
type TLSConfig struct {
	CAFile   string `json:"caFile"`
	CertFile string `json:"certFile"`
	KeyFile  string `json:"keyFile"`
	// InsecureSkipVerify is on: Istio's certificates name identities, which
	// Prometheus cannot compare. The CA is checked by the other side.
	InsecureSkipVerify bool `json:"insecureSkipVerify"`
}

// MeshCertificates is where Prometheus finds the certificates that its own
// proxy leaves for it (Istio, "Prometheus: TLS settings").
const MeshCertificates = "/etc/prom-certs"

// TransportTo asks pods that have a proxy of the mesh, or have none.
func TransportTo(meshed bool) Transport {
	if !meshed {
		return Transport{Scheme: "http"}
	}
	return Transport{Scheme: "https", TLSConfig: &TLSConfig{
		CAFile: MeshCertificates + "/root-cert.pem", CertFile: MeshCertificates + "/cert-chain.pem", KeyFile: MeshCertificates + "/key.pem",
		InsecureSkipVerify: true,
	}}
}

// newMonitor has every Service of the workload with a port "metrics" scraped;
// without one it does nothing. The job label is the Service's name.
func newMonitor(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) error {
	if !slices.ContainsFunc(args.ports(), func(p pod.Port) bool { return p.Name == metricsPort }) {
		return nil
	}
	scrape := endpoint{Port: metricsPort, Path: "/metrics", Interval: "30s", HonorLabels: args.Metrics.HonorLabels, Transport: TransportTo(args.Meshed)}
	if args.Metrics.Path != "" {
		scrape.Path = args.Metrics.Path
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
