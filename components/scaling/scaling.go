// Package scaling installs the cluster autoscaler, which adds nodes for pods
// that find no place and takes away those that nobody needs.
//
// The node groups and their bounds are package nodes'; the number of pods is
// that of each workload.
package scaling

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// Args describes the autoscaler.
type Args struct {
	// Namespace is where it is installed: kube-system, where its role is
	// trusted.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role that may move the node groups' size.
	RoleARN pulumi.StringInput
	// ClusterName is the cluster, by whose tag the groups are found.
	ClusterName pulumi.StringInput
	Region      string
}

// Scaling is the autoscaler.
type Scaling struct {
	pulumi.ResourceState
	component.Parts
}

// New installs the autoscaler.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Scaling, error) {
	s := &Scaling{}
	err := component.Register(ctx, "gatehouse:kubernetes:Scaling", name, s, func(child pulumi.ResourceOption) error {
		_, err := release.New(ctx, name, release.Args{
			Chart: "cluster-autoscaler", Namespace: args.Namespace, Values: values(args),
		}, child)
		return err
	}, opts...)
	return s, err
}

// chart are the values of the chart that differ from its own.
type chart struct {
	FullnameOverride          string                    `json:"fullnameOverride"`
	CloudProvider             string                    `json:"cloudProvider"`
	AWSRegion                 string                    `json:"awsRegion"`
	AutoDiscovery             discovery                 `json:"autoDiscovery"`
	AdditionalLabels          map[string]string         `json:"additionalLabels"`
	RBAC                      rbac                      `json:"rbac"`
	ExtraArgs                 arguments                 `json:"extraArgs"`
	ReplicaCount              int                       `json:"replicaCount"`
	Resources                 release.Resources         `json:"resources"`
	SecurityContext           release.PodSecurity       `json:"securityContext"`
	ContainerSecurityContext  release.ContainerSecurity `json:"containerSecurityContext"`
	PriorityClassName         string                    `json:"priorityClassName"`
	PodDisruptionBudget       budget                    `json:"podDisruptionBudget"`
	TopologySpreadConstraints []release.Spread          `json:"topologySpreadConstraints"`
	NodeSelector              map[string]string         `json:"nodeSelector"`
}

type discovery struct {
	ClusterName pulumi.StringInput `json:"clusterName"`
	// Tags are Go templates of the chart; EKS puts both tags on the scaling
	// groups of managed node groups.
	Tags []string `json:"tags"`
}

type rbac struct {
	ServiceAccount serviceAccount `json:"serviceAccount"`
}

type serviceAccount struct {
	Name        string           `json:"name"`
	Annotations pulumi.StringMap `json:"annotations"`
}

type budget struct {
	MaxUnavailable int `json:"maxUnavailable"`
}

// arguments are the autoscaler's own (Cluster Autoscaler FAQ, "What are the
// parameters to CA?").
type arguments struct {
	LogToStderr bool `json:"logtostderr"`
	Verbosity   int  `json:"v"`
	// Expander chooses among groups that would all do.
	Expander string `json:"expander"`
	// BalanceSimilarNodeGroups keeps zones even.
	BalanceSimilarNodeGroups bool `json:"balance-similar-node-groups"`
	// SkipNodesWithLocalStorage false: emptyDirs are scratch here, and every
	// pod has one.
	SkipNodesWithLocalStorage bool `json:"skip-nodes-with-local-storage"`
	// SkipNodesWithSystemPods false: what runs in kube-system has disruption
	// budgets.
	SkipNodesWithSystemPods bool `json:"skip-nodes-with-system-pods"`
	// A node goes when it is less than half used for ten minutes, and none has
	// come for ten: an installation that comes in bursts keeps its nodes.
	ScaleDownUtilizationThreshold string `json:"scale-down-utilization-threshold"`
	ScaleDownUnneededTime         string `json:"scale-down-unneeded-time"`
	ScaleDownDelayAfterAdd        string `json:"scale-down-delay-after-add"`
	MaxGracefulTerminationSec     int    `json:"max-graceful-termination-sec"`
	MaxNodeProvisionTime          string `json:"max-node-provision-time"`
}

func values(args Args) chart {
	return chart{
		FullnameOverride: "cluster-autoscaler",
		CloudProvider:    "aws",
		AWSRegion:        args.Region,
		AutoDiscovery: discovery{
			ClusterName: args.ClusterName,
			Tags: []string{
				"k8s.io/cluster-autoscaler/enabled",
				"k8s.io/cluster-autoscaler/{{ .Values.autoDiscovery.clusterName }}",
			},
		},
		AdditionalLabels: release.Labels(args.Labels),
		RBAC: rbac{ServiceAccount: serviceAccount{
			Name:        "cluster-autoscaler",
			Annotations: pulumi.StringMap{release.RoleAnnotation: args.RoleARN},
		}},
		ExtraArgs: arguments{
			LogToStderr: true, Verbosity: 2,
			Expander:                      "least-waste",
			BalanceSimilarNodeGroups:      true,
			ScaleDownUtilizationThreshold: "0.5",
			ScaleDownUnneededTime:         "10m",
			ScaleDownDelayAfterAdd:        "10m",
			// The ingress controller drains for five minutes.
			MaxGracefulTerminationSec: 600,
			MaxNodeProvisionTime:      "15m",
		},
		ReplicaCount: 2, // one leads
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "100m", Memory: "300Mi"},
			Limits:   release.Quantities{CPU: "500m", Memory: "600Mi"},
		},
		SecurityContext:          release.RestrictedPod(65534),
		ContainerSecurityContext: release.RestrictedContainer(),
		PriorityClassName:        "system-cluster-critical",
		PodDisruptionBudget:      budget{MaxUnavailable: 1},
		TopologySpreadConstraints: release.OverZones(map[string]string{
			"app.kubernetes.io/name": "aws-cluster-autoscaler", "app.kubernetes.io/instance": "cluster-autoscaler",
		}),
		// On nodes that it does not take away under itself.
		NodeSelector: map[string]string{"gatehouse/pool": "system"},
	}
}
