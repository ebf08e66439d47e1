package externalsecret

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/manifest"
)

// Backend is where the environment's entries are kept: [SecretsManager] or
// [Vault], and nothing else.
type Backend interface {
	// provider is the backend as the operator wants it told.
	provider(namespace pulumi.StringInput) any
	// remote says where an entry is.
	remote(entry Entry) remoteRef
}

// SecretsManager keeps entries in AWS Secrets Manager, named PREFIX/NAME. An
// entry is plain text, or a JSON object with properties.
type SecretsManager struct {
	Region string
	// Prefix is the environment's; see package secretstore.
	Prefix string
}

// Vault keeps entries in HashiCorp Vault, in a version 2 key-value engine, as
// PREFIX/NAME. An entry that is one text has it under the key "value".
type Vault struct {
	// Address is the URL of the server.
	Address string
	// Path is where the key-value engine is mounted, e.g. "secret".
	Path string
	// MountPath is where the Kubernetes login is mounted, below auth/, and Role
	// its role for the operator's service account.
	MountPath, Role string
	// Prefix is the environment's.
	Prefix string
}

// StoreArgs is a ClusterSecretStore.
type StoreArgs struct {
	// Name is its name in the cluster.
	Name string
	// OperatorNamespace is where the operator's service account lies.
	OperatorNamespace pulumi.StringInput
	// Labels say whose it is.
	Labels map[string]string
	// Backend is what it reads.
	Backend Backend
	// Namespaces are those that may use it; no other can.
	Namespaces []string
}

type storeSpec struct {
	Provider        any              `json:"provider"`
	Conditions      []storeCondition `json:"conditions"`
	RefreshInterval int              `json:"refreshInterval"`
}

type storeCondition struct {
	Namespaces []string `json:"namespaces"`
}

// storeCheckSeconds is how often the operator asks whether a store answers.
const storeCheckSeconds = 300

// NewStore makes the store. It depends on the operator, by an option.
func NewStore(ctx *pulumi.Context, name string, args StoreArgs, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	return manifest.New(ctx, name, manifest.Args{
		APIVersion: apiVersion, Kind: "ClusterSecretStore", Name: args.Name, Labels: args.Labels,
		Spec: storeSpec{
			Provider:        args.Backend.provider(args.OperatorNamespace),
			Conditions:      []storeCondition{{Namespaces: args.Namespaces}},
			RefreshInterval: storeCheckSeconds,
		},
	}, opts...)
}

const apiVersion = "external-secrets.io/v1"

type awsProvider struct {
	AWS struct {
		Service string  `json:"service"`
		Region  string  `json:"region"`
		Auth    awsAuth `json:"auth"`
	} `json:"aws"`
}

type awsAuth struct {
	JWT accountAuth `json:"jwt"`
}

type accountAuth struct {
	ServiceAccountRef accountRef `json:"serviceAccountRef"`
}

type accountRef struct {
	Name      string             `json:"name"`
	Namespace pulumi.StringInput `json:"namespace"`
}

func (s SecretsManager) provider(namespace pulumi.StringInput) any {
	var p awsProvider
	p.AWS.Service, p.AWS.Region = "SecretsManager", s.Region
	p.AWS.Auth.JWT.ServiceAccountRef = accountRef{Name: account, Namespace: namespace}
	return p
}

func (s SecretsManager) remote(entry Entry) remoteRef {
	return remoteRef{Key: pulumi.String(s.Prefix + "/" + entry.From), Property: entry.Property}
}

type vaultProvider struct {
	Vault struct {
		Server  string    `json:"server"`
		Path    string    `json:"path"`
		Version string    `json:"version"`
		Auth    vaultAuth `json:"auth"`
	} `json:"vault"`
}

type vaultAuth struct {
	Kubernetes vaultKubernetes `json:"kubernetes"`
}

type vaultKubernetes struct {
	MountPath         string     `json:"mountPath"`
	Role              string     `json:"role"`
	ServiceAccountRef accountRef `json:"serviceAccountRef"`
}

func (v Vault) provider(namespace pulumi.StringInput) any {
	var p vaultProvider
	p.Vault.Server, p.Vault.Path, p.Vault.Version = v.Address, v.Path, "v2"
	p.Vault.Auth.Kubernetes = vaultKubernetes{
		MountPath: v.MountPath, Role: v.Role, ServiceAccountRef: accountRef{Name: account, Namespace: namespace},
	}
	return p
}

func (v Vault) remote(entry Entry) remoteRef {
	property := entry.Property
	if property == "" {
		property = "value"
	}
	return remoteRef{Key: pulumi.String(v.Prefix + "/" + entry.From), Property: property}
}
