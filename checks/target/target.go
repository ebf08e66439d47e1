// Package target says where the live systems of an environment are: what the
// collectors connect to. Targets come from the outputs of a stack of ours, from
// a targets.yaml for an environment that something else provisioned, or from
// both.
package target

import (
	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
)

// Targets are the systems of one environment. A nil one is not there; Missing
// says why.
type Targets struct {
	// Environment is the stack's name, or what targets.yaml calls it.
	Environment string `yaml:"environment"`
	// Namespaces are the Kubernetes namespaces of the portal itself.
	Namespaces []string `yaml:"namespaces"`

	AWS          *AWS          `yaml:"aws"`
	Kubernetes   *Kubernetes   `yaml:"kubernetes"`
	Postgres     *Postgres     `yaml:"postgres"`
	PgBouncer    *PgBouncer    `yaml:"pgbouncer"`
	Redis        *Redis        `yaml:"redis"`
	Web          *Web          `yaml:"web"`
	DNS          *DNS          `yaml:"dns"`
	Prometheus   *HTTP         `yaml:"prometheus"`
	Alertmanager *HTTP         `yaml:"alertmanager"`
	Artefacts    *Artefacts    `yaml:"artefacts"`
	State        *State        `yaml:"-"`
	Thresholds   ThresholdsFor `yaml:"thresholds"`

	// Missing says why a source has no target, and what to do: "redis-server is
	// not installed; run make sandbox-deps".
	Missing map[evidence.Source]string `yaml:"-"`
}

// ThresholdsFor are other thresholds than the checklist's, by item ID.
type ThresholdsFor map[string]judge.Thresholds

// AWS is an account and a region in it. Credentials are found as every AWS tool
// finds them, unless an endpoint is set: then they are fakes.
type AWS struct {
	Region    string `yaml:"region"`
	AccountID string `yaml:"accountId"`
	// Endpoint is the sandbox's emulator, "" for AWS itself. Only loopback.
	Endpoint string `yaml:"-"`
	// The resources of the environment. An empty one is not there.
	Cluster      string `yaml:"cluster"`
	VPC          string `yaml:"vpc"`
	Database     string `yaml:"database"`     // RDS identifier of the primary
	Cache        string `yaml:"cache"`        // ElastiCache replication group ID
	Filesystem   string `yaml:"filesystem"`   // EFS ID
	BackupVault  string `yaml:"backupVault"`  // name
	Distribution string `yaml:"distribution"` // CloudFront domain name
	WebACL       string `yaml:"webAcl"`       // ARN
	Certificate  string `yaml:"certificate"`  // ARN in Region
	HostedZone   string `yaml:"hostedZone"`   // ID
	// Buckets by purpose: backups, plugins, audit, logs.
	Buckets map[string]string `yaml:"buckets"`
	// Repositories are ECR repositories' names.
	Repositories []string `yaml:"repositories"`
	// Prefix is what names of the environment's resources begin with, e.g.
	// "gatehouse-staging".
	Prefix string `yaml:"prefix"`
}

// Kubernetes is a cluster.
type Kubernetes struct {
	// Kubeconfig is a path; "" finds it as kubectl does.
	Kubeconfig string `yaml:"kubeconfig"`
	Context    string `yaml:"context"`
}

// Postgres is a primary and its replicas.
type Postgres struct {
	// Primary and Replicas are host:port.
	Primary  string   `yaml:"primary"`
	Replicas []string `yaml:"replicas"`
	Database string   `yaml:"database"`
	User     string   `yaml:"user"`
	Password Secret   `yaml:"password"`
	// TLS is PostgreSQL's sslmode: verify-full unless said otherwise.
	TLS string `yaml:"tls"`
	// CA is a PEM file, "" for the system's.
	CA string `yaml:"ca"`
}

// PgBouncer is a pooler's admin console.
type PgBouncer struct {
	Address  string `yaml:"address"` // host:port
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	TLS      string `yaml:"tls"`
	CA       string `yaml:"ca"`
}

// Redis is a cluster, or a primary that sentinels watch.
type Redis struct {
	// Addresses are host:port of any nodes of the cluster, or of the sentinels.
	Addresses []string `yaml:"addresses"`
	// Sentinel is the name of the watched primary, "" for cluster mode.
	Sentinel string `yaml:"sentinel"`
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
	TLS      bool   `yaml:"tls"`
	CA       string `yaml:"ca"`
	// Managed is whether it is ElastiCache, which hides CONFIG and has no AOF.
	Managed bool `yaml:"managed"`
}

// Web is what the portal serves.
type Web struct {
	// Portal and API are URLs without a path: https://portal.example.com.
	Portal string `yaml:"portal"`
	API    string `yaml:"api"`
	// The paths of the guide's documents.
	PortalHealth string `yaml:"portalHealth"` // default /api/health
	APIHealth    string `yaml:"apiHealth"`    // default /healthcheck
	Plugins      string `yaml:"plugins"`      // default /v1/plugins
	Login        string `yaml:"login"`        // default /auth/login
	LoginStart   string `yaml:"loginStart"`   // default /auth/github/start
	// Resolve are other addresses for host names, as curl's --resolve: host →
	// host:port. The key host:80 is for plain HTTP, which must not be served.
	Resolve map[string]string `yaml:"resolve"`
	CA      string            `yaml:"ca"`
	// Token, User and Password are the smoke tests' own.
	Token    Secret `yaml:"token"`
	User     string `yaml:"user"`
	Password Secret `yaml:"password"`
}

// DNS is names that must resolve, and who is asked.
type DNS struct {
	Names []string `yaml:"names"`
	// Server is host:port, "" for the system's.
	Server string `yaml:"server"`
}

// HTTP is an HTTP API.
type HTTP struct {
	URL string `yaml:"url"`
	// Token is a bearer token; may be empty.
	Token Secret `yaml:"token"`
	CA    string `yaml:"ca"`
}

// Artefacts are files that a pipeline has left: paths or globs, relative to the
// project.
type Artefacts struct {
	Coverage []string `yaml:"coverage"` // Go profiles, lcov, Cobertura, Istanbul's coverage-summary.json
	SARIF    []string `yaml:"sarif"`
	NPMAudit []string `yaml:"npmAudit"`
	Trivy    []string `yaml:"trivy"`
	K6       []string `yaml:"k6"`
	JUnit    []string `yaml:"junit"`
}

// State is an exported Pulumi state, already read.
type State struct {
	// Checkpoint is the JSON of `pulumi stack export`.
	Checkpoint []byte
}
