package logging

import (
	_ "embed"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
	"gatehouse/components/release"
)

//go:embed redact.lua
var redactLua string

// redactScript is the file that the chart makes of it.
const redactScript = "redact.lua"

// values are the lines of the chart that we set.
type values struct {
	FullnameOverride  string            `json:"fullnameOverride"`
	ServiceAccount    serviceAccount    `json:"serviceAccount"`
	RBAC              rbac              `json:"rbac"`
	TestFramework     enabled           `json:"testFramework"`
	Image             image             `json:"image"`
	Labels            map[string]string `json:"labels"`
	PodLabels         map[string]string `json:"podLabels"`
	PriorityClassName string            `json:"priorityClassName"`
	Tolerations       []toleration      `json:"tolerations"`
	PodSecurity       podSecurity       `json:"podSecurityContext"`
	Security          containerSecurity `json:"securityContext"`
	Resources         release.Resources `json:"resources"`
	UpdateStrategy    updateStrategy    `json:"updateStrategy"`
	GraceSeconds      int               `json:"terminationGracePeriodSeconds"`
	MetricsPort       int               `json:"metricsPort"`
	LuaScripts        map[string]string `json:"luaScripts"`
	Config            configuration     `json:"config"`
	Volumes           []volume          `json:"daemonSetVolumes"`
	Mounts            []mount           `json:"daemonSetVolumeMounts"`
}

type (
	serviceAccount struct {
		Create      bool                          `json:"create"`
		Name        string                        `json:"name"`
		Annotations map[string]pulumi.StringInput `json:"annotations"`
	}
	rbac struct {
		Create     bool `json:"create"`
		NodeAccess bool `json:"nodeAccess"`
	}
	enabled struct {
		Enabled bool `json:"enabled"`
	}
	image struct {
		PullPolicy string `json:"pullPolicy"`
	}
	toleration struct {
		Operator string `json:"operator"`
	}
	podSecurity struct {
		SeccompProfile release.Profile `json:"seccompProfile"`
	}
	containerSecurity struct {
		release.ContainerSecurity
		RunAsUser  int  `json:"runAsUser"`
		RunAsGroup int  `json:"runAsGroup"`
		Privileged bool `json:"privileged"`
	}
	updateStrategy struct {
		Type          string        `json:"type"`
		RollingUpdate rollingUpdate `json:"rollingUpdate"`
	}
	rollingUpdate struct {
		MaxUnavailable string `json:"maxUnavailable"`
	}
	configuration struct {
		Service       string `json:"service"`
		Inputs        string `json:"inputs"`
		Filters       string `json:"filters"`
		Outputs       string `json:"outputs"`
		CustomParsers string `json:"customParsers"`
	}
	volume struct {
		Name     string   `json:"name"`
		HostPath hostPath `json:"hostPath"`
	}
	hostPath struct {
		Path string `json:"path"`
		Type string `json:"type"`
	}
	mount struct {
		Name      string `json:"name"`
		MountPath string `json:"mountPath"`
		ReadOnly  bool   `json:"readOnly"`
	}
)

// values renders the chart's values.
func (a Args) values() (values, error) {
	sending, err := outputs(a)
	if err != nil {
		return values{}, err
	}
	return values{
		FullnameOverride: App,
		ServiceAccount: serviceAccount{
			Create: true, Name: App, Annotations: map[string]pulumi.StringInput{release.RoleAnnotation: a.RoleARN},
		},
		// Reads pods and namespaces, to say whose a line is; no nodes.
		RBAC:   rbac{Create: true},
		Image:  image{PullPolicy: "IfNotPresent"},
		Labels: release.Labels(a.Labels), PodLabels: release.Labels(a.Labels),
		PriorityClassName: pod.Critical,
		// Every node has logs, whatever its taints.
		Tolerations: []toleration{{Operator: "Exists"}},
		PodSecurity: podSecurity{SeccompProfile: release.Profile{Type: "RuntimeDefault"}},
		// Root, because the kubelet's log files are root's alone (0640), and as
		// their owner it needs no capability to read them: all are dropped, and
		// DAC_READ_SEARCH is not asked for.
		Security: containerSecurity{ContainerSecurity: release.RestrictedContainer()},
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "100m", Memory: "128Mi"}, Limits: release.Quantities{CPU: "500m", Memory: "384Mi"},
		},
		UpdateStrategy: updateStrategy{Type: "RollingUpdate", RollingUpdate: rollingUpdate{MaxUnavailable: "20%"}},
		GraceSeconds:   45, // more than the service's Grace
		MetricsPort:    metricsPort,
		LuaScripts:     map[string]string{redactScript: redactLua},
		Config: configuration{
			Service: render(service()), Inputs: render(inputs()...), Filters: render(filters()...), Outputs: render(sending...),
		},
		Volumes: []volume{
			{"logs", hostPath{"/var/log", "Directory"}},
			{"state", hostPath{state, "DirectoryOrCreate"}},
		},
		Mounts: []mount{{"logs", "/var/log", true}, {"state", state, false}},
	}, nil
}
