// Package certificates installs cert-manager and the ACME issuers that prove
// names by DNS, and asks for certificates.
//
// The certificates of CloudFront are ACM's (package certificate); those between
// workloads are the mesh's.
package certificates

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/manifest"
	"gatehouse/components/release"
)

// Args describes cert-manager.
type Args struct {
	// Namespace is where it is installed.
	Namespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// RoleARN is the IAM role that may answer challenges in the zone.
	RoleARN pulumi.StringInput
	// Contact is the e-mail address that the authority warns before a
	// certificate ends that was not renewed.
	Contact string
	// ZoneID is the Route 53 zone of the names, Region where its API is called.
	ZoneID pulumi.StringInput
	Region string
}

// Certificates is cert-manager with its issuers.
type Certificates struct {
	pulumi.ResourceState
	component.Parts

	// Controller is the release: it brings the kinds of custom resources.
	Controller pulumi.Resource
	// Issuers are what certificates depend on.
	Issuers []pulumi.Resource
}

// New installs cert-manager and makes both issuers.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Certificates, error) {
	c := &Certificates{}
	err := component.Register(ctx, "gatehouse:kubernetes:Certificates", name, c, func(child pulumi.ResourceOption) error {
		controller, err := release.New(ctx, name, release.Args{
			Chart: "cert-manager", Namespace: args.Namespace, Values: values(args),
		}, child)
		if err != nil {
			return err
		}
		c.Controller = controller
		for _, issuer := range []Issuer{LetsEncrypt, LetsEncryptStaging} {
			made, err := newIssuer(ctx, name, issuer, args, child, component.DependsOn(controller))
			if err != nil {
				return err
			}
			c.Issuers = append(c.Issuers, made)
		}
		return nil
	}, opts...)
	return c, err
}

// Issuer is the name of a ClusterIssuer.
type Issuer string

// The issuers. That of the staging environment of Let's Encrypt has generous
// rate limits and is trusted by no browser.
const (
	LetsEncrypt        Issuer = "letsencrypt"
	LetsEncryptStaging Issuer = "letsencrypt-staging"
)

// directory is the ACME directory of the issuer (Let's Encrypt documentation).
func (i Issuer) directory() string {
	if i == LetsEncryptStaging {
		return "https://acme-staging-v02.api.letsencrypt.org/directory"
	}
	return "https://acme-v02.api.letsencrypt.org/directory"
}

type issuerSpec struct {
	ACME acme `json:"acme"`
}

type acme struct {
	Server              string   `json:"server"`
	Email               string   `json:"email"`
	PrivateKeySecretRef ref      `json:"privateKeySecretRef"`
	Solvers             []solver `json:"solvers"`
}

type ref struct {
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
}

type solver struct {
	DNS01 struct {
		Route53 route53 `json:"route53"`
	} `json:"dns01"`
}

type route53 struct {
	Region       string             `json:"region"`
	HostedZoneID pulumi.StringInput `json:"hostedZoneID"`
}

// newIssuer makes an issuer that proves names by DNS. The challenge over HTTP
// would need the portal to be reachable around CloudFront.
func newIssuer(ctx *pulumi.Context, name string, issuer Issuer, args Args, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	var prove solver
	// No role and no key: the controller's own role, by its service account.
	prove.DNS01.Route53 = route53{Region: args.Region, HostedZoneID: args.ZoneID}
	return manifest.New(ctx, name+"-"+string(issuer), manifest.Args{
		APIVersion: "cert-manager.io/v1", Kind: "ClusterIssuer", Name: string(issuer), Labels: args.Labels,
		Spec: issuerSpec{ACME: acme{
			Server: issuer.directory(), Email: args.Contact,
			PrivateKeySecretRef: ref{Name: string(issuer) + "-account"},
			Solvers:             []solver{prove},
		}},
	}, opts...)
}
