package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/manifest"
)

// controllerMonitor is how one of the platform's charts is scraped. The charts
// could make these themselves, but not before the monitoring stack has brought
// the kind, which in turn needs secrets from one of them.
type controllerMonitor struct {
	name, namespace string
	// labels select the Service, port is the name of its port.
	labels map[string]string
	port   string
}

// controllerMonitors is the table of them. None of these ports is in the mesh.
func controllerMonitors() []controllerMonitor {
	const name, instance, component = "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/component"
	return []controllerMonitor{
		{"cert-manager", certificatesNamespace, map[string]string{instance: "cert-manager", component: "controller"}, "tcp-prometheus-servicemonitor"},
		{"cluster-autoscaler", "kube-system", map[string]string{name: "aws-cluster-autoscaler"}, "http"},
		{"external-dns", ingressNamespace, map[string]string{name: "external-dns"}, "http"},
		{"external-secrets", externalSecretsNamespace, map[string]string{instance: "external-secrets"}, "metrics"},
		{"ingress-nginx", ingressNamespace, map[string]string{name: "ingress-nginx", component: "controller"}, "metrics"},
	}
}

type controllerMonitorSpec struct {
	Selector  map[string]any      `json:"selector"`
	Endpoints []map[string]string `json:"endpoints"`
}

// deployControllerMonitors has the platform's charts scraped, after the charts
// and the monitoring stack.
func deployControllerMonitors(ctx *pulumi.Context, env Environment, namespaces map[string]pulumi.StringOutput, after []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	for _, m := range controllerMonitors() {
		var namespace pulumi.StringInput = pulumi.String(m.namespace)
		if ours, ok := namespaces[m.namespace]; ok {
			namespace = ours
		}
		_, err := manifest.New(ctx, env.Named("monitor-"+m.name), manifest.Args{
			APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor", Name: m.name, Namespace: namespace, Labels: ownership(env),
			Spec: controllerMonitorSpec{
				Selector:  map[string]any{"matchLabels": m.labels},
				Endpoints: []map[string]string{{"port": m.port, "path": "/metrics", "interval": "30s"}},
			},
		}, append(opts, component.DependsOn(after...))...)
		if err != nil {
			return fmt.Errorf("deploy the monitor of %s: %w", m.name, err)
		}
	}
	return nil
}
