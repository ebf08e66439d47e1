package alerts_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/alerts"
	"gatehouse/components/alerts/routing"
	"gatehouse/components/alerts/rules"
	"gatehouse/components/componenttest"
)

const (
	ruleType   = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
	secretType = "kubernetes:core/v1:Secret"
	runbooks   = "../../docs/runbooks"
)

func args() alerts.Args {
	return alerts.Args{
		Namespace: pulumi.String("monitoring"), Labels: map[string]string{"gatehouse/owner": "platform"},
		RunbookBaseURL: "https://git.example.com/docs/runbooks",
		Rules: rules.Settings{
			AvailabilityPercent: 99.9, LatencyPercent: 95, LatencySeconds: 1, Replicas: 2,
			Backups: []rules.Backup{{Task: "database", MaxAge: 12 * time.Hour}}, DrillMaxAge: 192 * time.Hour, DrillMaxDuration: time.Hour,
			ReadinessMaxAge: 48 * time.Hour, PluginMaintenanceMaxAge: 48 * time.Hour,
		},
		Routing: routing.Settings{SlackChannel: "#platform-alerts"},
	}
}

func run(args alerts.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := alerts.New(ctx, "gatehouse-test-alerts", args)
		return err
	})
}

func TestEveryTopicIsAPrometheusRule(t *testing.T) {
	seen, err := run(args())
	require.NoError(t, err)
	topics, err := rules.Topics(args().Rules)
	require.NoError(t, err)
	require.Len(t, seen.OfType(ruleType), len(topics))
	for _, topic := range topics {
		made := seen.Named(t, ruleType, "gatehouse-test-alerts-"+topic.Name)
		require.Equal(t, "gatehouse-"+topic.Name, made.Input("metadata.name"))
		require.Equal(t, "monitoring", made.Input("metadata.namespace"))
		require.Equal(t, map[string]any{"gatehouse/owner": "platform"}, made.Input("metadata.labels"))
		require.Contains(t, made.Parent, "gatehouse:kubernetes:Alerts::")

		want, err := json.Marshal(topic.Spec(args().RunbookBaseURL))
		require.NoError(t, err)
		got, err := json.Marshal(made.Input("spec"))
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got))
	}
}

func TestAlertmanagerIsConfigured(t *testing.T) {
	seen, err := run(args())
	require.NoError(t, err)
	secret := seen.One(t, secretType)
	require.Equal(t, "alertmanager-config", secret.Input("metadata.name"))
	require.Equal(t, map[string]any{"gatehouse/owner": "platform"}, secret.Input("metadata.labels"))
	text, err := base64.StdEncoding.DecodeString(secret.Input("data").(map[string]any)["alertmanager.yaml"].(string))
	require.NoError(t, err)
	config, err := routing.New(args().Routing)
	require.NoError(t, err)
	want, err := config.YAML()
	require.NoError(t, err)
	require.Equal(t, want, string(text))
}

func TestWrongSettingsAreRefused(t *testing.T) {
	wrong := args()
	wrong.Rules.AvailabilityPercent = 50
	_, err := run(wrong)
	require.ErrorContains(t, err, "availability objective")
	wrong = args()
	wrong.Routing.SlackChannel = ""
	_, err = run(wrong)
	require.ErrorContains(t, err, "Slack channel")
}

// runbookNames are the alerts' names.
func runbookNames(t *testing.T) []string {
	t.Helper()
	topics, err := rules.Topics(args().Rules)
	require.NoError(t, err)
	var names []string
	for _, topic := range topics {
		for _, a := range topic.Alerts {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestEveryAlertHasARunbook(t *testing.T) {
	index, err := os.ReadFile(filepath.Join(runbooks, "README.md"))
	require.NoError(t, err)
	for _, name := range runbookNames(t) {
		text, err := os.ReadFile(filepath.Join(runbooks, name+".md"))
		require.NoError(t, err, "%s has no runbook", name)
		require.True(t, strings.HasPrefix(string(text), "# "+name+"\n"), "%s: the title is another", name)
		rest := string(text)
		for _, heading := range []string{"## Meaning", "## Impact", "## Diagnosis", "## Mitigation", "## Escalation"} {
			_, after, found := strings.Cut(rest, "\n"+heading+"\n")
			require.True(t, found, "%s: %s is missing or in the wrong place", name, heading)
			require.Regexp(t, `^\n\S`, after, "%s: %s is empty", name, heading)
			rest = after
		}
		require.Contains(t, string(text), "```\n", "%s has no command", name)
		require.Contains(t, string(index), "]("+name+".md)", "the index lacks %s", name)
	}
}

func TestEveryRunbookOfAnAlertHasItsAlert(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(runbooks, "*.md"))
	require.NoError(t, err)
	names := runbookNames(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		if regexp.MustCompile(`^[A-Z][a-z]`).MatchString(name) {
			require.Contains(t, names, name, "a runbook of no alert")
		}
	}
}
