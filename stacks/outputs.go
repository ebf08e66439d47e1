package stacks

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The typed outputs of the layers. Data runs one way: a layer receives the
// outputs of the layers above it in this file and of no other.

// FoundationOutputs is what the foundation layer gives to the later ones.
type FoundationOutputs struct {
	// Keys are the ARNs of the KMS keys, one a purpose.
	Keys Keys
	// Backups, Plugins, Logs and Audit are the buckets. Plugins holds plugin
	// artefacts and the npm cache.
	Backups, Plugins, Logs, Audit Bucket
	// Repositories are the ECR repositories by short name, e.g. "websocket".
	Repositories map[string]Repository
	// SecretARNs are the Secrets Manager entries by their configured name.
	SecretARNs map[string]pulumi.StringOutput
}

// Keys are the ARNs of the customer-managed KMS keys, one a purpose, so that
// access to one kind of data never opens another.
type Keys struct {
	// Storage encrypts the buckets, Database PostgreSQL and its Performance
	// Insights, Cache Redis, Filesystem EFS, Cluster the Kubernetes secrets,
	// Volumes the nodes' disks, Secrets Secrets Manager, Logs CloudWatch Logs
	// and CloudTrail, Backup the backup vault, Registry the ECR repositories.
	Storage, Database, Cache, Filesystem, Cluster, Volumes, Secrets, Logs, Backup, Registry pulumi.StringOutput
}

// Bucket is an S3 bucket.
type Bucket struct {
	Name, ARN pulumi.StringOutput
	// Domain is the regional domain name, which CloudFront logs to.
	Domain pulumi.StringOutput
}

// Repository is an ECR repository.
type Repository struct{ ARN, URL pulumi.StringOutput }

// NetworkOutputs is what the network layer gives to the later ones.
type NetworkOutputs struct {
	VPCID pulumi.StringOutput
	// CIDR is the VPC's address range.
	CIDR string
	// Public, Private and Data are subnet IDs in the order of the zones' names.
	Public, Private, Data pulumi.StringArrayOutput
	// Workloads is the security group of the nodes: the data stores let it in,
	// and the cluster layer attaches it.
	Workloads pulumi.StringOutput
	// VPN is the security group of the Client VPN; nil without one.
	VPN pulumi.StringPtrOutput
	// PublicAddresses are the NAT gateways' addresses.
	PublicAddresses pulumi.StringArrayOutput
}

// EdgeOutputs is what the edge layer gives to the later ones.
type EdgeOutputs struct {
	ZoneID pulumi.StringOutput
	// CertificateARN is the regional certificate, for the load balancer.
	CertificateARN pulumi.StringOutput
	// OriginDomain is where CloudFront looks for the portal: a name in the zone
	// that the ingress layer points at its load balancer.
	OriginDomain string
	// DistributionDomain is CloudFront's own name of the distribution.
	DistributionDomain pulumi.StringOutput
	WebACLARN          pulumi.StringOutput
}

// DataOutputs is what the data layer gives to the later ones.
type DataOutputs struct {
	Postgres   Postgres
	Redis      Redis
	Filesystem Filesystem
	// VaultARN is the AWS Backup vault.
	VaultARN pulumi.StringOutput
}

// Postgres is the database and its replicas.
type Postgres struct {
	// Identifier is the RDS identifier of the primary, ResourceID the
	// immutable one that IAM authentication names (dbi-resource-id).
	Identifier, ResourceID, ARN pulumi.StringOutput
	// Endpoint is host:port of the primary, Readers those of the replicas.
	Endpoint pulumi.StringOutput
	Readers  pulumi.StringArrayOutput
	// MasterSecretARN is the secret that RDS manages.
	MasterSecretARN pulumi.StringOutput
	Database        string
}

// Redis is the ElastiCache replication group.
type Redis struct {
	// Endpoint is the configuration endpoint, host:port.
	Endpoint pulumi.StringOutput
	ARN      pulumi.StringOutput
	// UserARNs are the RBAC users by application name.
	UserARNs map[string]pulumi.StringOutput
}

// Filesystem is the EFS file system.
type Filesystem struct {
	ID, ARN pulumi.StringOutput
	// PluginAccessPointID is the access point of the plugin volume.
	PluginAccessPointID, PluginAccessPointARN pulumi.StringOutput
}

// ClusterOutputs is what the cluster layer gives to the later ones.
type ClusterOutputs struct {
	Name, Endpoint, CertificateAuthority pulumi.StringOutput
	// OIDCProviderARN is the IAM provider of the cluster's service accounts.
	OIDCProviderARN pulumi.StringOutput
	// Roles are the ARNs of the IRSA roles by workload, e.g. "backstage".
	Roles map[string]pulumi.StringOutput
	// Kubeconfig authenticates with `aws eks get-token`; it holds no secret.
	Kubeconfig pulumi.StringOutput
	// Ready is what in-cluster resources depend on: the nodes and the
	// deployer's access policy. Without it destroy locks itself out.
	Ready []pulumi.Resource
}

// PlatformOutputs is what the platform layer gives to the portal layer.
type PlatformOutputs struct {
	// Provider is the provider of the environment's cluster.
	Provider *kubernetes.Provider
	// Namespaces are the namespaces by name; what is put into one waits for it.
	Namespaces map[string]pulumi.StringOutput
	// Ready is what the portal's objects depend on: Secrets, the mesh, priority
	// classes, and the charts that bring the kinds of custom resources. On
	// destroy they go after what they control.
	Ready []pulumi.Resource
	// Ingress is what routes depend on: the controller that serves them.
	Ingress []pulumi.Resource
}
