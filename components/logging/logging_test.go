package logging_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/logging"
)

const groupType = "aws:cloudwatch/logGroup:LogGroup"

var kept = logging.Retention{Application: 30, Plugin: 90, Platform: 14, Audit: 365}

func TestGroupsAreMadeWithKeyAndRetention(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := logging.NewGroups(ctx, "logs", logging.GroupsArgs{
			Prefix: "/gatehouse/test/", Retention: kept, KeyARN: pulumi.String("key-logs"), Protect: true,
		})
		return err
	})
	require.Len(t, seen.OfType(groupType), 4)
	for class, days := range map[string]float64{"application": 30, "plugin": 90, "platform": 14, "audit": 365} {
		group := seen.Named(t, groupType, "logs-"+class)
		require.Equal(t, "/gatehouse/test/"+class, group.Input("name"))
		require.Equal(t, days, group.Input("retentionInDays"))
		require.Equal(t, "key-logs", group.Input("kmsKeyId"))
		require.Equal(t, class == "audit", group.Protect)
		require.Contains(t, group.Parent, "::logs")
	}
}

func TestARetentionThatCloudWatchHasNotIsRefused(t *testing.T) {
	wrong := kept
	wrong.Plugin = 42
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := logging.NewGroups(ctx, "logs", logging.GroupsArgs{Retention: wrong, KeyARN: pulumi.String("k")})
		return err
	})
	require.ErrorContains(t, err, "keep plugin logs: CloudWatch Logs cannot keep a group for 42 days")
}

func TestFluentBitRunsOnEveryNodeWithNoCapability(t *testing.T) {
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := logging.New(ctx, "logging", logging.Args{
			Namespace: pulumi.String("logging"), Labels: map[string]string{"gatehouse/owner": "platform"},
			RoleARN: pulumi.String("arn:role"), Output: logging.CloudWatch, Region: "us-west-2", GroupPrefix: "/gatehouse/test/",
		})
		return err
	})
	chart := seen.One(t, "kubernetes:helm.sh/v3:Release")
	require.Equal(t, "fluent-bit", chart.Input("chart"))
	require.Equal(t, "logging", chart.Input("namespace"))
	require.Equal(t, "arn:role", chart.Input(`values.serviceAccount.annotations["eks.amazonaws.com/role-arn"]`))
	require.Equal(t, []any{"ALL"}, chart.Input("values.securityContext.capabilities.drop"))
	require.Nil(t, chart.Input("values.securityContext.capabilities.add"))
	require.Equal(t, false, chart.Input("values.securityContext.privileged"))
	require.Equal(t, true, chart.Input("values.securityContext.readOnlyRootFilesystem"))
	require.Equal(t, "Exists", chart.Input("values.tolerations[0].operator"))
	require.Equal(t, "384Mi", chart.Input("values.resources.limits.memory"))
	require.Equal(t, "platform", chart.Input(`values.podLabels["gatehouse/owner"]`))
	require.Equal(t, false, chart.Input("values.testFramework.enabled"), "its image has no fixed version")
	require.Contains(t, chart.Input(`values.luaScripts["redact.lua"]`), "function redact(")
	require.Equal(t, true, chart.Input("values.daemonSetVolumeMounts[0].readOnly"))

	monitor := seen.One(t, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
	require.Equal(t, "fluent-bit", monitor.Input("metadata.name"))
	require.Equal(t, "fluent-bit", monitor.Input(`spec.selector.matchLabels["app.kubernetes.io/name"]`))
	require.Equal(t, "platform", monitor.Input(`metadata.labels["gatehouse/owner"]`))
}

func TestAnUnknownOutputFailsTheComponent(t *testing.T) {
	_, err := componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := logging.New(ctx, "logging", logging.Args{
			Namespace: pulumi.String("logging"), RoleARN: pulumi.String("arn:role"), Output: "syslog",
		})
		return err
	})
	require.ErrorContains(t, err, `send logs to "syslog": choose cloudwatch or loki`)
}
