package monitoring_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/monitoring"
)

const (
	monitorType    = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
	deploymentType = "kubernetes:apps/v1:Deployment"
	releaseType    = "kubernetes:helm.sh/v3:Release"
)

func run(t *testing.T, change func(*monitoring.Args)) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		args := monitoring.Args{
			Namespace: pulumi.String("monitoring"), Labels: map[string]string{"gatehouse/owner": "platform"},
			Cluster: "gatehouse-test", Meshed: true, RetentionDays: 30, StorageGiB: 100, Replicas: 2, AlertmanagerReplicas: 3,
			Domain: "portal.example.com",
			Postgres: monitoring.Postgres{
				Primary: pulumi.String("db.example:5432"), Readers: []pulumi.StringInput{pulumi.String("db-1.example:5432")},
				Database: "portal", CertificatesImage: pulumi.String("pgbouncer:1"),
			},
			Redis: &monitoring.Redis{Endpoint: pulumi.String("clustercfg.cache.abc.usw2.cache.amazonaws.com:6379"), Shards: 2, ReplicasPerShard: 1},
		}
		if change != nil {
			change(&args)
		}
		_, err := monitoring.New(ctx, "monitoring", args)
		return err
	})
}

// monitorOf decodes the spec as the operator's own type would, refusing fields
// that it has not.
func monitorOf(t *testing.T, seen componenttest.Registrations, name string) monitoringv1.ServiceMonitorSpec {
	t.Helper()
	for _, m := range seen.OfType(monitorType) {
		if m.Input("metadata.name") != name {
			continue
		}
		text, err := json.Marshal(m.Input("spec"))
		require.NoError(t, err)
		var spec monitoringv1.ServiceMonitorSpec
		strict := json.NewDecoder(bytes.NewReader(text))
		strict.DisallowUnknownFields()
		require.NoError(t, strict.Decode(&spec))
		return spec
	}
	require.Failf(t, "no such ServiceMonitor", "%s", name)
	return monitoringv1.ServiceMonitorSpec{}
}

func instances(spec monitoringv1.ServiceMonitorSpec) map[string]map[string][]string {
	found := map[string]map[string][]string{}
	for _, e := range spec.Endpoints {
		for _, r := range e.RelabelConfigs {
			if r.TargetLabel == "instance" {
				found[*r.Replacement] = e.Params
			}
		}
	}
	return found
}

func TestPrometheusKeepsWhatItIsTold(t *testing.T) {
	chart := run(t, nil).One(t, releaseType)
	prometheus := func(path string) any { return chart.Input("values.prometheus.prometheusSpec." + path) }
	require.Equal(t, "kube-prometheus-stack", chart.Input("chart"))
	require.Equal(t, 2.0, prometheus("replicas"))
	require.Equal(t, "30d", prometheus("retention"))
	require.Equal(t, "87040MiB", prometheus("retentionSize"), "85 percent of 100 GiB")
	require.Equal(t, "gp3-fast", prometheus("storageSpec.volumeClaimTemplate.spec.storageClassName"))
	require.Equal(t, "100Gi", prometheus("storageSpec.volumeClaimTemplate.spec.resources.requests.storage"))
	require.Equal(t, "gatehouse-test", prometheus("externalLabels.cluster"))
	for _, kind := range []string{"rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"} {
		require.Equal(t, false, prometheus(kind+"SelectorNilUsesHelmValues"), "%s objects of all are taken", kind)
	}
	require.Equal(t, "alertmanager-config", chart.Input("values.alertmanager.alertmanagerSpec.configSecret"))
	require.Equal(t, []any{"alertmanager-receivers"}, chart.Input("values.alertmanager.alertmanagerSpec.secrets"))
	require.Equal(t, "grafana-admin", chart.Input("values.grafana.admin.existingSecret"))
	require.Equal(t, false, chart.Input(`values.grafana["grafana.ini"]["auth.anonymous"].enabled`))
	require.Equal(t, "grafana_dashboard", chart.Input("values.grafana.sidecar.dashboards.label"))
	require.Equal(t, false, chart.Input("values.kubeEtcd.enabled"))
	require.Equal(t, false, chart.Input("values.defaultRules.rules.kubernetesApps"))
	require.Equal(t, true, chart.Input("values.defaultRules.rules.node"))
}

