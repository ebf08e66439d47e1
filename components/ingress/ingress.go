// Package ingress installs what lets the internet in: the AWS load balancer
// controller, and ingress-nginx behind a network load balancer that only
// CloudFront reaches. It also makes Ingresses, with the rules that every route
// of the portal has.
//
// Which routes there are is the stack's business. Certificates and DNS are
// packages of their own, the firewall is the edge's.
//
// The way of a client's address: CloudFront appends it to X-Forwarded-For. The
// load balancer keeps the address of its own client, which is CloudFront's, and
// nginx believes X-Forwarded-For from CloudFront's addresses alone; it counts by
// what comes out and hands nothing else on. The proxy protocol would carry
// CloudFront's address too, but nginx can then no longer read the header, and
// every rate limit would hold for a whole edge location.
package ingress

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/release"
)

// Args describes the ingress controller.
type Args struct {
	// Namespace is where it is installed.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// Origin is the name that the load balancer is given in DNS; CloudFront
	// looks for it there.
	Origin string
	// Callers is the managed prefix list of who may call the load balancer, and
	// CallerCIDRs the addresses in it: CloudFront's, facing origins.
	Callers     pulumi.StringInput
	CallerCIDRs pulumi.StringArrayInput
	// CertificateSecret is the Secret, in Namespace, with the certificate of
	// every host.
	CertificateSecret string
	// DefaultBackend is the Service, as NAMESPACE/NAME, that answers for
	// unknown hosts and in place of errors that a route hides. It must be there
	// before the controller.
	DefaultBackend string
	// Replicas is the least number of controllers; up to three times as many
	// run under load.
	Replicas int
	// BodyLimitMiB is the largest request body.
	BodyLimitMiB int
	// HSTSMaxAgeSeconds is for how long browsers insist on HTTPS.
	HSTSMaxAgeSeconds int
	// ContentSecurityPolicy is what every answer carries, in place of a page's
	// own. Empty leaves pages their own.
	ContentSecurityPolicy string
	// After is what must be there first: the load balancer controller,
	// external-dns, the certificate and the default backend.
	After []pulumi.Resource
}

// Ingress is the ingress controller.
type Ingress struct {
	pulumi.ResourceState
	component.Parts

	// Controller is the release. Ingresses depend on it: its webhook judges
	// them.
	Controller pulumi.Resource
}

// Class is the IngressClass of the controller.
const Class = "nginx"

// New installs the controller.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Ingress, error) {
	i := &Ingress{}
	err := component.Register(ctx, "gatehouse:kubernetes:Ingress", name, i, func(child pulumi.ResourceOption) error {
		controller, err := release.New(ctx, name, release.Args{
			Chart: "ingress-nginx", Namespace: args.Namespace, Values: values(args),
		}, child, component.DependsOn(args.After...))
		i.Controller = controller
		return err
	}, opts...)
	return i, err
}
