package routing_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/components/alerts/routing"
	"gatehouse/internal/toolbox"
)

// settings are the guide's windows: Sunday 02:00-04:00, and the first Sunday of
// a month 01:00-05:00.
func settings() routing.Settings {
	const sunday = 6 * 24 * 60
	return routing.Settings{
		SlackChannel: "#platform-alerts", Heartbeat: true,
		Quiet: []routing.TimeInterval{
			routing.Weekly("weekly-maintenance", sunday+2*60, sunday+4*60),
			routing.FirstSunday("monthly-maintenance", 60, 5*60),
		},
	}
}

// file writes the configuration of s where amtool can read it.
func file(t *testing.T, s routing.Settings) string {
	t.Helper()
	config, err := routing.New(s)
	require.NoError(t, err)
	text, err := config.YAML()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "alertmanager.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// amtool runs the pinned amtool.
func amtool(t *testing.T, args ...string) (string, error) {
	t.Helper()
	if testing.Short() {
		t.Skip("long: needs amtool, which is built once in 2 minutes; run make test")
	}
	tool, err := toolbox.Ensure(t.Context(), "../../..", toolbox.RouteTester, func(line string) { t.Log(line) })
	require.NoError(t, err)
	out, err := exec.Command(tool, args...).CombinedOutput()
	return string(out), err
}

func TestAmtoolAcceptsTheConfiguration(t *testing.T) {
	quietless := settings()
	quietless.Quiet, quietless.Heartbeat = nil, false
	for _, s := range []routing.Settings{settings(), quietless} {
		out, err := amtool(t, "check-config", file(t, s))
		require.NoError(t, err, out)
		require.Contains(t, out, "SUCCESS")
	}
}

// TestAmtoolRefusesTheGuides shows that the check can fail, and why the guide's
// configuration was not taken as it is.
func TestAmtoolRefusesTheGuides(t *testing.T) {
	for name, text := range map[string]string{
		"undefined receiver \"web.hook\"": "route: {receiver: web.hook}\nreceivers: [{name: critical-alerts}]\n",
		"field title not found":           "route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url: 'https://hooks.slack.com/services/X', title: T}]}]\n",
	} {
		path := filepath.Join(t.TempDir(), "alertmanager.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		out, err := amtool(t, "check-config", path)
		require.Error(t, err)
		require.Contains(t, out, name)
	}
}

func TestAlertsReachWhomTheyShould(t *testing.T) {
	path := file(t, settings())
	for labels, receiver := range map[string]string{
		"alertname=PortalDown severity=critical service=portal-frontend team=platform":                       routing.CriticalReceiver,
		"alertname=AvailabilityBudgetBurn severity=critical window=1h":                                       routing.CriticalReceiver,
		"alertname=HighErrorRate severity=warning service=portal-frontend":                                   routing.WarningReceiver,
		"alertname=CertificateExpiring severity=warning team=security":                                       routing.WarningReceiver,
		"alertname=Watchdog severity=info":                                                                   routing.HeartbeatReceiver,
		"alertname=Something severity=info":                                                                  routing.NobodyReceiver,
		"alertname=OfSomebodyElse":                                                                           routing.WarningReceiver,
		"alertname=OfSomebodyElse severity=page":                                                             routing.WarningReceiver,
		"alertname=BackupTooOld severity=critical service=backup task=database cluster=gatehouse-production": routing.CriticalReceiver,
	} {
		args := append([]string{"config", "routes", "test", "--config.file=" + path, "--verify.receivers=" + receiver}, strings.Fields(labels)...)
		out, err := amtool(t, args...)
		require.NoError(t, err, "%s: %s", labels, out)
		require.Equal(t, receiver, strings.TrimSpace(out), labels)
	}
	out, err := amtool(t, "config", "routes", "test", "--config.file="+path, "--verify.receivers="+routing.NobodyReceiver, "severity=critical")
	require.Error(t, err, "a wrong receiver must be told: %s", out)
}

func TestWithoutAHeartbeatTheWatchdogIsForNobody(t *testing.T) {
	s := settings()
	s.Heartbeat = false
	config, err := routing.New(s)
	require.NoError(t, err)
	require.Equal(t, routing.NobodyReceiver, config.Route.Routes[0].Receiver)
	for _, r := range config.Receivers {
		require.Empty(t, r.WebhookConfigs)
	}
}

func TestGroupingIsTheGuides(t *testing.T) {
	config, err := routing.New(settings())
	require.NoError(t, err)
	root := config.Route
	require.Equal(t, []string{"alertname", "cluster", "service"}, root.GroupBy)
	require.Equal(t, []string{"10s", "5m", "12h"}, []string{root.GroupWait, root.GroupInterval, root.RepeatInterval})
}

func TestOnlyWarningsAreMutedInWindows(t *testing.T) {
	config, err := routing.New(settings())
	require.NoError(t, err)
	for _, route := range config.Route.Routes {
		if route.Receiver == routing.WarningReceiver {
			require.Equal(t, []string{"weekly-maintenance", "monthly-maintenance"}, route.MuteTimeIntervals)
		} else {
			require.Empty(t, route.MuteTimeIntervals, route.Receiver)
		}
	}
}

func TestNoSecretIsInTheConfiguration(t *testing.T) {
	text, err := os.ReadFile(file(t, settings()))
	require.NoError(t, err)
	for _, key := range []string{"slack-webhook", "pagerduty-routing-key", "dead-mans-switch"} {
		require.Contains(t, string(text), "/etc/alertmanager/secrets/alertmanager-receivers/"+key)
	}
	require.NotContains(t, string(text), "https://", "the receivers' URLs are secrets")
	require.NotRegexp(t, `(?m)^ *-? *(api_url|url|routing_key|service_key):`, string(text))
}

func TestAChannelIsNamed(t *testing.T) {
	for _, channel := range []string{"", "#", "platform-alerts"} {
		_, err := routing.New(routing.Settings{SlackChannel: channel})
		require.ErrorContains(t, err, "name the Slack channel", channel)
	}
}
