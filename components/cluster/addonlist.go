package cluster

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// NodeAddons must be there before the first node joins: pods that start before
// prefix delegation is on keep nodes at few addresses, and a node without a
// network is never Ready. cniRoleARN is the role of aws-node.
func NodeAddons(cniRoleARN pulumi.StringInput) []Addon {
	return []Addon{
		{Name: "vpc-cni", RoleARN: cniRoleARN, Values: vpcCNIValues{
			EnableNetworkPolicy: "true",
			Env:                 vpcCNIEnv{PrefixDelegation: "true", WarmPrefixTarget: "1"},
		}},
		{Name: "kube-proxy"},
		{Name: "eks-pod-identity-agent"},
	}
}

// WorkloadAddons need nodes to become healthy. The roles are those of the
// storage drivers; tags are put on the volumes that the EBS driver makes,
// which the provider's default tags do not reach.
func WorkloadAddons(ebsRoleARN, efsRoleARN pulumi.StringInput, tags map[string]string) []Addon {
	return []Addon{
		{Name: "coredns", Values: corednsValues{
			AutoScaling: corednsScaling{Enabled: true, MinReplicas: 2, MaxReplicas: 10},
		}},
		{Name: "aws-ebs-csi-driver", RoleARN: ebsRoleARN, Values: ebsValues{
			Controller: ebsController{ExtraVolumeTags: tags},
		}},
		{Name: "aws-efs-csi-driver", RoleARN: efsRoleARN},
		{Name: "metrics-server", Values: metricsServerValues{Replicas: 2}},
	}
}

// The add-ons' values, as far as we set them. Their schemas are shown by `aws
// eks describe-addon-configuration`.
type (
	vpcCNIValues struct {
		// EnableNetworkPolicy is text in the add-on's schema. Without it,
		// NetworkPolicies are accepted and not enforced.
		EnableNetworkPolicy string    `json:"enableNetworkPolicy"`
		Env                 vpcCNIEnv `json:"env"`
	}
	vpcCNIEnv struct {
		// PrefixDelegation gives a node /28 prefixes instead of single
		// addresses, so that small nodes hold as many pods as they can run.
		PrefixDelegation string `json:"ENABLE_PREFIX_DELEGATION"`
		// WarmPrefixTarget is how many prefixes are held in reserve.
		WarmPrefixTarget string `json:"WARM_PREFIX_TARGET"`
	}
	corednsValues struct {
		AutoScaling corednsScaling `json:"autoScaling"`
	}
	corednsScaling struct {
		Enabled     bool `json:"enabled"`
		MinReplicas int  `json:"minReplicas"`
		MaxReplicas int  `json:"maxReplicas"`
	}
	ebsValues struct {
		Controller ebsController `json:"controller"`
	}
	ebsController struct {
		ExtraVolumeTags map[string]string `json:"extraVolumeTags,omitempty"`
	}
	metricsServerValues struct {
		Replicas int `json:"replicas"`
	}
)
