package monitoring

import "gatehouse/components/release"

// operatorValues are those of the operator, which makes Prometheus and
// Alertmanager of their custom resources.
type operatorValues struct {
	Resources      release.Resources `json:"resources"`
	PriorityClass  string            `json:"priorityClassName"`
	PodLabels      map[string]string `json:"podLabels"`
	ConfigReloader reloaderValues    `json:"prometheusConfigReloader"`
	Webhooks       webhookValues     `json:"admissionWebhooks"`
}

type reloaderValues struct {
	Resources release.Resources `json:"resources"`
}

type webhookValues struct {
	CertManager enabled `json:"certManager"`
}

// operator has its webhook's certificate from cert-manager: no jobs that make
// one at every change.
func (a Args) operator() operatorValues {
	return operatorValues{
		Resources:      need("50m", "96Mi", "200m", "256Mi"),
		PriorityClass:  ordinary,
		PodLabels:      outside(a.chartLabels()),
		ConfigReloader: reloaderValues{need("10m", "32Mi", "100m", "64Mi")},
		Webhooks:       webhookValues{enabled{true}},
	}
}

// stateMetricsValues are those of kube-state-metrics, which tells how the
// cluster's objects are.
type stateMetricsValues struct {
	Resources     release.Resources `json:"resources"`
	PriorityClass string            `json:"priorityClassName"`
	CustomLabels  map[string]string `json:"customLabels"`
}

func (a Args) stateMetrics() stateMetricsValues {
	return stateMetricsValues{
		Resources: need("50m", "96Mi", "200m", "256Mi"), PriorityClass: ordinary, CustomLabels: outside(a.chartLabels()),
	}
}

// nodeExporterValues are those of node-exporter, which tells how the nodes are.
type nodeExporterValues struct {
	Resources     release.Resources `json:"resources"`
	PriorityClass string            `json:"priorityClassName"`
	PodLabels     map[string]string `json:"podLabels"`
	Tolerations   []toleration      `json:"tolerations"`
}

type toleration struct {
	Operator string `json:"operator"`
}

// nodeExporter runs on every node, whatever its taints.
func (a Args) nodeExporter() nodeExporterValues {
	return nodeExporterValues{
		Resources: need("50m", "32Mi", "200m", "96Mi"), PriorityClass: importance,
		PodLabels: outside(with(a.chartLabels(), map[string]string{"jobLabel": "node-exporter"})), Tolerations: []toleration{{"Exists"}},
	}
}
