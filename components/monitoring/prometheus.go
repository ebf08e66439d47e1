package monitoring

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/release"
	"gatehouse/components/storageclass"
	"gatehouse/components/workload"
)

type prometheusValues struct {
	ServiceAccount account        `json:"serviceAccount"`
	Budget         budget         `json:"podDisruptionBudget"`
	Spec           prometheusSpec `json:"prometheusSpec"`
}

type prometheusSpec struct {
	Replicas           int               `json:"replicas"`
	Retention          string            `json:"retention"`
	RetentionSize      string            `json:"retentionSize"`
	ScrapeInterval     string            `json:"scrapeInterval"`
	EvaluationInterval string            `json:"evaluationInterval"`
	ExternalLabels     map[string]string `json:"externalLabels"`
	EnableAdminAPI     bool              `json:"enableAdminAPI"`
	Storage            claim             `json:"storageSpec"`
	Resources          release.Resources `json:"resources"`
	PriorityClassName  string            `json:"priorityClassName"`
	AntiAffinity       string            `json:"podAntiAffinity"`
	AntiAffinityKey    string            `json:"podAntiAffinityTopologyKey"`
	PodMetadata        podMetadata       `json:"podMetadata"`
	AlertingEndpoints  []alertingTarget  `json:"alertingEndpoints,omitempty"`
	Volumes            []scratch         `json:"volumes,omitempty"`
	VolumeMounts       []scratchMount    `json:"volumeMounts,omitempty"`

	// Off: monitors and rules are taken from everywhere, not from this release
	// alone.
	RulesOfRelease           bool `json:"ruleSelectorNilUsesHelmValues"`
	ServiceMonitorsOfRelease bool `json:"serviceMonitorSelectorNilUsesHelmValues"`
	PodMonitorsOfRelease     bool `json:"podMonitorSelectorNilUsesHelmValues"`
	ProbesOfRelease          bool `json:"probeSelectorNilUsesHelmValues"`
	ScrapeConfigsOfRelease   bool `json:"scrapeConfigSelectorNilUsesHelmValues"`
}

type alertingTarget struct {
	workload.Transport
	Name       string             `json:"name"`
	Namespace  pulumi.StringInput `json:"namespace"`
	Port       string             `json:"port"`
	APIVersion string             `json:"apiVersion"`
}

type scratch struct {
	Name     string `json:"name"`
	EmptyDir struct {
		Medium    string `json:"medium"`
		SizeLimit string `json:"sizeLimit"`
	} `json:"emptyDir"`
}

type scratchMount struct {
	Name      string `json:"name"`
	MountPath string `json:"mountPath"`
}

// sizePercent is how much of a volume samples may fill; the write-ahead log and
// compaction need the rest.
const sizePercent = 85

func (a Args) prometheus() prometheusValues {
	annotations, labels := a.prometheusMesh()
	spec := prometheusSpec{
		Replicas:           a.Replicas,
		Retention:          fmt.Sprintf("%dd", a.RetentionDays),
		RetentionSize:      fmt.Sprintf("%dMiB", a.StorageGiB*1024*sizePercent/100),
		ScrapeInterval:     "30s",
		EvaluationInterval: "30s",
		ExternalLabels:     map[string]string{"cluster": a.Cluster},
		Storage:            volume(storageclass.Fast, fmt.Sprintf("%dGi", a.StorageGiB)),
		Resources:          need("500m", "2Gi", "2", "4Gi"),
		PriorityClassName:  importance,
		AntiAffinity:       apart, AntiAffinityKey: apartFrom,
		PodMetadata: podMetadata{Labels: with(pod.Labels(a.chartLabels(), "prometheus"), labels), Annotations: annotations},
	}
	if a.Meshed {
		certs := scratch{Name: certificatesVolume}
		certs.EmptyDir.Medium, certs.EmptyDir.SizeLimit = "Memory", "1Mi"
		spec.Volumes = []scratch{certs}
		spec.VolumeMounts = []scratchMount{{certificatesVolume, workload.MeshCertificates}}
		spec.AlertingEndpoints = []alertingTarget{{
			Transport: a.toMeshed(), Name: releaseName + "-alertmanager", Namespace: a.Namespace, Port: "http-web", APIVersion: "v2",
		}}
	}
	return prometheusValues{ServiceAccount: account{true, "prometheus"}, Budget: oneAtATime, Spec: spec}
}

type alertmanagerValues struct {
	ServiceAccount account            `json:"serviceAccount"`
	Budget         budget             `json:"podDisruptionBudget"`
	ServiceMonitor workload.Transport `json:"serviceMonitor"`
	Spec           alertmanagerSpec   `json:"alertmanagerSpec"`
}

type alertmanagerSpec struct {
	Replicas          int               `json:"replicas"`
	Retention         string            `json:"retention"`
	UseExistingSecret bool              `json:"useExistingSecret"`
	ConfigSecret      string            `json:"configSecret"`
	Secrets           []string          `json:"secrets"`
	Storage           claim             `json:"storage"`
	Resources         release.Resources `json:"resources"`
	PriorityClassName string            `json:"priorityClassName"`
	AntiAffinity      string            `json:"podAntiAffinity"`
	AntiAffinityKey   string            `json:"podAntiAffinityTopologyKey"`
	PodMetadata       podMetadata       `json:"podMetadata"`
}

// alertmanager keeps silences and what it has sent for five days. Its
// configuration is components/alerts'.
func (a Args) alertmanager() alertmanagerValues {
	return alertmanagerValues{
		ServiceAccount: account{true, "alertmanager"}, Budget: oneAtATime, ServiceMonitor: a.toMeshed(),
		Spec: alertmanagerSpec{
			Replicas: a.AlertmanagerReplicas, Retention: "120h",
			UseExistingSecret: true, ConfigSecret: "alertmanager-config", Secrets: []string{"alertmanager-receivers"},
			Storage:           volume(storageclass.Default, "5Gi"),
			Resources:         need("50m", "64Mi", "200m", "256Mi"),
			PriorityClassName: importance,
			AntiAffinity:      apart, AntiAffinityKey: apartFrom,
			PodMetadata: podMetadata{Labels: pod.Labels(a.chartLabels(), "alertmanager"), Annotations: a.alertmanagerMesh()},
		},
	}
}
