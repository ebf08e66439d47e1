package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

// read parses staging's stack file with its portal replaced.
func read(t *testing.T, portal string) config.Config {
	t.Helper()
	text := baseFile(t, "staging")
	before, _, found := strings.Cut(text, "  gatehouse:portal:")
	require.True(t, found)
	// A larger class, so that the default pools fit.
	before = strings.Replace(before, "db.t4g.medium", "db.m7g.large", 1)
	c, err := config.Parse("Pulumi.staging.yaml", []byte(before+portal), config.At(configtest.Today()))
	require.NoError(t, err)
	return c
}

func TestAbsentSectionsHaveTheGuidesFigures(t *testing.T) {
	for name, portal := range map[string]string{"absent": "", "empty": "  gatehouse:portal: {}\n  gatehouse:platform: {}\n  gatehouse:monitoring: {}\n  gatehouse:backup: {}\n"} {
		t.Run(name, func(t *testing.T) {
			c := read(t, portal)
			require.Equal(t, config.Workload{MinReplicas: 4, MaxReplicas: 10, CPU: "500m", Memory: "512Mi", CPULimit: "1", MemoryLimit: "1Gi"}, c.Portal.Frontend)
			require.Equal(t, config.Workload{MinReplicas: 2, MaxReplicas: 10, CPU: "250m", Memory: "256Mi", CPULimit: "500m", MemoryLimit: "512Mi"}, c.Portal.WebSocket)
			require.Equal(t, config.Workload{MinReplicas: 2, MaxReplicas: 10, CPU: "500m", Memory: "1Gi", CPULimit: "2", MemoryLimit: "2Gi"}, c.Portal.Backstage)
			require.Equal(t, 70, c.Portal.CPUTargetPercent)
			require.Equal(t, 20, c.Portal.Plugins.StorageGiB)
			require.Equal(t, "sun:02:00-sun:04:00", c.Portal.Maintenance.Weekly.String())
			require.Equal(t, "01:00-05:00", c.Portal.Maintenance.Monthly.String())
			require.Equal(t, config.SLO{AvailabilityPercent: 99.9, LatencySeconds: 1, LatencyPercent: 95}, c.Monitoring.SLO)
			require.Equal(t, config.Cron("0 */6 * * *"), c.Backup.Schedules.Database)
			require.True(t, c.Platform.Mesh.Enabled)
			require.Equal(t, 31536000, c.Platform.Ingress.HSTSMaxAgeSeconds)
		})
	}
}

func TestPartOfAWorkloadKeepsItsOtherDefaults(t *testing.T) {
	c := read(t, "  gatehouse:portal:\n    frontend: {maxReplicas: 6}\n    backstage: {minReplicas: 3}\n")
	require.Equal(t, config.Workload{MinReplicas: 4, MaxReplicas: 6, CPU: "500m", Memory: "512Mi", CPULimit: "1", MemoryLimit: "1Gi"}, c.Portal.Frontend)
	require.Equal(t, config.Workload{MinReplicas: 3, MaxReplicas: 10, CPU: "500m", Memory: "1Gi", CPULimit: "2", MemoryLimit: "2Gi"}, c.Portal.Backstage)
}

func TestContentSecurityPolicyNamesTheDomain(t *testing.T) {
	policy := read(t, "").ContentSecurityPolicy()
	require.Contains(t, policy, "connect-src 'self' https://api.portal.staging.example.com wss://portal.staging.example.com;")
	require.NotContains(t, policy, "DOMAIN")
}

func TestQuotasOfNamespaces(t *testing.T) {
	guide := config.Quota{
		RequestsCPU: "20", RequestsMemory: "40Gi", LimitsCPU: "40", LimitsMemory: "80Gi",
		Pods: 50, PersistentVolumeClaims: 10, LoadBalancers: 3,
	}
	require.Equal(t, guide, config.Platform{}.Quota("developer-portal"))
	require.Len(t, config.Namespaces(), 8)
	for _, namespace := range config.Namespaces() {
		quota := config.Platform{}.Quota(namespace)
		require.GreaterOrEqual(t, quota.LimitsCPU.Millicores(), quota.RequestsCPU.Millicores(), namespace)
		require.GreaterOrEqual(t, quota.LimitsMemory.MiB(), quota.RequestsMemory.MiB(), namespace)
	}
	own := config.Quota{Pods: 7}
	require.Equal(t, own, config.Platform{Quotas: map[string]config.Quota{"mesh": own}}.Quota("mesh"))
	require.Zero(t, config.Platform{}.Quota("kube-system"))
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int{"500m": 500, "2": 2000, "0.5": 500, "0.25": 250, "1.125": 1125} {
		var cpu config.CPU
		require.NoError(t, cpu.UnmarshalText([]byte(text)), text)
		require.Equal(t, want, cpu.Millicores(), text)
	}
	for _, text := range []string{"", "0", "0m", "0.0", "-1", "1.0001", "1e3", "500 m", "2k"} {
		require.Error(t, new(config.CPU).UnmarshalText([]byte(text)), text)
	}
	for text, want := range map[string]int{"512Mi": 512, "2Gi": 2048} {
		var memory config.Memory
		require.NoError(t, memory.UnmarshalText([]byte(text)), text)
		require.Equal(t, want, memory.MiB(), text)
	}
	for _, text := range []string{"", "0Mi", "512", "512M", "512Ki", "1.5Gi", "1Ti"} {
		require.Error(t, new(config.Memory).UnmarshalText([]byte(text)), text)
	}
}

func TestImageReferenceParts(t *testing.T) {
	digest := "sha256:" + strings.Repeat("ab", 32)
	require.Equal(t, "1.4.2", config.ImageReference("1.4.2@"+digest).Tag())
	require.Equal(t, digest, config.ImageReference("1.4.2@"+digest).Digest())
	require.Equal(t, "1.4.2", config.ImageReference("1.4.2").Tag())
	require.Empty(t, config.ImageReference("1.4.2").Digest())
}

func TestAPipelineCanBeNothingButAURL(t *testing.T) {
	c := read(t, `  gatehouse:portal:
    plugins:
      host: plugins/host.json
      ciTriggerUrl: https://ci.example.com/run
      packages:
        - {name: a, version: 1.0.0, strategy: rebuild, integrity: sha512-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==}
`)
	require.Len(t, c.Portal.Plugins.Rebuilt(), 1)
}
