package configtest

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"gatehouse/stacks/config"
)

func drawPlatform(t *rapid.T, production bool) config.Platform {
	p := config.Platform{
		Ingress: config.Ingress{
			Replicas:              number(t, atLeast(production, 2, 1), 30, "ingress replicas"),
			RequestsPerSecond:     number(t, 1, 10000, "requests"),
			BurstMultiplier:       number(t, 1, 100, "burst"),
			Connections:           number(t, 1, 10000, "connections"),
			BodyLimitMiB:          number(t, 1, 1024, "body"),
			ContentSecurityPolicy: oneOf[config.ContentSecurityPolicy](t, "csp", "default-src 'self'", "default-src 'none'; connect-src https://api.DOMAIN; img-src data:"),
			HSTSMaxAgeSeconds:     number(t, atLeast(production, 31536000, 0), 63072000, "hsts"),
		},
		Certificates: config.Certificates{Issuer: config.LetsEncrypt},
		Secrets:      config.ClusterSecrets{Store: config.StoreSecretsManager},
		Mesh:         config.Mesh{Enabled: production || rapid.Bool().Draw(t, "mesh")},
		Quotas:       map[string]config.Quota{},
		Logging: config.Logging{
			Output: config.LogsToCloudWatch,
			RetentionDays: config.LogRetention{
				Application: logDays(t, "application logs"), Plugin: logDays(t, "plugin logs"),
				Platform: logDays(t, "platform logs"), Audit: oneOf(t, "audit logs", 365, 731, 3653),
			},
		},
	}
	if rapid.Bool().Draw(t, "vault") {
		p.Secrets = config.ClusterSecrets{Store: config.StoreVault, Vault: &config.Vault{
			Address: "https://vault.example.com:8200", Path: "secret", MountPath: "kubernetes", Role: "reader",
		}}
	}
	if rapid.Bool().Draw(t, "loki") {
		url := config.URL("https://loki.example.com/loki/api/v1/push")
		p.Logging.Output, p.Logging.LokiURL = config.LogsToLoki, &url
	}
	if rapid.Bool().Draw(t, "quota") {
		p.Quotas[oneOf(t, "namespace", config.Namespaces()...)] = config.Quota{
			RequestsCPU: "100", RequestsMemory: "400Gi", LimitsCPU: "400", LimitsMemory: "1000Gi",
			Pods: number(t, 200, 5000, "pods"), PersistentVolumeClaims: number(t, 0, 1000, "claims"), LoadBalancers: number(t, 0, 50, "load balancers"),
		}
	}
	return p
}

// drawPortal draws sizes that the default quotas hold and pools that the
// smallest class of drawPostgres takes.
func drawPortal(t *rapid.T, production bool) config.Portal {
	p := config.Portal{
		Frontend:         drawWorkload(t, atLeast(production, 4, 1)),
		WebSocket:        drawWorkload(t, atLeast(production, 2, 1)),
		Backstage:        drawWorkload(t, atLeast(production, 2, 1)),
		CPUTargetPercent: number(t, 10, 95, "cpu target"),
		Strategy:         config.Rolling,
		Pooler: config.Pooler{
			Replicas: number(t, atLeast(production, 2, 1), 3, "poolers"), Mode: oneOf(t, "pool mode", config.PoolTransaction, config.PoolSession),
			PoolSize: number(t, 1, 15, "pool size"), ReservePool: number(t, 0, 5, "reserve"), MaxClients: number(t, 10, 20000, "clients"),
		},
		Plugins: drawPlugins(t),
		Maintenance: config.Maintenance{
			Enabled: rapid.Bool().Draw(t, "maintenance"), Message: "Back soon.",
			AllowedCIDRs: oneOf(t, "allowed", []config.CIDR{}, []config.CIDR{prefix("203.0.113.0/24")}),
		},
	}
	p.Maintenance.Monthly, p.Maintenance.Weekly = drawWindows(t, 30)
	for _, image := range []*config.ImageReference{
		&p.Images.PortalFrontend, &p.Images.WebSocket, &p.Images.Backstage, &p.Images.PluginInstaller,
		&p.Images.PluginLoader, &p.Images.Keeper, &p.Images.PgBouncer,
	} {
		*image = drawImage(t, production)
	}
	if rapid.Bool().Draw(t, "blue-green") {
		colour := oneOf(t, "active", config.Blue, config.Green)
		p.Strategy, p.Active = config.BlueGreen, &colour
		if rapid.Bool().Draw(t, "green images") {
			p.GreenImages = &config.GreenImages{
				PortalFrontend: drawImage(t, production), WebSocket: drawImage(t, production), Backstage: drawImage(t, production),
			}
		}
	}
	return p
}

