package kubernetes

import (
	"context"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"gatehouse/checks/evidence"
)

// The versions of Istio's kinds, the newest first.
var (
	securityVersions   = []string{"v1", "v1beta1"}
	networkingVersions = []string{"v1", "v1beta1", "v1alpha3"}
)

type mutualTLS struct {
	Mode string `json:"mode"`
}

type peerAuthentication struct {
	Spec struct {
		Selector *struct {
			MatchLabels map[string]string `json:"matchLabels"`
		} `json:"selector"`
		MTLS  mutualTLS            `json:"mtls"`
		Ports map[string]mutualTLS `json:"portLevelMtls"`
	} `json:"spec"`
}

func (c *Collector) peerAuthentications(ctx context.Context) ([]evidence.KubePeerAuthentication, error) {
	found := []evidence.KubePeerAuthentication{}
	kind := schema.GroupResource{Group: "security.istio.io", Resource: "peerauthentications"}
	err := versions(ctx, c, kind, securityVersions, func(o metav1.Object, s peerAuthentication) {
		p := evidence.KubePeerAuthentication{KubeObject: named(o), Mode: inherited(s.Spec.MTLS.Mode)}
		if s.Spec.Selector != nil && len(s.Spec.Selector.MatchLabels) > 0 {
			p.Pods = &evidence.KubeSelector{Labels: s.Spec.Selector.MatchLabels}
		}
		for port, tls := range s.Spec.Ports {
			if p.Ports == nil {
				p.Ports = map[string]string{}
			}
			p.Ports[port] = inherited(tls.Mode)
		}
		found = append(found, p)
	})
	return found, err
}

func inherited(mode string) string {
	if mode == "UNSET" {
		return ""
	}
	return mode
}

type trafficPolicy struct {
	TLS   mutualTLS `json:"tls"`
	Ports []struct {
		TLS mutualTLS `json:"tls"`
	} `json:"portLevelSettings"`
}

type destinationRule struct {
	Spec struct {
		Host          string        `json:"host"`
		TrafficPolicy trafficPolicy `json:"trafficPolicy"`
		Subsets       []struct {
			TrafficPolicy trafficPolicy `json:"trafficPolicy"`
		} `json:"subsets"`
	} `json:"spec"`
}

func (c *Collector) destinationRules(ctx context.Context) ([]evidence.KubeDestinationRule, error) {
	found := []evidence.KubeDestinationRule{}
	kind := schema.GroupResource{Group: "networking.istio.io", Resource: "destinationrules"}
	err := versions(ctx, c, kind, networkingVersions, func(o metav1.Object, s destinationRule) {
		modes := s.Spec.TrafficPolicy.modes()
		for _, subset := range s.Spec.Subsets {
			modes = append(modes, subset.TrafficPolicy.modes()...)
		}
		slices.Sort(modes)
		found = append(found, evidence.KubeDestinationRule{KubeObject: named(o), Host: s.Spec.Host, Modes: slices.Compact(modes)})
	})
	return found, err
}

func (p trafficPolicy) modes() []string {
	var modes []string
	if p.TLS.Mode != "" {
		modes = append(modes, p.TLS.Mode)
	}
	for _, port := range p.Ports {
		if port.TLS.Mode != "" {
			modes = append(modes, port.TLS.Mode)
		}
	}
	return modes
}
