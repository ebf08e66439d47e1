package certificates

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/manifest"
)

// The life of a certificate: Let's Encrypt's is 90 days. It is renewed 30 days
// before its end, which leaves that long to mend what keeps it from being
// renewed.
const (
	lifetime    = "2160h" // 90 days
	renewBefore = "720h"  // 30 days
)

// CertificateArgs is a certificate to ask for.
type CertificateArgs struct {
	// Name is the name of the Certificate and of the Secret that it fills.
	Name string
	// Namespace is where both lie.
	Namespace pulumi.StringInput
	// Labels say whose they are.
	Labels map[string]string
	// Issuer is who is asked.
	Issuer Issuer
	// Hosts are the names, the first of them the common one.
	Hosts []string
}

type certificateSpec struct {
	SecretName           string         `json:"secretName"`
	SecretTemplate       secretTemplate `json:"secretTemplate"`
	DNSNames             []string       `json:"dnsNames"`
	Duration             string         `json:"duration"`
	RenewBefore          string         `json:"renewBefore"`
	PrivateKey           privateKey     `json:"privateKey"`
	RevisionHistoryLimit int            `json:"revisionHistoryLimit"`
	IssuerRef            ref            `json:"issuerRef"`
}

type secretTemplate struct {
	Labels map[string]string `json:"labels"`
}

type privateKey struct {
	Algorithm      string `json:"algorithm"`
	Size           int    `json:"size"`
	RotationPolicy string `json:"rotationPolicy"`
}

// NewCertificate asks for a certificate. Each renewal makes a new key.
func NewCertificate(ctx *pulumi.Context, name string, args CertificateArgs, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	return manifest.New(ctx, name, manifest.Args{
		APIVersion: "cert-manager.io/v1", Kind: "Certificate",
		Name: args.Name, Namespace: args.Namespace, Labels: args.Labels,
		Spec: certificateSpec{
			SecretName: args.Name, SecretTemplate: secretTemplate{Labels: args.Labels},
			DNSNames: args.Hosts, Duration: lifetime, RenewBefore: renewBefore,
			PrivateKey:           privateKey{Algorithm: "ECDSA", Size: 256, RotationPolicy: "Always"},
			RevisionHistoryLimit: 3,
			IssuerRef:            ref{Name: string(args.Issuer), Kind: "ClusterIssuer"},
		},
	}, opts...)
}
