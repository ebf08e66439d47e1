package config

// Readiness configures the readiness checks that run in the cluster. Their
// alerts go with them.
type Readiness struct {
	// Enabled says whether they run.
	Enabled bool `yaml:"enabled" jsonschema:"default=true"`
	// Schedule is when they run, in UTC. An alert fires when two runs are missed.
	Schedule Cron `yaml:"schedule" jsonschema:"default=0 5 * * *"`
	// Image is the repository gatehouse: TAG, or TAG@sha256:DIGEST, which
	// production demands. It holds the waivers and attestations that count.
	Image ImageReference `yaml:"image" jsonschema:"default=1.0.0"`
}
