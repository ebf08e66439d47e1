package routing

// Config is what Alertmanager reads: the parts of its file that are used here.
// https://prometheus.io/docs/alerting/latest/configuration/
type Config struct {
	Route         Route          `json:"route"`
	Receivers     []Receiver     `json:"receivers"`
	InhibitRules  []InhibitRule  `json:"inhibit_rules"`
	TimeIntervals []TimeInterval `json:"time_intervals,omitempty"`
}

// Route sends the alerts that match all Matchers to a receiver. The first
// route that matches wins.
type Route struct {
	Receiver          string   `json:"receiver"`
	Matchers          []string `json:"matchers,omitempty"`
	GroupBy           []string `json:"group_by,omitempty"`
	GroupWait         string   `json:"group_wait,omitempty"`
	GroupInterval     string   `json:"group_interval,omitempty"`
	RepeatInterval    string   `json:"repeat_interval,omitempty"`
	MuteTimeIntervals []string `json:"mute_time_intervals,omitempty"`
	Routes            []Route  `json:"routes,omitempty"`
}

// Receiver is whom to tell, and how. One without any way is told nothing.
type Receiver struct {
	Name             string      `json:"name"`
	SlackConfigs     []Slack     `json:"slack_configs,omitempty"`
	PagerDutyConfigs []PagerDuty `json:"pagerduty_configs,omitempty"`
	WebhookConfigs   []Webhook   `json:"webhook_configs,omitempty"`
}

// Slack is a message to a channel. The webhook's URL is a secret, in a file.
type Slack struct {
	SendResolved bool   `json:"send_resolved"`
	APIURLFile   string `json:"api_url_file"`
	Channel      string `json:"channel"`
	Color        string `json:"color"`
	Title        string `json:"title"`
	Text         string `json:"text"`
}

// PagerDuty is an event of its Events API v2, whose key is a routing key
// (a service key is version 1's).
type PagerDuty struct {
	SendResolved   bool              `json:"send_resolved"`
	RoutingKeyFile string            `json:"routing_key_file"`
	Severity       string            `json:"severity"`
	Description    string            `json:"description"`
	Details        map[string]string `json:"details"`
}

// Webhook is a call to a URL, which lies in a file.
type Webhook struct {
	SendResolved bool   `json:"send_resolved"`
	URLFile      string `json:"url_file"`
}

// InhibitRule silences the targets while a source fires which has the same
// values of the labels Equal. A label that both lack is the same.
type InhibitRule struct {
	SourceMatchers []string `json:"source_matchers"`
	TargetMatchers []string `json:"target_matchers"`
	Equal          []string `json:"equal"`
}

// TimeInterval is a named set of spans of time.
type TimeInterval struct {
	Name      string `json:"name"`
	Intervals []Span `json:"time_intervals"`
}

// Span holds when all its parts do. Times are UTC; an end of 24:00 is the end
// of the day, and a span cannot pass it.
type Span struct {
	Times       []Times  `json:"times"`
	Weekdays    []string `json:"weekdays"`
	DaysOfMonth []string `json:"days_of_month,omitempty"`
}

// Times is from the start to before the end.
type Times struct {
	Start string `json:"start_time"`
	End   string `json:"end_time"`
}
