package monitoring

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/manifest"
	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

// probe is one thing that an exporter is asked to look at.
type probe struct {
	// instance names it in metrics and alerts.
	instance pulumi.StringInput
	// params are the exporter's, e.g. target and module.
	params map[string][]pulumi.StringInput
}

// newProbes has Prometheus ask an exporter about each of the probes.
//
// It is a ServiceMonitor and not a Probe: the TLS settings of a Probe cannot
// name files (prometheus-operator, SafeTLSConfig), and the certificates of the
// mesh are files.
func newProbes(ctx *pulumi.Context, name, exporter, path string, args Args, probes []probe, opts ...pulumi.ResourceOption) error {
	spec := monitor{Selector: selector{MatchLabels: map[string]string{pod.AppLabel: exporter}}}
	for _, p := range probes {
		spec.Endpoints = append(spec.Endpoints, endpoint{
			Port: probePort, Path: path, Interval: "30s", ScrapeTimeout: "20s", Transport: args.toMeshed(), Params: p.params,
			Relabelings: []relabeling{{Action: "replace", TargetLabel: "instance", Replacement: p.instance}},
		})
	}
	_, err := manifest.New(ctx, name+"-"+exporter+"-probes", manifest.Args{
		APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor", Name: exporter, Namespace: args.Namespace,
		Labels: pod.Labels(args.Labels, exporter), Spec: spec,
	}, opts...)
	return err
}

// probePort is the name of the exporters' port. It is not "metrics", which a
// workload would have scraped at /metrics.
const probePort = "probe"

// A ServiceMonitor, as far as it is used.
type (
	monitor struct {
		Selector  selector   `json:"selector"`
		Endpoints []endpoint `json:"endpoints"`
	}
	selector struct {
		MatchLabels map[string]string `json:"matchLabels"`
	}
	endpoint struct {
		workload.Transport
		Port          string                          `json:"port"`
		Path          string                          `json:"path"`
		Interval      string                          `json:"interval"`
		ScrapeTimeout string                          `json:"scrapeTimeout"`
		Params        map[string][]pulumi.StringInput `json:"params"`
		Relabelings   []relabeling                    `json:"relabelings"`
	}
	relabeling struct {
		Action      string             `json:"action"`
		TargetLabel string             `json:"targetLabel"`
		Replacement pulumi.StringInput `json:"replacement"`
	}
)
