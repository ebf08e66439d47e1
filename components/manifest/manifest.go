// Package manifest makes custom resources: objects of the kinds that the
// platform's charts bring, of which Pulumi's SDK has no types. Their specs are
// Go types with json tags; the API server checks them against the kind's schema.
//
// What a custom resource says lives with the concern that needs it.
package manifest

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args is one custom resource.
type Args struct {
	// APIVersion and Kind are those of the object, e.g.
	// "monitoring.coreos.com/v1" and "ServiceMonitor".
	APIVersion, Kind string
	// Name is the object's name, Namespace where it lies; nil for kinds of the
	// whole cluster.
	Name      string
	Namespace pulumi.StringInput
	// Labels say whose it is; Annotations may be nil.
	Labels, Annotations map[string]string
	// Spec is a struct with json tags, or a map; see [component.Inputs].
	Spec any
}

// New makes the custom resource.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*apiextensions.CustomResource, error) {
	metadata := metav1.ObjectMetaArgs{
		Name: pulumi.String(args.Name), Labels: pulumi.ToStringMap(args.Labels),
	}
	if args.Namespace != nil {
		metadata.Namespace = args.Namespace.ToStringOutput().ToStringPtrOutput()
	}
	if len(args.Annotations) > 0 {
		metadata.Annotations = pulumi.ToStringMap(args.Annotations)
	}
	return apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(args.APIVersion), Kind: pulumi.String(args.Kind), Metadata: metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": component.Inputs(args.Spec)},
	}, opts...)
}
