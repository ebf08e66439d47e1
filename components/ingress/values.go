package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/release"
)

// chart are the values of the chart that differ from its own. Its containers
// already drop all capabilities but the one to bind ports below 1024, run as a
// user and cannot gain privileges. Their root file system stays writable: the
// controller writes nginx.conf and its cache of Lua modules there.
type chart struct {
	FullnameOverride string            `json:"fullnameOverride"`
	CommonLabels     map[string]string `json:"commonLabels"`
	Controller       controller        `json:"controller"`
	ServiceAccount   serviceAccount    `json:"serviceAccount"`
}

type controller struct {
	Config                     nginx               `json:"config"`
	AddHeaders                 map[string]string   `json:"addHeaders"`
	ExtraArgs                  pulumi.StringMap    `json:"extraArgs"`
	AllowSnippetAnnotations    bool                `json:"allowSnippetAnnotations"`
	EnableAnnotationValidation bool                `json:"enableAnnotationValidations"`
	WatchIngressWithoutClass   bool                `json:"watchIngressWithoutClass"`
	IngressClassResource       ingressClass        `json:"ingressClassResource"`
	PodLabels                  map[string]string   `json:"podLabels"`
	PodAnnotations             map[string]string   `json:"podAnnotations"`
	PodSecurityContext         release.PodSecurity `json:"podSecurityContext"`
	Resources                  release.Resources   `json:"resources"`
	PriorityClassName          string              `json:"priorityClassName"`
	UpdateStrategy             strategy            `json:"updateStrategy"`
	MinReadySeconds            int                 `json:"minReadySeconds"`
	TopologySpreadConstraints  []release.Spread    `json:"topologySpreadConstraints"`
	ReplicaCount               int                 `json:"replicaCount"`
	MaxUnavailable             int                 `json:"maxUnavailable"`
	Autoscaling                autoscaling         `json:"autoscaling"`
	Service                    service             `json:"service"`
	Metrics                    enabled             `json:"metrics"`
	AdmissionWebhooks          admission           `json:"admissionWebhooks"`
}

type ingressClass struct {
	Name    string `json:"name"`
	Enabled bool   `json:"enabled"`
	Default bool   `json:"default"`
}

type strategy struct {
	Type          string  `json:"type"`
	RollingUpdate rolling `json:"rollingUpdate"`
}

type rolling struct {
	MaxSurge       int `json:"maxSurge"`
	MaxUnavailable int `json:"maxUnavailable"`
}

type autoscaling struct {
	Enabled                           bool     `json:"enabled"`
	MinReplicas                       int      `json:"minReplicas"`
	MaxReplicas                       int      `json:"maxReplicas"`
	TargetCPUUtilizationPercentage    int      `json:"targetCPUUtilizationPercentage"`
	TargetMemoryUtilizationPercentage *int     `json:"targetMemoryUtilizationPercentage,omitempty"`
	Behavior                          behavior `json:"behavior"`
}

type behavior struct {
	ScaleDown scaleDown `json:"scaleDown"`
}

type scaleDown struct {
	StabilizationWindowSeconds int           `json:"stabilizationWindowSeconds"`
	Policies                   []scalePolicy `json:"policies"`
}

type scalePolicy struct {
	Type          string `json:"type"`
	Value         int    `json:"value"`
	PeriodSeconds int    `json:"periodSeconds"`
}

type service struct {
	EnableHTTP        bool             `json:"enableHttp"`
	LoadBalancerClass string           `json:"loadBalancerClass"`
	Annotations       pulumi.StringMap `json:"annotations"`
}

type enabled struct {
	Enabled bool `json:"enabled"`
}

type admission struct {
	CertManager enabled `json:"certManager"`
	Patch       enabled `json:"patch"`
}

// drainSeconds is how long a controller that leaves still finishes requests
// and WebSockets, the chart's own limit.
const drainSeconds = 300

