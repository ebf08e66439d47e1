package config

import (
	"maps"
	"slices"
)

// Quota is the ResourceQuota of a namespace: the sums over all of its pods.
type Quota struct {
	// RequestsCPU is the sum of requested CPU.
	RequestsCPU CPU `yaml:"requestsCpu"`
	// RequestsMemory is the sum of requested memory.
	RequestsMemory Memory `yaml:"requestsMemory"`
	// LimitsCPU is the sum of CPU limits.
	LimitsCPU CPU `yaml:"limitsCpu"`
	// LimitsMemory is the sum of memory limits.
	LimitsMemory Memory `yaml:"limitsMemory"`
	// Pods is the number of pods.
	Pods int `yaml:"pods" jsonschema:"minimum=1,maximum=5000"`
	// PersistentVolumeClaims is the number of volume claims.
	PersistentVolumeClaims int `yaml:"persistentVolumeClaims" jsonschema:"minimum=0,maximum=1000,default=10"`
	// LoadBalancers is the number of Services of type LoadBalancer.
	LoadBalancers int `yaml:"loadBalancers" jsonschema:"minimum=0,maximum=50,default=0"`
}

// defaultQuotas are the quotas of the namespaces that an environment has. That
// of developer-portal is the readiness guide's (Kubernetes Cluster); the others
// leave about half free above what runs there, sidecars and a rolling update
// included.
func defaultQuotas() map[string]Quota {
	return map[string]Quota{
		"developer-portal": {
			RequestsCPU: "20", RequestsMemory: "40Gi", LimitsCPU: "40", LimitsMemory: "80Gi",
			Pods: 50, PersistentVolumeClaims: 10, LoadBalancers: 3,
		},
		"backstage": {
			RequestsCPU: "20", RequestsMemory: "40Gi", LimitsCPU: "60", LimitsMemory: "100Gi",
			Pods: 60, PersistentVolumeClaims: 10,
		},
		"ingress": {
			RequestsCPU: "8", RequestsMemory: "8Gi", LimitsCPU: "24", LimitsMemory: "24Gi",
			Pods: 30, LoadBalancers: 1,
		},
		"cert-manager":     {RequestsCPU: "2", RequestsMemory: "2Gi", LimitsCPU: "8", LimitsMemory: "8Gi", Pods: 15},
		"external-secrets": {RequestsCPU: "2", RequestsMemory: "2Gi", LimitsCPU: "8", LimitsMemory: "8Gi", Pods: 15},
		"mesh":             {RequestsCPU: "4", RequestsMemory: "8Gi", LimitsCPU: "16", LimitsMemory: "24Gi", Pods: 15},
		"monitoring": {
			RequestsCPU: "16", RequestsMemory: "48Gi", LimitsCPU: "48", LimitsMemory: "96Gi",
			Pods: 80, PersistentVolumeClaims: 12,
		},
		// One pod a node.
		"logging": {RequestsCPU: "10", RequestsMemory: "10Gi", LimitsCPU: "30", LimitsMemory: "30Gi", Pods: 60},
	}
}

// Namespaces are the namespaces that an environment makes, sorted.
func Namespaces() []string { return slices.Sorted(maps.Keys(defaultQuotas())) }

// Quota is the quota of a namespace: the configured one, or the default. The
// zero Quota is that of a namespace that the environment does not make.
func (p Platform) Quota(namespace string) Quota {
	if quota, ok := p.Quotas[namespace]; ok {
		return quota
	}
	return defaultQuotas()[namespace]
}
