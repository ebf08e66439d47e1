package evidence

import "time"

// EKSCluster is the control plane of the environment.
type EKSCluster struct {
	Name string `json:"name"`
	// Version is Kubernetes' minor version: "1.35".
	Version string `json:"version"`
	// Status is ACTIVE, UPDATING, FAILED, …
	Status string `json:"status"`
	// Issues are what EKS says is wrong with it, as code: message.
	Issues []string `json:"issues,omitempty"`
	// SupportType is the upgrade policy: STANDARD or EXTENDED, "" when unsaid.
	SupportType string `json:"supportType,omitempty"`
	// Logs are the types of control-plane logs that are on.
	Logs []string `json:"logs"`
	// EncryptsSecrets is whether a KMS key of the account's encrypts secrets.
	EncryptsSecrets bool     `json:"encryptsSecrets"`
	Private         bool     `json:"private"`
	Public          bool     `json:"public"`
	PublicCIDRs     []string `json:"publicCidrs,omitempty"`
	// Subnets are IDs of those that the control plane's interfaces are in.
	Subnets []string `json:"subnets"`
}

// NodeGroup is a managed node group of the cluster.
type NodeGroup struct {
	Name string `json:"name"`
	// Subnets are IDs of those that its nodes start in.
	Subnets []string `json:"subnets"`
}

// EKSVersion is a Kubernetes version that EKS offers.
type EKSVersion struct {
	Version string `json:"version"`
	// Status is STANDARD_SUPPORT, EXTENDED_SUPPORT or UNSUPPORTED.
	Status          string    `json:"status"`
	StandardSupport time.Time `json:"endOfStandardSupport"`
	ExtendedSupport time.Time `json:"endOfExtendedSupport"`
}

// EKSAccess is whom EKS lets into the cluster.
type EKSAccess struct {
	// Mode is the authentication mode: API, API_AND_CONFIG_MAP or CONFIG_MAP; ""
	// when it could not be read. With the last two, the ConfigMap
	// kube-system/aws-auth lets people in too.
	Mode    string           `json:"mode"`
	Entries []EKSAccessEntry `json:"entries"`
}

// EKSAccessEntry is an access entry: what one principal of IAM is in the cluster.
type EKSAccessEntry struct {
	Principal string `json:"principal"`
	// Type is STANDARD for people and programs, else for nodes.
	Type string `json:"type"`
	// Groups are those of Kubernetes that it is a member of.
	Groups   []string          `json:"groups"`
	Policies []EKSAccessPolicy `json:"policies"`
}

// EKSAccessPolicy is an access policy that an entry is given.
type EKSAccessPolicy struct {
	ARN string `json:"arn"`
	// Namespaces are those that it holds in; none is the whole cluster.
	Namespaces []string `json:"namespaces,omitempty"`
}

// AWSCluster is the environment's control plane.
var AWSCluster = Define[EKSCluster](AWS, "eks.cluster", "eks:DescribeCluster")

// AWSNodeGroups are the cluster's managed node groups.
var AWSNodeGroups = Define[[]NodeGroup](AWS, "eks.nodegroups", "eks:ListNodegroups", "eks:DescribeNodegroup")

// AWSClusterVersions are the versions of Kubernetes that EKS supports.
var AWSClusterVersions = Define[[]EKSVersion](AWS, "eks.versions", "eks:DescribeClusterVersions")

// AWSClusterAccess is whom EKS lets into the cluster.
var AWSClusterAccess = Define[EKSAccess](AWS, "eks.access",
	"eks:DescribeCluster", "eks:ListAccessEntries", "eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies")