func drawWorkload(t *rapid.T, least int) config.Workload {
	low := number(t, least, 4, "min replicas") // of two colours, the quota holds no more
	return config.Workload{
		MinReplicas: low, MaxReplicas: number(t, low, 8, "max replicas"),
		CPU: oneOf[config.CPU](t, "cpu", "100m", "0.25", "500m"), CPULimit: oneOf[config.CPU](t, "cpu limit", "500m", "0.75", "1"),
		Memory: oneOf[config.Memory](t, "memory", "64Mi", "1Gi"), MemoryLimit: oneOf[config.Memory](t, "memory limit", "1Gi", "1536Mi"),
	}
}

func drawImage(t *rapid.T, production bool) config.ImageReference {
	tag := fmt.Sprintf("%d.%d.0", number(t, 0, 99, "major"), number(t, 0, 99, "minor"))
	if production || rapid.Bool().Draw(t, "digest") {
		tag += "@sha256:" + strings.Repeat(oneOf(t, "hex", "0", "7", "a", "f"), 64)
	}
	return config.ImageReference(tag)
}

func drawMonitoring(t *rapid.T, production bool) config.Monitoring {
	return config.Monitoring{
		RetentionDays:        number(t, 2, 365, "retention"),
		StorageGiB:           number(t, 10, 16384, "storage"),
		Replicas:             number(t, atLeast(production, 2, 1), 5, "prometheus"),
		AlertmanagerReplicas: number(t, atLeast(production, 2, 1), 9, "alertmanagers"),
		SlackChannel:         oneOf[config.SlackChannel](t, "channel", "#alerts", "#platform_2-alerts"),
		SLO: config.SLO{
			AvailabilityPercent: oneOf(t, "availability", 94, 99, 99.5, 99.9, 99.99),
			LatencySeconds:      oneOf(t, "latency", 0.25, 0.5, 1, 2.5),
			LatencyPercent:      number(t, 94, 99, "fast"),
		},
		RunbookBaseURL: oneOf[config.URL](t, "runbooks", "https://example.com", "https://runbooks.example.com:8443/a/b"),
	}
}

func drawReadiness(t *rapid.T, production bool) config.Readiness {
	return config.Readiness{
		Enabled:  rapid.Bool().Draw(t, "readiness"),
		Schedule: oneOf[config.Cron](t, "readiness schedule", "0 5 * * *", "0 */6 * * *", "0 5 * * mon"),
		Image:    drawImage(t, production),
	}
}

func drawBackupJobs(t *rapid.T) config.BackupJobs {
	return config.BackupJobs{
		Schedules: config.Schedules{
			Database:      oneOf[config.Cron](t, "database", "0 */6 * * *", "15 0-23 * * *", "0 0,5,10,15,20 * * *"),
			Configuration: oneOf[config.Cron](t, "configuration", "30 1 * * *", "0 */8 * * *"),
			Base:          oneOf[config.Cron](t, "base", "0 3 * * *", "59 23 * * *"),
			Drill:         oneOf[config.Cron](t, "drill", "0 6 * * mon", "0 6 1 * *", "0 6 * * 1-5"),
		},
		RetentionDays:   number(t, 7, 3650, "backup retention"),
		MaxAgeHours:     number(t, 6, 168, "max age"),
		DrillMaxMinutes: number(t, 5, 720, "drill"),
	}
}
