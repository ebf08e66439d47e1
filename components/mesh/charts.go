package mesh

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// install installs Istio's charts in the order in which they need each other:
// the kinds, the control plane, and the network plugin that leads a pod's
// traffic through its sidecar. The plugin does so from the node; otherwise every
// pod would need an init container with the right to change its network, which
// the restricted Pod Security Standard forbids.
func install(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	after := component.DependsOn()
	var installed []pulumi.Resource
	for _, r := range []release.Args{
		{Chart: "base", Name: "istio-base", Namespace: args.Root, Values: base()},
		{Chart: "istiod", Namespace: args.Root, Values: istiod(args)},
		{Chart: "cni", Name: "istio-cni", Namespace: pulumi.String("kube-system"), Values: cni(args)},
	} {
		made, err := release.New(ctx, name+"-"+r.Chart, r, child, after)
		if err != nil {
			return nil, fmt.Errorf("install the mesh: %w", err)
		}
		installed = append(installed, made)
		after = component.DependsOn(made)
	}
	return installed, nil
}

// baseValues are those of the chart base.
type baseValues struct {
	// DefaultRevision is the one whose webhook checks Istio's own objects.
	DefaultRevision string `json:"defaultRevision"`
	Global          struct {
		IstioNamespace string `json:"istioNamespace"`
	} `json:"global"`
}

func base() baseValues {
	v := baseValues{DefaultRevision: "default"}
	v.Global.IstioNamespace = RootNamespace
	return v
}

// istiodValues are those of the chart istiod.
type istiodValues struct {
	AutoscaleMin int                `json:"autoscaleMin"`
	AutoscaleMax int                `json:"autoscaleMax"`
	Resources    release.Resources  `json:"resources"`
	Seccomp      release.Profile    `json:"seccompProfile"`
	Spread       []release.Spread   `json:"topologySpreadConstraints"`
	PodLabels    map[string]string  `json:"podLabels"`
	DeployLabels map[string]string  `json:"deploymentLabels"`
	Environment  map[string]string  `json:"env"`
	CNI          cniSwitch          `json:"cni"`
	Mesh         meshConfig         `json:"meshConfig"`
	Global       istiodGlobalValues `json:"global"`
}

type cniSwitch struct {
	Enabled bool `json:"enabled"`
}

// meshConfig is Istio's MeshConfig.
type meshConfig struct {
	RootNamespace string `json:"rootNamespace"`
	TrustDomain   string `json:"trustDomain"`
	// EnablePrometheusMerge would serve every pod's metrics once more, without
	// TLS, on a port of the sidecar's; Prometheus has a certificate instead.
	EnablePrometheusMerge bool           `json:"enablePrometheusMerge"`
	Outbound              outboundPolicy `json:"outboundTrafficPolicy"`
}

// outboundPolicy is what happens to calls out of the mesh.
type outboundPolicy struct {
	Mode string `json:"mode"`
}

type istiodGlobalValues struct {
	IstioNamespace    string      `json:"istioNamespace"`
	PriorityClassName string      `json:"priorityClassName"`
	LogAsJSON         bool        `json:"logAsJson"`
	Proxy             proxyValues `json:"proxy"`
	Disruption        struct {
		Enabled bool `json:"enabled"`
	} `json:"defaultPodDisruptionBudget"`
}

// proxyValues are those of the sidecars.
type proxyValues struct {
	Resources release.Resources `json:"resources"`
	Seccomp   release.Profile   `json:"seccompProfile"`
}

func istiod(args Args) istiodValues {
	v := istiodValues{
		AutoscaleMin: 2, AutoscaleMax: 5,
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "250m", Memory: "512Mi"},
			Limits:   release.Quantities{CPU: "1", Memory: "2Gi"},
		},
		Seccomp:   release.Profile{Type: "RuntimeDefault"},
		Spread:    release.OverZones(map[string]string{"app": "istiod"}),
		PodLabels: release.Labels(args.Labels), DeployLabels: release.Labels(args.Labels),
		// A sidecar that is an init container with restartPolicy Always lets a
		// Job end, and is there before the first call of the others.
		Environment: map[string]string{"ENABLE_NATIVE_SIDECARS": "true"},
		CNI:         cniSwitch{Enabled: true},
		Mesh: meshConfig{
			RootNamespace: RootNamespace, TrustDomain: TrustDomain,
			// The data stores, AWS and the internet are outside of the mesh.
			// REGISTRY_ONLY would ask for an entry of each of their names and
			// still stop no program that goes around its sidecar, as Istio's
			// documentation says ("Understanding egress"). NetworkPolicies
			// fence that way, by address and port, from the node.
			Outbound: outboundPolicy{Mode: "ALLOW_ANY"},
		},
		Global: istiodGlobalValues{
			IstioNamespace: RootNamespace, PriorityClassName: args.PriorityClass, LogAsJSON: true,
			Proxy: proxyValues{Resources: args.Proxy, Seccomp: release.Profile{Type: "RuntimeDefault"}},
		},
	}
	v.Global.Disruption.Enabled = true
	return v
}

// cniValues are those of the chart cni.
type cniValues struct {
	Resources   release.Resources `json:"resources"`
	Tolerations []toleration      `json:"tolerations"`
	// ExcludeNamespaces are those whose pods are never led through a sidecar.
	ExcludeNamespaces []string          `json:"excludeNamespaces"`
	PodLabels         map[string]string `json:"podLabels"`
	Global            struct {
		LogAsJSON bool `json:"logAsJson"`
	} `json:"global"`
}

type toleration struct {
	Operator string `json:"operator"`
}

func cni(args Args) cniValues {
	v := cniValues{
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "50m", Memory: "100Mi"},
			Limits:   release.Quantities{CPU: "500m", Memory: "256Mi"},
		},
		// Every node, whatever its taints.
		Tolerations:       []toleration{{Operator: "Exists"}},
		ExcludeNamespaces: []string{RootNamespace, "kube-system"},
		PodLabels:         release.Labels(args.Labels),
	}
	v.Global.LogAsJSON = true
	return v
}