func TestTheMeshLetsPrometheusIn(t *testing.T) {
	chart := run(t, nil).One(t, releaseType)
	prometheus := func(path string) any { return chart.Input("values.prometheus.prometheusSpec." + path) }
	require.Equal(t, "/etc/prom-certs", prometheus("volumeMounts[0].mountPath"))
	require.Equal(t, prometheus("volumes[0].name"), prometheus("volumeMounts[0].name"))
	require.Contains(t, prometheus(`podMetadata.annotations["proxy.istio.io/config"]`), "OUTPUT_CERTS: /etc/istio-output-certs")
	require.Contains(t, prometheus(`podMetadata.annotations["sidecar.istio.io/userVolumeMount"]`), prometheus("volumes[0].name"))
	require.Equal(t, "disabled", prometheus(`podMetadata.labels["security.istio.io/tlsMode"]`))
	require.Equal(t, "https", prometheus("alertingEndpoints[0].scheme"))
	require.Equal(t, "/etc/prom-certs/key.pem", prometheus("alertingEndpoints[0].tlsConfig.keyFile"))
	require.Equal(t, "https", chart.Input("values.grafana.serviceMonitor.scheme"))
	require.Equal(t, "9094", chart.Input(`values.alertmanager.alertmanagerSpec.podMetadata.annotations["traffic.sidecar.istio.io/excludeInboundPorts"]`))
	require.Equal(t, "false", chart.Input(`values.prometheusOperator.podLabels["sidecar.istio.io/inject"]`))
}

func TestWithoutAMeshNothingAsksForCertificates(t *testing.T) {
	seen := run(t, func(a *monitoring.Args) { a.Meshed = false })
	chart := seen.One(t, releaseType)
	require.Nil(t, chart.Input("values.prometheus.prometheusSpec.volumes"))
	require.Nil(t, chart.Input("values.prometheus.prometheusSpec.alertingEndpoints"))
	require.Equal(t, "http", chart.Input("values.grafana.serviceMonitor.scheme"))
	for _, name := range []string{"blackbox-exporter", "postgres-exporter", "redis-exporter", "pushgateway"} {
		for _, e := range monitorOf(t, seen, name).Endpoints {
			require.Nil(t, e.TLSConfig)
		}
	}
}

// everyResources walks values for what runs containers.
func everyResources(t *testing.T, path string, value any, found *[]string) {
	t.Helper()
	fields, ok := value.(map[string]any)
	if !ok {
		return
	}
	for key, inner := range fields {
		if key == "resources" && path != "" && fields["accessModes"] == nil {
			for _, side := range []string{"requests", "limits"} {
				given := inner.(map[string]any)[side].(map[string]any)
				require.NotEmpty(t, given["cpu"], "%s %s", path, side)
				require.NotEmpty(t, given["memory"], "%s %s", path, side)
			}
			*found = append(*found, path)
		}
		everyResources(t, path+"."+key, inner, found)
	}
}

func TestEveryContainerOfTheChartHasLimits(t *testing.T) {
	var found []string
	everyResources(t, "", run(t, nil).One(t, releaseType).Input("values"), &found)
	require.ElementsMatch(t, []string{
		".prometheusOperator", ".prometheusOperator.prometheusConfigReloader", ".prometheus.prometheusSpec",
		".alertmanager.alertmanagerSpec", ".grafana", ".grafana.sidecar", ".kube-state-metrics", ".prometheus-node-exporter",
	}, found)
}

func TestUptimeIsAskedTheWayUsersCome(t *testing.T) {
	spec := monitorOf(t, run(t, nil), "blackbox-exporter")
	require.Equal(t, map[string]map[string][]string{
		"https://portal.example.com":                 {"module": {"page"}, "target": {"https://portal.example.com"}},
		"https://portal.example.com/api/health":      {"module": {"http_2xx"}, "target": {"https://portal.example.com/api/health"}},
		"https://api.portal.example.com/healthcheck": {"module": {"health"}, "target": {"https://api.portal.example.com/healthcheck"}},
		"portal.example.com:443":                     {"module": {"tls"}, "target": {"portal.example.com:443"}},
	}, instances(spec))
	for _, e := range spec.Endpoints {
		require.Equal(t, "https", e.Scheme)
		require.Equal(t, "/etc/prom-certs/root-cert.pem", e.TLSConfig.CAFile)
	}
}

