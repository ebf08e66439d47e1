package evidence

import "time"

// UptimeCheck is a Route 53 health check (Route 53 API reference,
// HealthCheckConfig).
type UptimeCheck struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Host string `json:"host"`
	Path string `json:"path"`
	Port int32  `json:"port"`
	// Interval is the seconds between two requests from one place.
	Interval int32 `json:"interval"`
	// Disabled is whether it stopped asking and counts as healthy; Inverted
	// whether it counts failure as health.
	Disabled bool `json:"disabled,omitempty"`
	Inverted bool `json:"inverted,omitempty"`
	// Reports are what the places that ask have last seen.
	Reports []UptimeReport `json:"reports"`
}

// UptimeReport is what one place has last seen.
type UptimeReport struct {
	Region  string    `json:"region"`
	Healthy bool      `json:"healthy"`
	Status  string    `json:"status"`
	At      time.Time `json:"at"`
}

// DNSRecord is a record set of the environment's hosted zone.
type DNSRecord struct {
	// Name is without the dot at its end.
	Name string `json:"name"`
	Type string `json:"type"`
	// Alias is the name that an alias record points at, without the dot at its
	// end; Values are those of another record.
	Alias  string   `json:"alias,omitempty"`
	Values []string `json:"values,omitempty"`
}

// AWSUptimeChecks are the health checks of the distribution's names, or of all
// names when there is no distribution.
var AWSUptimeChecks = Define[[]UptimeCheck](AWS, "route53.healthchecks",
	"route53:ListHealthChecks", "route53:GetHealthCheckStatus")

// AWSRecords are the A, AAAA, CNAME and CAA records of the hosted zone.
var AWSRecords = Define[[]DNSRecord](AWS, "route53.records", "route53:ListResourceRecordSets")
