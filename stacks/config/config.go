package config

// Config is one environment, whole: the values under the `gatehouse:` prefix
// of a Pulumi stack's configuration, one section a layer. A Config that Parse
// returns is valid as a whole; layers never check it again.
//
// Tags are the one place where a field's limits are written: `yaml` names it,
// `jsonschema` holds default, minimum, maximum and enum, which the decoder
// applies and the published JSON Schema repeats. A field without a default
// that is not a pointer must be given.
type Config struct {
	// Environment says whose environment this is and where it lives.
	Environment Environment `yaml:"environment"`
	// Foundation configures keys, buckets, registries, audit and secrets.
	Foundation Foundation `yaml:"foundation"`
	// Network configures the VPC and its subnets.
	Network Network `yaml:"network"`
	// Edge configures DNS, certificates, the CDN and the firewall before it.
	Edge Edge `yaml:"edge"`
	// Data configures PostgreSQL, Redis, the shared file system and backups.
	Data Data `yaml:"data"`
	// Cluster configures Kubernetes and its nodes.
	Cluster Cluster `yaml:"cluster"`
	// Platform configures what the cluster offers to its workloads: ingress,
	// certificates, secrets, mesh, quotas and logging.
	Platform Platform `yaml:"platform" jsonschema:"default={}"`
	// Portal configures the portal's own workloads.
	Portal Portal `yaml:"portal" jsonschema:"default={}"`
	// Monitoring configures Prometheus, Alertmanager and the objectives.
	Monitoring Monitoring `yaml:"monitoring" jsonschema:"default={}"`
	// Backup configures the backup jobs in the cluster and the restore drill.
	Backup BackupJobs `yaml:"backup" jsonschema:"default={}"`
	// Readiness configures the readiness checks that run in the cluster.
	Readiness Readiness `yaml:"readiness" jsonschema:"default={}"`
	// Sandbox binds the environment to the local sandbox; nil on a real
	// account. Only the sandbox writes it, into its own copy of the file.
	Sandbox *Sandbox `yaml:"sandbox"`
}

// Sandbox says where the local stand-ins for AWS and Kubernetes are.
type Sandbox struct {
	// AWSEndpoint is the AWS API emulator, an http URL on loopback.
	AWSEndpoint string `yaml:"awsEndpoint"`
	// Kubeconfig is the path of the sandbox cluster's kubeconfig.
	Kubeconfig string `yaml:"kubeconfig"`
	// AccountID is the account that the emulator pretends to be.
	AccountID AccountID `yaml:"accountId"`
}
