// Package space makes a namespace that is closed from the first moment: Pod
// Security Standards enforced, its owner named, all traffic of its pods denied
// both ways, and what its pods may take bounded.
//
// Roles and the flows that a namespace opens live elsewhere.
package space

import (
	"fmt"
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Level is a Pod Security Standard.
type Level string

// The three standards, from the tightest to none at all.
const (
	Restricted Level = "restricted"
	Baseline   Level = "baseline"
	Privileged Level = "privileged"
)

// Args describes a namespace.
type Args struct {
	// Namespace is its name in the cluster.
	Namespace string
	// Enforce is the standard that its pods must meet. Warnings and audit
	// entries are always those of Restricted, so that an exception stays seen.
	Enforce Level
	// Exception says why Enforce is not Restricted; it is kept as an
	// annotation. Nothing less than Restricted goes without it.
	Exception string
	// Sidecars has Istio put its proxy into the pods. A pod that must not have
	// one says so itself.
	Sidecars bool
	// Quota bounds what the namespace takes, Containers what one container of
	// it does. A quota on limits makes limits mandatory, so that the defaults
	// of Containers are what lets a pod in that names none.
	Quota      Quota
	Containers Containers
	// Labels say whose the namespace is, e.g. owner and environment.
	Labels map[string]string
}

// Space is a namespace.
type Space struct {
	pulumi.ResourceState
	component.Parts

	// Namespace is the name; what uses it waits for the namespace.
	Namespace pulumi.StringOutput `pulumi:"namespace"`
}

// New makes a namespace.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Space, error) {
	s := &Space{}
	err := component.Register(ctx, "gatehouse:kubernetes:Space", name, s, func(child pulumi.ResourceOption) error {
		if args.Enforce != Restricted && args.Exception == "" {
			return fmt.Errorf("make namespace %s: %s pods need an exception that says why", args.Namespace, args.Enforce)
		}
		namespace, err := corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{Metadata: metadata(args)}, child)
		if err != nil {
			return err
		}
		s.Namespace = namespace.Metadata.Name().Elem()
		inside := metav1.ObjectMetaArgs{Namespace: s.Namespace, Labels: pulumi.ToStringMap(args.Labels)}
		if err := denyAll(ctx, name, inside, child); err != nil {
			return err
		}
		return bound(ctx, name, args, inside, child)
	}, opts...)
	return s, err
}

// denyAll selects every pod and allows nothing, which denies everything, both
// ways.
func denyAll(ctx *pulumi.Context, name string, metadata metav1.ObjectMetaArgs, child pulumi.ResourceOption) error {
	metadata.Name = pulumi.String("default-deny")
	_, err := networkingv1.NewNetworkPolicy(ctx, name+"-default-deny", &networkingv1.NetworkPolicyArgs{
		Metadata: metadata,
		Spec: networkingv1.NetworkPolicySpecArgs{
			PodSelector: metav1.LabelSelectorArgs{},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
		},
	}, child)
	return err
}

const (
	// exceptionAnnotation holds the reason of a level below Restricted.
	exceptionAnnotation = "gatehouse/pod-security-exception"
	// injectionLabel is what Istio's webhook selects namespaces by.
	injectionLabel = "istio-injection"
)

func metadata(args Args) metav1.ObjectMetaArgs {
	labels := maps.Clone(args.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	for mode, level := range map[string]Level{"enforce": args.Enforce, "audit": Restricted, "warn": Restricted} {
		labels["pod-security.kubernetes.io/"+mode] = string(level)
		labels["pod-security.kubernetes.io/"+mode+"-version"] = "latest"
	}
	if args.Sidecars {
		labels[injectionLabel] = "enabled"
	}
	meta := metav1.ObjectMetaArgs{Name: pulumi.String(args.Namespace), Labels: pulumi.ToStringMap(labels)}
	if args.Exception != "" {
		meta.Annotations = pulumi.StringMap{exceptionAnnotation: pulumi.String(args.Exception)}
	}
	return meta
}
