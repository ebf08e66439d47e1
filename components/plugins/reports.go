package plugins

import (
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/manifest"
	"gatehouse/components/pod"
	"gatehouse/components/workload"
)

// newService makes a Service without an address of its own, in front of every pod
// of the portal, of both slots. Each pod is asked by its own address, and this is
// how the mesh knows those addresses: to others of the mesh a proxy talks in
// mutual TLS only where a Service names them; it passes the rest on as it is, and
// the portal's proxy would not let that in. Its ports must be "tcp" for that
// (Istio, "Understanding Traffic Routing", Headless Services).
//
// It is made after the portal's own Service: where two name one port, the elder
// says what is spoken on it.
func newService(ctx *pulumi.Context, name string, args Args, portal Portal, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	var ports corev1.ServicePortArray
	for _, p := range portal.Ports {
		ports = append(ports, corev1.ServicePortArgs{
			Name: pulumi.String(p.Name), Port: pulumi.Int(p.Number), TargetPort: pulumi.String(p.Name),
			Protocol: pulumi.String("TCP"), AppProtocol: pulumi.String("tcp"),
		})
	}
	metadata := args.metadata(StatusName, portal.App)
	// The pods are Activate's to wait for.
	metadata.Annotations = pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")}
	return corev1.NewService(ctx, name+"-reports", &corev1.ServiceArgs{
		Metadata: metadata,
		Spec: corev1.ServiceSpecArgs{
			ClusterIP: pulumi.String("None"), Ports: ports,
			Selector: pulumi.StringMap{pod.AppLabel: pulumi.String(portal.App)},
		},
	}, opts...)
}

// newMonitor has every pod's report scraped (deployment guide, "Prometheus
// Metrics"). The job label is the Service's name.
func newMonitor(ctx *pulumi.Context, name string, args Args, portal Portal, opts ...pulumi.ResourceOption) error {
	spec := monitor{Selector: selector{MatchLabels: map[string]string{pod.AppLabel: portal.App}}}
	for _, p := range portal.Ports {
		if slices.Contains(portal.Scraped, p.Name) {
			spec.Endpoints = append(spec.Endpoints, endpoint{
				Port: p.Name, Path: "/metrics", Interval: "30s", Transport: workload.TransportTo(portal.Meshed),
			})
		}
	}
	_, err := manifest.New(ctx, name+"-monitor", manifest.Args{
		APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor", Name: StatusName, Namespace: args.Namespace,
		Labels: pod.Labels(args.Labels, portal.App), Spec: spec,
	}, opts...)
	return err
}

// The spec of a ServiceMonitor, as far as it is used (prometheus-operator, API
// reference).
type (
	monitor struct {
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
		workload.Transport
	}
)
