package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// BalancersArgs describes the AWS load balancer controller.
type BalancersArgs struct {
	// Namespace is where it is installed: kube-system, where its role is
	// trusted.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role that may make load balancers.
	RoleARN pulumi.StringInput
	// ClusterName is the cluster, whose tag is on all that it makes; Region and
	// VPCID are where that lies.
	ClusterName, VPCID pulumi.StringInput
	Region             string
	// Tags are put on load balancers and what belongs to them.
	Tags map[string]string
	// After is what must be there first: cert-manager, which makes the
	// certificate of its webhook.
	After []pulumi.Resource
}

// Balancers is the AWS load balancer controller, which makes a network load
// balancer for a Service that asks for one.
type Balancers struct {
	pulumi.ResourceState
	component.Parts

	// Controller is the release. Services of type LoadBalancer depend on it, or
	// a destroy leaves their load balancers behind.
	Controller pulumi.Resource
}

// NewBalancers installs the controller.
func NewBalancers(ctx *pulumi.Context, name string, args BalancersArgs, opts ...pulumi.ResourceOption) (*Balancers, error) {
	b := &Balancers{}
	err := component.Register(ctx, "gatehouse:kubernetes:Balancers", name, b, func(child pulumi.ResourceOption) error {
		controller, err := release.New(ctx, name, release.Args{
			Chart: "aws-load-balancer-controller", Namespace: args.Namespace, Values: balancers(args),
		}, child, component.DependsOn(args.After...))
		b.Controller = controller
		return err
	}, opts...)
	return b, err
}

// balancersChart are the values of the chart that differ from its own.
type balancersChart struct {
	FullnameOverride  string             `json:"fullnameOverride"`
	ClusterName       pulumi.StringInput `json:"clusterName"`
	Region            string             `json:"region"`
	VPCID             pulumi.StringInput `json:"vpcId"`
	ReplicaCount      int                `json:"replicaCount"`
	ServiceAccount    serviceAccount     `json:"serviceAccount"`
	AdditionalLabels  map[string]string  `json:"additionalLabels"`
	DefaultTags       map[string]string  `json:"defaultTags"`
	EnableCertManager bool               `json:"enableCertManager"`
	// CloudFront has the firewall and Shield; the controller's role may not
	// touch either.
	EnableShield bool `json:"enableShield"`
	EnableWAF    bool `json:"enableWaf"`
	EnableWAFv2  bool `json:"enableWafv2"`
	// Ingresses are nginx's. A Service asks for a load balancer by its class.
	CreateIngressClassResource  bool                      `json:"createIngressClassResource"`
	IngressClassParams          created                   `json:"ingressClassParams"`
	EnableServiceMutatorWebhook bool                      `json:"enableServiceMutatorWebhook"`
	PodSecurityContext          release.PodSecurity       `json:"podSecurityContext"`
	SecurityContext             release.ContainerSecurity `json:"securityContext"`
	Resources                   release.Resources         `json:"resources"`
	PriorityClassName           string                    `json:"priorityClassName"`
	PodDisruptionBudget         maxUnavailable            `json:"podDisruptionBudget"`
}

type serviceAccount struct {
	Name        string           `json:"name"`
	Annotations pulumi.StringMap `json:"annotations,omitempty"`
}

type created struct {
	Create bool `json:"create"`
}

type maxUnavailable struct {
	MaxUnavailable int `json:"maxUnavailable"`
}

func balancers(args BalancersArgs) balancersChart {
	return balancersChart{
		FullnameOverride: "aws-load-balancer-controller",
		ClusterName:      args.ClusterName,
		// Pods cannot ask the nodes' metadata service for either.
		Region:       args.Region,
		VPCID:        args.VPCID,
		ReplicaCount: 2,
		ServiceAccount: serviceAccount{
			Name:        "aws-load-balancer-controller",
			Annotations: pulumi.StringMap{release.RoleAnnotation: args.RoleARN},
		},
		AdditionalLabels:   release.Labels(args.Labels),
		DefaultTags:        args.Tags,
		EnableCertManager:  true, // or each rendering makes a new certificate
		PodSecurityContext: release.RestrictedPod(65534),
		SecurityContext:    release.RestrictedContainer(),
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "100m", Memory: "128Mi"},
			Limits:   release.Quantities{CPU: "500m", Memory: "512Mi"},
		},
		PriorityClassName:   "system-cluster-critical",
		PodDisruptionBudget: maxUnavailable{MaxUnavailable: 1},
	}
}
