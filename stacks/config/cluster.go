package config

// Cluster configures Kubernetes and its nodes.
type Cluster struct {
	// Version is EKS's Kubernetes version; it must be in standard support.
	Version KubernetesVersion `yaml:"version"`
	// PublicAccessCIDRs may reach the public endpoint; empty keeps the API
	// server private.
	PublicAccessCIDRs []CIDR `yaml:"publicAccessCidrs" jsonschema:"default=[]"`
	// Admins are the IAM principals with cluster-admin access entries.
	Admins []ARN `yaml:"admins"`
	// ReadOnly are the IAM principals that may look but not touch.
	ReadOnly []ARN `yaml:"readOnly" jsonschema:"default=[]"`
	// LogRetentionDays is how long the five control-plane logs are kept.
	LogRetentionDays int `yaml:"logRetentionDays" jsonschema:"enum=30,enum=60,enum=90,enum=120,enum=180,enum=365,enum=400,enum=731,default=90"`
	// NodeGroups are the managed node groups.
	NodeGroups NodeGroups `yaml:"nodeGroups"`
}

// NodeGroups are the three managed node groups of an environment.
type NodeGroups struct {
	// System runs the cluster's own workloads.
	System NodeGroup `yaml:"system"`
	// Apps runs the portal; production needs 6 or more over 3 zones.
	Apps NodeGroup `yaml:"apps"`
	// Build runs plugin builds on spot capacity, tainted.
	Build NodeGroup `yaml:"build"`
}

// NodeGroup is one EKS managed node group.
type NodeGroup struct {
	// InstanceTypes are the EC2 types that may be used.
	InstanceTypes []InstanceType `yaml:"instanceTypes"`
	// Min, Max and Desired are numbers of nodes; the autoscaler moves Desired.
	Min int `yaml:"min" jsonschema:"minimum=0,maximum=450"`
	// Max is the largest number of nodes.
	Max int `yaml:"max" jsonschema:"minimum=1,maximum=450"`
	// Desired is the number of nodes at creation.
	Desired int `yaml:"desired" jsonschema:"minimum=0,maximum=450"`
	// DiskGiB is the encrypted gp3 root volume.
	DiskGiB int `yaml:"diskGiB" jsonschema:"minimum=20,maximum=1000,default=100"`
}
