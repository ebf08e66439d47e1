package config

import "strings"

// Platform configures what the cluster offers to its workloads.
type Platform struct {
	// Ingress is ingress-nginx, the way in.
	Ingress Ingress `yaml:"ingress" jsonschema:"default={}"`
	// Certificates are those that cert-manager keeps for the ingress.
	Certificates Certificates `yaml:"certificates" jsonschema:"default={}"`
	// Secrets says where External Secrets reads from.
	Secrets ClusterSecrets `yaml:"secrets" jsonschema:"default={}"`
	// Mesh is Istio between the workloads.
	Mesh Mesh `yaml:"mesh" jsonschema:"default={}"`
	// Quotas replace the default quotas of namespaces, by namespace: see
	// [Platform.Quota].
	Quotas map[string]Quota `yaml:"quotas" jsonschema:"default={}"`
	// Logging is Fluent Bit and where it sends logs.
	Logging Logging `yaml:"logging" jsonschema:"default={}"`
}

// Ingress configures ingress-nginx. Its limits count for each client address
// and each replica.
type Ingress struct {
	// Replicas is the number of pods.
	Replicas int `yaml:"replicas" jsonschema:"minimum=1,maximum=30,default=3"`
	// RequestsPerSecond is how many requests a client may send.
	RequestsPerSecond int `yaml:"requestsPerSecond" jsonschema:"minimum=1,maximum=10000,default=20"`
	// BurstMultiplier times RequestsPerSecond is how many may come at once.
	BurstMultiplier int `yaml:"burstMultiplier" jsonschema:"minimum=1,maximum=100,default=2"`
	// Connections is how many connections a client may hold.
	Connections int `yaml:"connections" jsonschema:"minimum=1,maximum=10000,default=50"`
	// BodyLimitMiB is the largest request body.
	BodyLimitMiB int `yaml:"bodyLimitMiB" jsonschema:"minimum=1,maximum=1024,default=10"`
	// ContentSecurityPolicy is the header of that name on every answer; the
	// word DOMAIN in it stands for edge.domain.
	ContentSecurityPolicy ContentSecurityPolicy `yaml:"contentSecurityPolicy" jsonschema:"default=default-src 'self'; base-uri 'self'; connect-src 'self' https://api.DOMAIN wss://DOMAIN; font-src 'self' data:; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; upgrade-insecure-requests"`
	// HSTSMaxAgeSeconds is how long browsers insist on https: a year.
	HSTSMaxAgeSeconds int `yaml:"hstsMaxAgeSeconds" jsonschema:"minimum=0,maximum=63072000,default=31536000"`
}

// ContentSecurityPolicy is the header's value with the domain in it.
func (c Config) ContentSecurityPolicy() string {
	return strings.ReplaceAll(string(c.Platform.Ingress.ContentSecurityPolicy), "DOMAIN", string(c.Edge.Domain))
}

// Certificates configures cert-manager. The ACME account's address is
// environment.contact.
type Certificates struct {
	// Issuer signs the certificates.
	Issuer Issuer `yaml:"issuer" jsonschema:"default=letsencrypt"`
}

// ClusterSecrets says where External Secrets reads from.
type ClusterSecrets struct {
	// Store is secretsManager or vault.
	Store SecretStore `yaml:"store" jsonschema:"default=secretsManager"`
	// Vault is where HashiCorp Vault is; only with store: vault.
	Vault *Vault `yaml:"vault"`
}

// Vault is a HashiCorp Vault server that the cluster can reach.
type Vault struct {
	// Address is its URL.
	Address URL `yaml:"address"`
	// Path is where the key-value engine (version 2) is mounted.
	Path string `yaml:"path" jsonschema:"default=secret"`
	// MountPath is where the Kubernetes login is mounted, below auth/.
	MountPath string `yaml:"mountPath" jsonschema:"default=kubernetes"`
	// Role is the role of that login that may read the secrets.
	Role string `yaml:"role" jsonschema:"default=external-secrets"`
}

// Mesh is Istio between the workloads.
type Mesh struct {
	// Enabled encrypts and authenticates every call between workloads.
	Enabled bool `yaml:"enabled" jsonschema:"default=true"`
}

// Logging is Fluent Bit and where it sends logs.
type Logging struct {
	// Output is cloudwatch or loki.
	Output LogOutput `yaml:"output" jsonschema:"default=cloudwatch"`
	// LokiURL is where Loki takes logs; only with output: loki.
	LokiURL *URL `yaml:"lokiUrl"`
	// RetentionDays is how long CloudWatch keeps logs, by class.
	RetentionDays LogRetention `yaml:"retentionDays" jsonschema:"default={}"`
}

// LogRetention is how long each class of logs is kept, in days; CloudWatch
// takes these numbers only.
type LogRetention struct {
	// Application are the portal's and Backstage's own logs.
	Application int `yaml:"application" jsonschema:"enum=7,enum=14,enum=30,enum=60,enum=90,enum=120,enum=150,enum=180,enum=365,enum=400,enum=545,enum=731,default=30"`
	// Plugin are the logs of plugin installations.
	Plugin int `yaml:"plugin" jsonschema:"enum=7,enum=14,enum=30,enum=60,enum=90,enum=120,enum=150,enum=180,enum=365,enum=400,enum=545,enum=731,default=90"`
	// Platform are the logs of what the cluster itself runs.
	Platform int `yaml:"platform" jsonschema:"enum=7,enum=14,enum=30,enum=60,enum=90,enum=120,enum=150,enum=180,enum=365,enum=400,enum=545,enum=731,default=14"`
	// Audit are records of who did what; a year or more in production.
	Audit int `yaml:"audit" jsonschema:"enum=30,enum=60,enum=90,enum=120,enum=150,enum=180,enum=365,enum=400,enum=545,enum=731,enum=1096,enum=1827,enum=2192,enum=2557,enum=2922,enum=3288,enum=3653,default=365"`
}
