// Package dns installs external-dns, which keeps the one name under which
// CloudFront finds the load balancer: the address of a load balancer is known
// only after Kubernetes has made it.
//
// The names that people use point at CloudFront and are the edge's.
package dns

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// Args describes external-dns.
type Args struct {
	// Namespace is where it is installed.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role that may change records of the zone.
	RoleARN pulumi.StringInput
	// ZoneID is the Route 53 zone.
	ZoneID pulumi.StringInput
	// Domain is the name that it keeps, and names below it; no other of the
	// zone.
	Domain string
	// Owner marks its records, so that the external-dns of another cluster
	// leaves them alone, and it theirs.
	Owner string
	// Region is where the AWS APIs are called.
	Region string
}

// DNS is external-dns.
type DNS struct {
	pulumi.ResourceState
	component.Parts

	// Controller is the release. Services with a name depend on it, so that on
	// destroy they go first and it has the time to take their records away.
	Controller pulumi.Resource
}

// New installs external-dns.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*DNS, error) {
	d := &DNS{}
	err := component.Register(ctx, "gatehouse:kubernetes:DNS", name, d, func(child pulumi.ResourceOption) error {
		controller, err := release.New(ctx, name, release.Args{
			Chart: "external-dns", Namespace: args.Namespace, Values: values(args),
		}, child)
		d.Controller = controller
		return err
	}, opts...)
	return d, err
}

// chart are the values of the chart that differ from its own. Its defaults
// already are what the restricted Pod Security Standard asks.
type chart struct {
	FullnameOverride   string             `json:"fullnameOverride"`
	CommonLabels       map[string]string  `json:"commonLabels"`
	PodLabels          map[string]string  `json:"podLabels"`
	ServiceAccount     serviceAccount     `json:"serviceAccount"`
	Provider           provider           `json:"provider"`
	Env                []variable         `json:"env"`
	Sources            []string           `json:"sources"`
	Policy             string             `json:"policy"`
	Registry           string             `json:"registry"`
	TXTOwnerID         string             `json:"txtOwnerId"`
	TXTPrefix          string             `json:"txtPrefix"`
	DomainFilters      []string           `json:"domainFilters"`
	ManagedRecordTypes []string           `json:"managedRecordTypes"`
	TriggerLoopOnEvent bool               `json:"triggerLoopOnEvent"`
	Interval           string             `json:"interval"`
	LogFormat          string             `json:"logFormat"`
	ExtraArgs          pulumi.StringArray `json:"extraArgs"`
	Resources          release.Resources  `json:"resources"`
	PriorityClassName  string             `json:"priorityClassName"`
}

type serviceAccount struct {
	Name        string           `json:"name"`
	Annotations pulumi.StringMap `json:"annotations"`
}

type provider struct {
	Name string `json:"name"`
}

type variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func values(args Args) chart {
	podLabels := release.Labels(args.Labels)
	// Outside the mesh: it speaks to AWS and the API server alone.
	podLabels["sidecar.istio.io/inject"] = "false"
	return chart{
		FullnameOverride: "external-dns",
		CommonLabels:     release.Labels(args.Labels),
		PodLabels:        podLabels,
		ServiceAccount: serviceAccount{
			Name:        "external-dns",
			Annotations: pulumi.StringMap{release.RoleAnnotation: args.RoleARN},
		},
		Provider: provider{Name: "aws"},
		Env:      []variable{{Name: "AWS_DEFAULT_REGION", Value: args.Region}},
		// Services only: the hosts of Ingresses are names of CloudFront.
		Sources: []string{"service"},
		// A name whose Service is gone is taken away; the owner's mark keeps
		// that from touching anybody else's.
		Policy:             "sync",
		Registry:           "txt",
		TXTOwnerID:         args.Owner,
		TXTPrefix:          "external-dns-%{record_type}.",
		DomainFilters:      []string{args.Domain},
		ManagedRecordTypes: []string{"A", "AAAA", "CNAME"},
		TriggerLoopOnEvent: true,
		Interval:           "1m",
		LogFormat:          "json",
		ExtraArgs: pulumi.StringArray{
			pulumi.Sprintf("--zone-id-filter=%s", args.ZoneID),
			// The zone is above the one name.
			pulumi.String("--aws-zone-match-parent"),
			pulumi.String("--service-type-filter=LoadBalancer"),
		},
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "20m", Memory: "64Mi"},
			Limits:   release.Quantities{CPU: "200m", Memory: "256Mi"},
		},
		PriorityClassName: "gatehouse-standard",
	}
}
