package externalsecret

import "gatehouse/components/release"

// ReloadAnnotation is the annotation of a Deployment (not of its pods) that has
// Reloader roll it when a Secret or ConfigMap that it uses has changed.
const ReloadAnnotation = "reloader.stakater.com/auto"

// reloaderChart are the values of the chart that differ from its own.
type reloaderChart struct {
	FullnameOverride string         `json:"fullnameOverride"`
	Reloader         reloaderValues `json:"reloader"`
}

type reloaderValues struct {
	IgnoreConfigMaps       bool               `json:"ignoreConfigMaps"`
	ReloadStrategy         string             `json:"reloadStrategy"`
	EnableHA               bool               `json:"enableHA"`
	LogFormat              string             `json:"logFormat"`
	ReadOnlyRootFileSystem bool               `json:"readOnlyRootFileSystem"`
	Deployment             reloaderDeployment `json:"deployment"`
	Service                reloaderService    `json:"service"`
	ServiceAccount         reloaderAccount    `json:"serviceAccount"`
	PodDisruptionBudget    reloaderBudget     `json:"podDisruptionBudget"`
}

type reloaderDeployment struct {
	Replicas                  int                       `json:"replicas"`
	Labels                    map[string]string         `json:"labels"`
	Resources                 release.Resources         `json:"resources"`
	SecurityContext           release.PodSecurity       `json:"securityContext"`
	ContainerSecurityContext  release.ContainerSecurity `json:"containerSecurityContext"`
	PriorityClassName         string                    `json:"priorityClassName"`
	TopologySpreadConstraints []release.Spread          `json:"topologySpreadConstraints"`
}

type reloaderService struct {
	Port int `json:"port"`
}

type reloaderAccount struct {
	Name string `json:"name"`
}

type reloaderBudget struct {
	Enabled        bool `json:"enabled"`
	MaxUnavailable int  `json:"maxUnavailable"`
}

func reloader(args OperatorArgs) reloaderChart {
	return reloaderChart{
		FullnameOverride: "reloader",
		Reloader: reloaderValues{
			// Our own ConfigMaps roll their pods by a checksum, in the same up.
			IgnoreConfigMaps: true,
			// An annotation on the pods, which Pulumi does not manage; a
			// variable in a container would be taken away by the next up.
			ReloadStrategy:         "annotations",
			EnableHA:               true,
			LogFormat:              "json",
			ReadOnlyRootFileSystem: true,
			Deployment: reloaderDeployment{
				Replicas: 2,
				Labels:   release.Labels(args.Labels),
				Resources: release.Resources{
					Requests: release.Quantities{CPU: "20m", Memory: "64Mi"},
					Limits:   release.Quantities{CPU: "200m", Memory: "256Mi"},
				},
				SecurityContext:           release.RestrictedPod(65534),
				ContainerSecurityContext:  release.RestrictedContainer(),
				PriorityClassName:         "gatehouse-standard",
				TopologySpreadConstraints: release.OverZones(map[string]string{"app": "reloader"}),
			},
			Service:             reloaderService{Port: 9090},
			ServiceAccount:      reloaderAccount{Name: "reloader"},
			PodDisruptionBudget: reloaderBudget{Enabled: true, MaxUnavailable: 1},
		},
	}
}
