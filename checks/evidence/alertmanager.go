package evidence

import "time"

// AlertmanagerRouting is who is told of which alert. The secrets of its
// receivers are not read.
type AlertmanagerRouting struct {
	Version string `json:"version"`
	// Cluster is ready, settling, or disabled for a single one.
	Cluster   string                 `json:"cluster"`
	Peers     int                    `json:"peers"`
	Root      AlertmanagerRoute      `json:"root"`
	Receivers []AlertmanagerReceiver `json:"receivers"`
}

// AlertmanagerRoute sends the alerts that match all matchers to a receiver,
// unless one of the routes below takes them.
type AlertmanagerRoute struct {
	// Receiver is never empty: a route without one has its parent's.
	Receiver string                `json:"receiver"`
	Matchers []AlertmanagerMatcher `json:"matchers,omitempty"`
	// Continue is whether the routes after it are asked too.
	Continue bool                `json:"continue,omitempty"`
	Routes   []AlertmanagerRoute `json:"routes,omitempty"`
}

// AlertmanagerMatcher is a condition on one label. A label that is missing has
// the value "".
type AlertmanagerMatcher struct {
	Name string `json:"name"`
	// Value is a regular expression over the whole value when Regex is set.
	Value string `json:"value"`
	Regex bool   `json:"regex,omitempty"`
	Equal bool   `json:"equal"`
}

// AlertmanagerReceiver is whom to tell. With no integration it tells nobody.
type AlertmanagerReceiver struct {
	Name string `json:"name"`
	// Integrations are their kinds, one an entry: slack, pagerduty, webhook.
	Integrations []string `json:"integrations"`
}

// AlertmanagerAlert is an alert that Alertmanager has.
type AlertmanagerAlert struct {
	Labels map[string]string `json:"labels"`
	// State is active, suppressed or unprocessed.
	State string `json:"state"`
	// Receivers are those that its routes chose.
	Receivers []string  `json:"receivers"`
	Updated   time.Time `json:"updated"`
}

// AlertmanagerSilence keeps alerts that match all matchers from being told.
type AlertmanagerSilence struct {
	ID       string                `json:"id"`
	Matchers []AlertmanagerMatcher `json:"matchers"`
	By       string                `json:"by"`
	Comment  string                `json:"comment"`
	Ends     time.Time             `json:"ends"`
	// State is active, pending or expired.
	State string `json:"state"`
}

const readAlertmanager = "GET on the Alertmanager API"

// What is read of Alertmanager.
var (
	AlertmanagerRoutes   = Define[AlertmanagerRouting](Alertmanager, "routing", readAlertmanager)
	AlertmanagerAlerts   = Define[[]AlertmanagerAlert](Alertmanager, "alerts", readAlertmanager)
	AlertmanagerSilences = Define[[]AlertmanagerSilence](Alertmanager, "silences", readAlertmanager)
)
