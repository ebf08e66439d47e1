package cli

import (
	"maps"
	"path/filepath"
	"slices"

	"gatehouse/checks/evidence"
	"gatehouse/checks/judge"
	"gatehouse/checks/target"
	"gatehouse/sandbox"
)

// monitorLogin is the login of those who only look, in every store.
const monitorLogin = "monitor"

// inSandbox lays the sandbox's systems over those that the outputs name: the
// database, cache and portal of the outputs are names that only AWS could serve.
func inSandbox(t *target.Targets, status sandbox.Status) {
	t.AWS.Endpoint = status.AWS.Endpoint
	t.Kubernetes = &target.Kubernetes{Kubeconfig: status.Kubernetes.Kubeconfig}
	var at sandbox.Data
	if status.Data != nil {
		at = *status.Data
	}
	t.Postgres, t.PgBouncer, t.Redis, t.DNS, t.Web = nil, nil, nil, nil, webInSandbox(at)
	if p := at.Postgres; p != nil {
		t.Postgres = &target.Postgres{
			Primary: p.Primary, Replicas: p.Replicas, Database: p.Database, User: monitorLogin,
			Password: target.Secret{File: p.Users[monitorLogin]}, TLS: "verify-full", CA: p.CA,
		}
	}
	if p := at.PgBouncer; p != nil {
		t.PgBouncer = &target.PgBouncer{
			Address: p.Address, User: monitorLogin, Password: target.Secret{File: p.Users[monitorLogin]}, TLS: "verify-full", CA: p.CA,
		}
	}
	if r := at.Redis; r != nil {
		t.Redis = &target.Redis{
			Addresses: r.Addresses, Sentinel: r.Primary, User: monitorLogin,
			Password: target.Secret{File: r.Users[monitorLogin]}, TLS: true, CA: r.CA,
		}
		if r.Primary != "" {
			t.Redis.Addresses = r.Sentinels
		}
	}
	if at.DNS != "" && t.Web != nil {
		names := &target.DNS{Server: at.DNS}
		for host := range at.Web.Resolve {
			names.Names = append(names.Names, host)
		}
		t.DNS = names
	}
	if at.Prometheus != "" {
		t.Prometheus = &target.HTTP{URL: at.Prometheus}
	}
	if at.Alertmanager != "" {
		t.Alertmanager = &target.HTTP{URL: at.Alertmanager}
	}
	quiet := judge.Thresholds{"tolerated": toleratedAlerts(status)}
	t.Thresholds = target.ThresholdsFor{"PROC-6": quiet, "MAINT-14": quiet}
	for _, server := range []struct {
		source evidence.Source
		names  []string
	}{
		{evidence.Postgres, []string{"postgres"}},
		{evidence.PgBouncer, []string{"pgbouncer", "postgres"}},
		{evidence.Redis, []string{"redis"}},
		{evidence.Web, []string{"web", "nginx", "portal"}},
		{evidence.DNS, []string{"web", "nginx", "portal"}},
		{evidence.Prometheus, []string{"prometheus"}},
		{evidence.Alertmanager, []string{"alertmanager"}},
	} {
		for _, name := range server.names {
			if why := status.Missing[name]; why != "" {
				t.Missing[server.source] = why
				break
			}
		}
	}
}

// toleratedAlerts are those that fire in the sandbox in time, and rightly: no CronJob
// runs there, and nobody tells how they are; where Backstage is not installed, nobody
// says which plugins it has.
func toleratedAlerts(status sandbox.Status) []any {
	names := []any{"BackupMissing", "RestoreDrillMissing", "PluginMaintenanceMissed"}
	if slices.Contains(status.Kubernetes.Pretended, "backstage") {
		names = append(names, "PluginProbeAbsent")
	}
	return names
}

// webInSandbox is the portal behind the sandbox's nginx.
func webInSandbox(at sandbox.Data) *target.Web {
	w := at.Web
	if w == nil {
		return nil
	}
	resolve := maps.Clone(w.Resolve)
	for host := range w.Resolve {
		resolve[host+":80"] = w.Plain
	}
	return &target.Web{
		Portal: w.PortalURL, API: w.APIURL, Resolve: resolve, CA: w.CA,
		Token: target.Secret{File: w.TokenFile}, User: w.User, Password: target.Secret{File: w.PasswordFile},
	}
}

// artefactsOf are the reports of the pipeline in out/STACK, where `gatehouse
// check load` leaves its summary too.
func artefactsOf(stack string) *target.Artefacts {
	out := func(pattern string) []string { return []string{filepath.Join("out", stack, pattern)} }
	return &target.Artefacts{
		Coverage: out("coverage*"), SARIF: out("*.sarif"), NPMAudit: out("npm-audit*.json"), Trivy: out("trivy*.json"),
		K6: out("k6-summary.json"), JUnit: out("junit*.xml"),
	}
}

// pretended are the checkers whose failure in the sandbox says nothing of the
// environment: what they want to see is what the emulator does not keep, or what
// only people and time bring about.
func pretended() map[string]string {
	return map[string]string{
		"acm-certificates":      "the emulator does not say what uses a certificate",
		"ecr-repositories":      "nobody pushes images to the sandbox",
		"elasticache-snapshots": "the emulator takes no snapshots of a cache",
		"guardduty-on":          "the emulator does not keep GuardDuty's features",
		"network-flow-logs":     "the emulator delivers no flow logs",
		"rds-highly-available":  "the emulator puts every database into one zone",
		"rds-monitoring":        "the emulator does not keep Performance Insights",
		"root-locked":           "the emulator's account has no second factor",
		"secrets-hold-values":   "nobody writes into the sandbox what only people have, such as the OAuth secret",
	}
}
