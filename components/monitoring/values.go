package monitoring

import (
	"gatehouse/components/pod"
	"gatehouse/components/release"
)

// releaseName begins the names of what the chart makes; its own is too long
// for some of them.
const releaseName = "monitoring"

// values are the lines of kube-prometheus-stack that we set. What belongs to
// one program stands in that program's file.
type values struct {
	FullnameOverride string            `json:"fullnameOverride"`
	CommonLabels     map[string]string `json:"commonLabels"`
	CRDs             enabled           `json:"crds"`
	DefaultRules     defaultRules      `json:"defaultRules"`

	// Parts of the control plane that EKS runs and nobody can scrape, and
	// kube-proxy, which gives metrics on the node's own address alone.
	Etcd              enabled `json:"kubeEtcd"`
	Scheduler         enabled `json:"kubeScheduler"`
	ControllerManager enabled `json:"kubeControllerManager"`
	Proxy             enabled `json:"kubeProxy"`

	Operator     operatorValues     `json:"prometheusOperator"`
	Prometheus   prometheusValues   `json:"prometheus"`
	Alertmanager alertmanagerValues `json:"alertmanager"`
	Grafana      grafanaValues      `json:"grafana"`
	StateMetrics stateMetricsValues `json:"kube-state-metrics"`
	NodeExporter nodeExporterValues `json:"prometheus-node-exporter"`
}

type enabled struct {
	Enabled bool `json:"enabled"`
}

// need are a container's requests and limits; all four are set everywhere.
func need(cpuRequest, memoryRequest, cpuLimit, memoryLimit string) release.Resources {
	return release.Resources{
		Requests: release.Quantities{CPU: cpuRequest, Memory: memoryRequest},
		Limits:   release.Quantities{CPU: cpuLimit, Memory: memoryLimit},
	}
}

// defaultRules are the chart's rules, by group.
type defaultRules struct {
	Create bool            `json:"create"`
	Rules  map[string]bool `json:"rules"`
}

// rules keeps the chart's recording rules, and its alerts on what ours leave
// out: the API server, the kubelet and the monitoring's own helpers. Where ours
// look at the same thing (components/alerts), there would be two for one
// failure; and there is no etcd, scheduler or controller manager to see.
func rules() defaultRules {
	on := map[string]bool{}
	for _, group := range []string{
		"alertmanager", "etcd", "general", "kubeControllerManager", "kubeProxy", "kubeSchedulerAlerting", "kubeSchedulerRecording",
		"kubernetesApps", "kubernetesResources", "kubernetesStorage", "nodeExporterAlerting", "prometheus", "windows",
	} {
		on[group] = false
	}
	for _, group := range []string{
		"configReloaders", "k8sContainerCpuUsageSecondsTotal", "k8sContainerMemoryCache", "k8sContainerMemoryRss", "k8sContainerMemorySwap",
		"k8sContainerResource", "k8sContainerMemoryWorkingSetBytes", "k8sPodOwner", "kubeApiserverAvailability", "kubeApiserverBurnrate",
		"kubeApiserverHistogram", "kubeApiserverSlos", "kubelet", "kubePrometheusGeneral", "kubePrometheusNodeRecording",
		"kubernetesSystem", "kubeStateMetrics", "network", "node", "nodeExporterRecording", "prometheusOperator",
	} {
		on[group] = true
	}
	return defaultRules{Create: true, Rules: on}
}

func (a Args) values() values {
	return values{
		FullnameOverride: releaseName,
		CommonLabels:     a.chartLabels(),
		CRDs:             enabled{true},
		DefaultRules:     rules(),
		Operator:         a.operator(),
		Prometheus:       a.prometheus(),
		Alertmanager:     a.alertmanager(),
		Grafana:          a.grafana(),
		StateMetrics:     a.stateMetrics(),
		NodeExporter:     a.nodeExporter(),
	}
}

// chartLabels are the labels as the chart may add them.
func (a Args) chartLabels() map[string]string { return release.Labels(a.Labels) }

// account is a service account of the chart.
type account struct {
	Create bool   `json:"create"`
	Name   string `json:"name"`
}

// budget lets nodes be drained one pod at a time. The chart's own would keep
// the only pod of a kind from being moved.
type budget struct {
	Enabled        bool   `json:"enabled"`
	MinAvailable   string `json:"minAvailable"`
	MaxUnavailable int    `json:"maxUnavailable"`
}

var oneAtATime = budget{Enabled: true, MaxUnavailable: 1}

// podMetadata is what the operator puts on pods.
type podMetadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// claim is the volume of each pod of a set.
type claim struct {
	VolumeClaimTemplate struct {
		Spec claimSpec `json:"spec"`
	} `json:"volumeClaimTemplate"`
}

type claimSpec struct {
	StorageClassName string   `json:"storageClassName"`
	AccessModes      []string `json:"accessModes"`
	Resources        struct {
		Requests struct {
			Storage string `json:"storage"`
		} `json:"requests"`
	} `json:"resources"`
}

func volume(class, size string) claim {
	c := claim{}
	c.VolumeClaimTemplate.Spec = claimSpec{StorageClassName: class, AccessModes: []string{"ReadWriteOnce"}}
	c.VolumeClaimTemplate.Spec.Resources.Requests.Storage = size
	return c
}

// Pods of a kind keep to different zones where they can. They may share one: a
// zone that is lost must not keep them from starting.
const (
	apart      = "soft"
	apartFrom  = "topology.kubernetes.io/zone"
	importance = pod.Critical // it must see what goes wrong
	ordinary   = pod.Standard
)
