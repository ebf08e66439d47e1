package config

// Monitoring configures Prometheus, Alertmanager and the objectives. What is
// probed from outside follows from edge.domain.
type Monitoring struct {
	// RetentionDays is how long Prometheus keeps samples.
	RetentionDays int `yaml:"retentionDays" jsonschema:"minimum=2,maximum=365,default=30"`
	// StorageGiB is the volume of each Prometheus.
	StorageGiB int `yaml:"storageGiB" jsonschema:"minimum=10,maximum=16384,default=100"`
	// Replicas is how many Prometheus servers scrape the same targets.
	Replicas int `yaml:"replicas" jsonschema:"minimum=1,maximum=5,default=2"`
	// AlertmanagerReplicas is how many Alertmanagers agree on notices.
	AlertmanagerReplicas int `yaml:"alertmanagerReplicas" jsonschema:"minimum=1,maximum=9,default=3"`
	// SlackChannel gets the alerts that page nobody.
	SlackChannel SlackChannel `yaml:"slackChannel" jsonschema:"default=#platform-alerts"`
	// DeadMansSwitch sends the Watchdog to the URL in the secret
	// dead-mans-switch every five minutes, so that somebody else notices when
	// alerting itself is dead.
	DeadMansSwitch bool `yaml:"deadMansSwitch" jsonschema:"default=false"`
	// SLO are the objectives that burn-rate alerts guard.
	SLO SLO `yaml:"slo" jsonschema:"default={}"`
	// RunbookBaseURL begins the link of every alert to its runbook.
	RunbookBaseURL URL `yaml:"runbookBaseUrl" jsonschema:"default=https://github.com/example/gatehouse/blob/main/docs/runbooks"`
}

// SLO are the service level objectives over 30 days. Below 93.1 percent the
// fastest burn-rate alert, at 14.4 times the budget, could never fire.
type SLO struct {
	// AvailabilityPercent is the share of requests that must not fail.
	AvailabilityPercent float64 `yaml:"availabilityPercent" jsonschema:"minimum=94,maximum=100,default=99.9"`
	// LatencySeconds is what counts as fast; it must be a bucket of the
	// histogram http_request_duration_seconds.
	LatencySeconds float64 `yaml:"latencySeconds" jsonschema:"minimum=0,maximum=10,default=1"`
	// LatencyPercent is the share of requests that must be fast.
	LatencyPercent int `yaml:"latencyPercent" jsonschema:"minimum=94,maximum=99,default=95"`
}