func TestEveryDatabaseInstanceIsAskedOnItsOwn(t *testing.T) {
	seen := run(t, nil)
	require.Equal(t, map[string]map[string][]string{
		"db.example:5432":   {"auth_module": {"monitor"}, "target": {"db.example:5432/portal"}},
		"db-1.example:5432": {"auth_module": {"monitor"}, "target": {"db-1.example:5432/portal"}},
	}, instances(monitorOf(t, seen, "postgres-exporter")))
	exporter := seen.Named(t, deploymentType, "monitoring-postgres-exporter")
	require.Equal(t, "pgbouncer:1", exporter.Input("spec.template.spec.initContainers[0].image"), "the CA bundle comes from our image")
}

func TestEveryCacheNodeIsAskedOnItsOwn(t *testing.T) {
	found := instances(monitorOf(t, run(t, nil), "redis-exporter"))
	require.Len(t, found, 4)
	const first = "cache-0001-001.cache.abc.usw2.cache.amazonaws.com:6379"
	require.Equal(t, map[string][]string{"target": {"rediss://" + first}}, found[first])
	require.Contains(t, found, "cache-0002-002.cache.abc.usw2.cache.amazonaws.com:6379")
}

func TestACacheThatNobodyMayAskHasNoExporter(t *testing.T) {
	seen := run(t, func(a *monitoring.Args) { a.Redis = nil })
	require.NotContains(t, seen.OfType(deploymentType).Names(), "monitoring-redis-exporter")
}

func TestThePushgatewayOutlivesItsPod(t *testing.T) {
	seen := run(t, nil)
	gateway := seen.Named(t, deploymentType, "monitoring-pushgateway")
	require.Equal(t, 1.0, gateway.Input("spec.replicas"))
	require.Contains(t, gateway.Input("spec.template.spec.containers[0].args"), "--persistence.file=/data/metrics")
	claim := seen.One(t, "kubernetes:core/v1:PersistentVolumeClaim")
	require.Equal(t, []any{"ReadWriteMany"}, claim.Input("spec.accessModes"))
	require.True(t, monitorOf(t, seen, "pushgateway").Endpoints[0].HonorLabels)
}

func TestExportersHaveLimitsProbesAndOwners(t *testing.T) {
	seen := run(t, nil)
	require.Len(t, seen.OfType(deploymentType), 4)
	for _, d := range seen.OfType(deploymentType) {
		container := "spec.template.spec.containers[0]."
		require.NotEmpty(t, d.Input(container+"resources.limits.memory"), d.Name)
		require.NotNil(t, d.Input(container+"livenessProbe"), d.Name)
		require.Equal(t, "platform", d.Input(`spec.template.metadata.labels["gatehouse/owner"]`), d.Name)
		require.Equal(t, d.Input("metadata.name"), d.Input(`spec.template.metadata.labels.app`), d.Name)
		require.NotRegexp(t, ":latest$|^[^:]+$", d.Input(container+"image"), "a fixed version")
	}
	for name, port := range map[string]float64{"prometheus": 9090, "alertmanager": 9093} {
		service := seen.Named(t, "kubernetes:core/v1:Service", "monitoring-"+name)
		require.Equal(t, name, service.Input("metadata.name"))
		require.Equal(t, port, service.Input("spec.ports[0].port"))
	}
}

func TestWhatNeedsTheKindsWaitsForTheChart(t *testing.T) {
	seen := run(t, nil)
	waits := func(r componenttest.Registration) bool {
		return strings.Contains(fmt.Sprint(r.Dependencies), releaseType)
	}
	// What a component waits for, its children wait for.
	parents := map[string]bool{}
	for _, c := range seen {
		if !c.Custom && waits(c) {
			parents[c.Type+"::"+c.Name] = true
		}
	}
	for _, m := range seen.OfType(monitorType) {
		_, parent, _ := strings.Cut(m.Parent, "gatehouse:kubernetes:Monitoring$")
		require.True(t, waits(m) || parents[parent], "%s under %s", m.Name, m.Parent)
	}
}
