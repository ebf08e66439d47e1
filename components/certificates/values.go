package certificates

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/release"
)

// resolver is who is asked whether a challenge is to be seen: the cluster's own
// DNS, since pods may call no other.
const resolver = "kube-dns.kube-system.svc.cluster.local:53"

// chart are the values of the chart that differ from its own. Its defaults
// already are what the restricted Pod Security Standard asks.
type chart struct {
	Global                        global         `json:"global"`
	CRDs                          crds           `json:"crds"`
	FullnameOverride              string         `json:"fullnameOverride"`
	DNS01RecursiveNameservers     string         `json:"dns01RecursiveNameservers"`
	DNS01RecursiveNameserversOnly bool           `json:"dns01RecursiveNameserversOnly"`
	EnableCertificateOwnerRef     bool           `json:"enableCertificateOwnerRef"`
	ServiceAccount                serviceAccount `json:"serviceAccount"`
	part
	Webhook         part       `json:"webhook"`
	CAInjector      part       `json:"cainjector"`
	StartupAPICheck startCheck `json:"startupapicheck"`
}

type global struct {
	CommonLabels      map[string]string `json:"commonLabels"`
	PriorityClassName string            `json:"priorityClassName"`
	LeaderElection    leaderElection    `json:"leaderElection"`
}

type leaderElection struct {
	Namespace pulumi.StringInput `json:"namespace"`
}

type crds struct {
	Enabled bool `json:"enabled"`
	Keep    bool `json:"keep"`
}

type serviceAccount struct {
	Name        string           `json:"name"`
	Annotations pulumi.StringMap `json:"annotations"`
}

// part is one of the three programs.
type part struct {
	ReplicaCount              int               `json:"replicaCount"`
	PodDisruptionBudget       budget            `json:"podDisruptionBudget"`
	Resources                 release.Resources `json:"resources"`
	TopologySpreadConstraints []release.Spread  `json:"topologySpreadConstraints"`
}

type budget struct {
	Enabled        bool `json:"enabled"`
	MaxUnavailable int  `json:"maxUnavailable"`
}

type startCheck struct {
	Resources release.Resources `json:"resources"`
}

func values(args Args) chart {
	return chart{
		Global: global{
			CommonLabels:      release.Labels(args.Labels),
			PriorityClassName: "system-cluster-critical",
			// Its own namespace: kube-system is for the cluster.
			LeaderElection: leaderElection{Namespace: args.Namespace},
		},
		// Kept when the release goes, so that an accident does not take every
		// certificate of the cluster with it.
		CRDs:                          crds{Enabled: true, Keep: true},
		FullnameOverride:              "cert-manager",
		DNS01RecursiveNameservers:     resolver,
		DNS01RecursiveNameserversOnly: true,
		// A deleted Certificate takes its Secret along.
		EnableCertificateOwnerRef: true,
		ServiceAccount: serviceAccount{
			Name:        "cert-manager",
			Annotations: pulumi.StringMap{release.RoleAnnotation: args.RoleARN},
		},
		part:            replicas("controller", 2),
		Webhook:         replicas("webhook", 3), // without it no certificate can be changed
		CAInjector:      replicas("cainjector", 2),
		StartupAPICheck: startCheck{Resources: small()},
	}
}

// replicas is a program that survives the loss of a zone; of the controller
// and the injector one leads and the others wait.
func replicas(component string, count int) part {
	return part{
		ReplicaCount:        count,
		PodDisruptionBudget: budget{Enabled: true, MaxUnavailable: 1},
		Resources:           small(),
		TopologySpreadConstraints: release.OverZones(map[string]string{
			"app.kubernetes.io/instance": "cert-manager", "app.kubernetes.io/component": component,
		}),
	}
}

func small() release.Resources {
	return release.Resources{
		Requests: release.Quantities{CPU: "50m", Memory: "128Mi"},
		Limits:   release.Quantities{CPU: "500m", Memory: "512Mi"},
	}
}