func values(args Args) chart {
	podLabels := release.Labels(args.Labels)
	podLabels["app"] = "ingress-nginx"
	return chart{
		FullnameOverride: "ingress-nginx",
		CommonLabels:     release.Labels(args.Labels),
		ServiceAccount:   serviceAccount{Name: "ingress-nginx"},
		Controller: controller{
			Config:     config(args),
			AddHeaders: headers(args),
			ExtraArgs: pulumi.StringMap{
				"default-ssl-certificate": pulumi.Sprintf("%s/%s", args.Namespace, args.CertificateSecret),
				"default-backend-service": pulumi.String(args.DefaultBackend),
			},
			// Snippets are nginx configuration in the hands of whoever may write
			// an Ingress (CVE-2021-25742).
			AllowSnippetAnnotations:    false,
			EnableAnnotationValidation: true,
			IngressClassResource:       ingressClass{Name: Class, Enabled: true},
			PodLabels:                  podLabels,
			PodAnnotations:             mesh(),
			PodSecurityContext:         release.PodSecurity{RunAsNonRoot: true, SeccompProfile: release.Profile{Type: "RuntimeDefault"}},
			Resources: release.Resources{
				Requests: release.Quantities{CPU: "200m", Memory: "256Mi"},
				Limits:   release.Quantities{CPU: "2", Memory: "1Gi"},
			},
			PriorityClassName: "gatehouse-critical",
			UpdateStrategy:    strategy{Type: "RollingUpdate", RollingUpdate: rolling{MaxSurge: 1}},
			// The load balancer needs a while to see a new target healthy.
			MinReadySeconds: 30,
			TopologySpreadConstraints: release.OverZones(map[string]string{
				"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller",
			}),
			ReplicaCount:   args.Replicas,
			MaxUnavailable: 1,
			Autoscaling: autoscaling{
				Enabled: true, MinReplicas: args.Replicas, MaxReplicas: 3 * args.Replicas,
				TargetCPUUtilizationPercentage: 70,
				Behavior: behavior{ScaleDown: scaleDown{
					// Each controller that goes ends its WebSockets.
					StabilizationWindowSeconds: drainSeconds,
					Policies:                   []scalePolicy{{Type: "Pods", Value: 1, PeriodSeconds: drainSeconds}},
				}},
			},
			Service: service{
				// CloudFront calls over HTTPS only and redirects people itself.
				// Its prefix list takes 55 rules of a security group's 60 for
				// each port.
				LoadBalancerClass: "service.k8s.aws/nlb",
				Annotations:       balancer(args),
			},
			Metrics:           enabled{Enabled: true},
			AdmissionWebhooks: admission{CertManager: enabled{Enabled: true}},
		},
	}
}

// balancer asks the load balancer controller for a network load balancer
// (AWS Load Balancer Controller, "Service annotations").
func balancer(args Args) pulumi.StringMap {
	const prefix = "service.beta.kubernetes.io/aws-load-balancer-"
	return pulumi.StringMap{
		prefix + "scheme":          pulumi.String("internet-facing"),
		prefix + "nlb-target-type": pulumi.String("ip"),
		prefix + "attributes":      pulumi.String("load_balancing.cross_zone.enabled=true"),
		prefix + "target-group-attributes": pulumi.String(
			"preserve_client_ip.enabled=true,deregistration_delay.timeout_seconds=120"),
		prefix + "security-group-prefix-lists":      args.Callers,
		"external-dns.alpha.kubernetes.io/hostname": pulumi.String(args.Origin),
	}
}

// mesh keeps the mesh out of what comes in, which is the world's and not a
// workload's; what goes out to the portal is the mesh's. The default backend
// stands outside the mesh, so that it answers when the mesh does not.
func mesh() map[string]string {
	return map[string]string{
		"traffic.sidecar.istio.io/includeInboundPorts":  "",
		"traffic.sidecar.istio.io/excludeOutboundPorts": "8080",
		"proxy.istio.io/config":                         `{"holdApplicationUntilProxyStarts":true,"terminationDrainDuration":"300s"}`,
	}
}
