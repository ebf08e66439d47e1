// Package externalsecret brings secrets into the cluster: the External Secrets
// operator, which copies entries of a store into Kubernetes Secrets, the stores
// that it may read, one component a Secret, and Reloader, which rolls the pods
// of a Secret that changed.
//
// No value is seen here: not by the program and not in Pulumi's state. The
// entries themselves are made by package secretstore.
package externalsecret

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// OperatorArgs describes the operator.
type OperatorArgs struct {
	// Namespace is where it is installed.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role that may read the environment's entries.
	RoleARN pulumi.StringInput
}

// Operator is the operator and Reloader.
type Operator struct {
	pulumi.ResourceState
	component.Parts

	// Controller brings the kinds of custom resources and acts on them.
	Controller pulumi.Resource
}

// account is the service account of the operator, by whose tokens it
// authenticates to the stores.
const account = "external-secrets"

// NewOperator installs both.
func NewOperator(ctx *pulumi.Context, name string, args OperatorArgs, opts ...pulumi.ResourceOption) (*Operator, error) {
	o := &Operator{}
	err := component.Register(ctx, "gatehouse:kubernetes:ExternalSecrets", name, o, func(child pulumi.ResourceOption) error {
		controller, err := release.New(ctx, name, release.Args{
			Chart: "external-secrets", Namespace: args.Namespace, Values: operator(args),
		}, child)
		if err != nil {
			return err
		}
		o.Controller = controller
		_, err = release.New(ctx, name+"-reloader", release.Args{
			Chart: "reloader", Namespace: args.Namespace, Values: reloader(args),
		}, child)
		return err
	}, opts...)
	return o, err
}

// operatorChart are the values of the chart that differ from its own. Its
// defaults already are what the restricted Pod Security Standard asks.
type operatorChart struct {
	FullnameOverride         string            `json:"fullnameOverride"`
	CommonLabels             map[string]string `json:"commonLabels"`
	InstallCRDs              bool              `json:"installCRDs"`
	LeaderElect              bool              `json:"leaderElect"`
	ProcessPushSecret        bool              `json:"processPushSecret"`
	ProcessClusterPushSecret bool              `json:"processClusterPushSecret"`
	ProcessClusterStore      bool              `json:"processClusterStore"`
	ProcessClusterExternal   bool              `json:"processClusterExternalSecret"`
	RBAC                     rbac              `json:"rbac"`
	ServiceAccount           serviceAccount    `json:"serviceAccount"`
	operatorPart
	Webhook        operatorPart `json:"webhook"`
	CertController operatorPart `json:"certController"`
}

type rbac struct {
	ServiceBindings switchable `json:"servicebindings"`
	// AggregateToView and AggregateToEdit would let everybody with the
	// cluster-wide view and edit roles do the same to external secrets.
	AggregateToView bool `json:"aggregateToView"`
	AggregateToEdit bool `json:"aggregateToEdit"`
}

type switchable struct {
	Create bool `json:"create"`
}

type serviceAccount struct {
	Name        string           `json:"name"`
	Annotations pulumi.StringMap `json:"annotations"`
}

// operatorPart is one of the three programs.
type operatorPart struct {
	ReplicaCount              int               `json:"replicaCount"`
	PodDisruptionBudget       budget            `json:"podDisruptionBudget"`
	Resources                 release.Resources `json:"resources"`
	PriorityClassName         string            `json:"priorityClassName"`
	TopologySpreadConstraints []release.Spread  `json:"topologySpreadConstraints"`
	Metrics                   metrics           `json:"metrics"`
	Log                       log               `json:"log"`
}

type budget struct {
	Enabled      bool `json:"enabled"`
	MinAvailable int  `json:"minAvailable"`
}

type metrics struct {
	Service enabled `json:"service"`
}

type enabled struct {
	Enabled bool `json:"enabled"`
}

type log struct {
	TimeEncoding string `json:"timeEncoding"`
}

func operator(args OperatorArgs) operatorChart {
	return operatorChart{
		FullnameOverride: "external-secrets",
		CommonLabels:     release.Labels(args.Labels),
		InstallCRDs:      true,
		LeaderElect:      true,
		// Nothing in the cluster writes to a store, and every ExternalSecret
		// is of one namespace.
		ProcessPushSecret:        false,
		ProcessClusterPushSecret: false,
		ProcessClusterStore:      true,
		ProcessClusterExternal:   false,
		RBAC:                     rbac{},
		ServiceAccount: serviceAccount{
			Name:        account,
			Annotations: pulumi.StringMap{release.RoleAnnotation: args.RoleARN},
		},
		operatorPart:   operatorReplicas("external-secrets"),
		Webhook:        operatorReplicas("external-secrets-webhook"),
		CertController: operatorReplicas("external-secrets-cert-controller"),
	}
}

func operatorReplicas(app string) operatorPart {
	return operatorPart{
		ReplicaCount:        2,
		PodDisruptionBudget: budget{Enabled: true, MinAvailable: 1},
		Resources: release.Resources{
			Requests: release.Quantities{CPU: "20m", Memory: "64Mi"},
			Limits:   release.Quantities{CPU: "200m", Memory: "256Mi"},
		},
		PriorityClassName:         "system-cluster-critical",
		TopologySpreadConstraints: release.OverZones(map[string]string{"app.kubernetes.io/name": app}),
		Metrics:                   metrics{Service: enabled{Enabled: true}},
		Log:                       log{TimeEncoding: "iso8601"},
	}
}
