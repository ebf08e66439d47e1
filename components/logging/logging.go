// Package logging collects the logs of containers and nodes with Fluent Bit,
// parses them, takes secrets out, and sends each class of data to its own place
// in CloudWatch Logs or Loki.
//
// Not here: the IAM role that may write the logs (components/identity), the
// control plane's own logs, which EKS sends itself (components/cluster), and
// alerts on what is not delivered (components/alerts).
package logging

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/manifest"
	"gatehouse/components/release"
)

// App is the name of the release, its service account and its objects.
const App = "fluent-bit"

// metricsPort is where it gives metrics and health.
const metricsPort = 2020

// Args describes how logs are collected.
type Args struct {
	// Namespace is where it runs; it must let pods read the nodes' file system.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role of its service account.
	RoleARN pulumi.StringInput
	// Output is where logs go.
	Output Output
	// Region and GroupPrefix are those of CloudWatch's groups; see [NewGroups].
	Region, GroupPrefix string
	// LokiURL is the address of Loki, e.g. "https://loki.example.com".
	LokiURL string
}

// Logging is Fluent Bit on every node.
type Logging struct {
	pulumi.ResourceState
	component.Parts
}

// New installs it. Where logs go to CloudWatch, the groups must be there: make
// it depend on them.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Logging, error) {
	l := &Logging{}
	return l, component.Register(ctx, "gatehouse:kubernetes:Logging", name, l, func(child pulumi.ResourceOption) error {
		chart, err := args.values()
		if err != nil {
			return err
		}
		if _, err := release.New(ctx, name, release.Args{Chart: App, Namespace: args.Namespace, Values: chart}, child); err != nil {
			return err
		}
		_, err = manifest.New(ctx, name+"-monitor", manifest.Args{
			APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor", Name: App,
			Namespace: args.Namespace, Labels: args.Labels, Spec: monitor(),
		}, child)
		return err
	}, opts...)
}

type (
	monitorSpec struct {
		Selector  selector   `json:"selector"`
		Endpoints []endpoint `json:"endpoints"`
	}
	selector struct {
		MatchLabels map[string]string `json:"matchLabels"`
	}
	endpoint struct {
		Port     string `json:"port"`
		Path     string `json:"path"`
		Interval string `json:"interval"`
	}
)

// monitor has Prometheus read the metrics. The namespace is not in the mesh:
// the collector must work when the mesh does not.
func monitor() monitorSpec {
	return monitorSpec{
		Selector:  selector{MatchLabels: map[string]string{"app.kubernetes.io/name": App}},
		Endpoints: []endpoint{{Port: "http", Path: "/api/v2/metrics/prometheus", Interval: "30s"}},
	}
}
