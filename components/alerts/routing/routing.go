// Package routing says who is told of an alert: Alertmanager's routes,
// receivers, inhibition and the windows in which warnings are muted.
//
// It implements the readiness guide's "Alert Manager Configuration", mended:
//   - its root receiver web.hook does not exist; alerts that no route takes go
//     to the warnings' channel here, so that none is lost;
//   - webhook_configs have no title and text; Slack is told by slack_configs;
//   - match is deprecated for matchers, and service_key is PagerDuty's Events
//     API v1; both are the present form here;
//   - URLs and keys are not in the configuration: they are files of a Secret.
//
// What fires lives in rules.
package routing

import (
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

// Names of the receivers.
const (
	CriticalReceiver = "critical-alerts"
	WarningReceiver  = "warning-alerts"
	// HeartbeatReceiver is the dead man's switch, and NobodyReceiver no one.
	HeartbeatReceiver = "heartbeat"
	NobodyReceiver    = "nobody"
)

// SecretName is the Secret whose keys are the receivers' URLs and keys; the
// operator mounts it below secretFolder.
const (
	SecretName   = "alertmanager-receivers"
	secretFolder = "/etc/alertmanager/secrets/" + SecretName + "/"
)

// Settings are the environment's own.
type Settings struct {
	// SlackChannel is the channel of all alerts, e.g. "#platform-alerts".
	SlackChannel string
	// Heartbeat sends the Watchdog to the URL under the key dead-mans-switch,
	// every 5 minutes; otherwise nobody notices that alerting itself is dead.
	Heartbeat bool
	// Quiet are the maintenance windows. Critical alerts are never muted.
	Quiet []TimeInterval
}

// New is the configuration.
func New(s Settings) (Config, error) {
	if !strings.HasPrefix(s.SlackChannel, "#") || len(s.SlackChannel) < 2 {
		return Config{}, errors.New("write Alertmanager's configuration: name the Slack channel, such as #platform-alerts")
	}
	var quiet []string
	for _, window := range s.Quiet {
		quiet = append(quiet, window.Name)
	}
	watchdog := Route{Receiver: NobodyReceiver, Matchers: []string{`alertname="Watchdog"`}}
	if s.Heartbeat {
		watchdog.Receiver = HeartbeatReceiver
		watchdog.GroupWait, watchdog.GroupInterval, watchdog.RepeatInterval = "0s", "1m", "5m"
	}
	return Config{
		Route: Route{
			Receiver: WarningReceiver, GroupBy: []string{"alertname", "cluster", "service"},
			GroupWait: "10s", GroupInterval: "5m", RepeatInterval: "12h",
			Routes: []Route{
				watchdog,
				{Receiver: CriticalReceiver, Matchers: []string{`severity="critical"`}},
				{Receiver: WarningReceiver, Matchers: []string{`severity="warning"`}, MuteTimeIntervals: quiet},
				{Receiver: NobodyReceiver, Matchers: []string{`severity="info"`}},
			},
		},
		Receivers: receivers(s), InhibitRules: inhibitRules(), TimeIntervals: s.Quiet,
	}, nil
}

// YAML is the file alertmanager.yaml.
func (c Config) YAML() (string, error) {
	text, err := yaml.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("write Alertmanager's configuration: %w", err)
	}
	return string(text), nil
}
