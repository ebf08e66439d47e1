package configtest

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"gatehouse/plugins/gate"
	"gatehouse/stacks/config"
)

// drawPlugins draws plugins that are managed or not, with packages that agree.
func drawPlugins(t *rapid.T) config.Plugins {
	p := config.Plugins{
		InstallMode: config.InstallDynamic,
		StorageGiB:  number(t, 1, 16384, "plugin storage"),
		Registry:    oneOf[config.RegistryURL](t, "registry", "https://registry.npmjs.org", "https://npm.example.com:8443/a"),
		Advisories:  oneOf[config.AdvisorySource](t, "advisories", "https://osv.example.com/npm/all.zip", "s3://advisories/npm/all.zip"),
		Keep:        number(t, 1, 50, "keep"),
		Command:     oneOf(t, "command", []string{"node", "packages/backend"}, []string{"node", "--no-node-snapshot", "index.js"}),
		AppConfig:   oneOf(t, "app-config", []string{"app-config.yaml"}, []string{"app-config.yaml", "app-config.production.yaml"}),
		Sidecar:     config.Sidecar{CPU: "100m", CPULimit: "500m", Memory: "128Mi", MemoryLimit: "1Gi"},
	}
	if rapid.Bool().Draw(t, "rebuild") {
		url := config.URL("https://api.github.com/repos/example/portal/dispatches")
		p.InstallMode, p.CITriggerURL, p.Rebuild = config.InstallRebuild, &url, drawRebuild(t)
	}
	if rapid.Bool().Draw(t, "managed") {
		host := "plugins/host.json"
		p.Host, p.Packages = &host, []config.Package{}
		for i := range number(t, 0, 4, "packages") {
			p.Packages = append(p.Packages, drawPackage(t, i))
		}
	}
	if rapid.Bool().Draw(t, "policy") {
		p.Policy = drawPluginPolicy(t)
	}
	return p
}

func drawPackage(t *rapid.T, i int) config.Package {
	p := config.Package{
		Name:              config.PackageName(oneOf(t, "scope", "", "@example/") + fmt.Sprintf("plugin-%d", i)),
		Version:           oneOf[config.PackageVersion](t, "version", "1.15.0", "0.1.0-next.2", "2.0.0+build.7"),
		Integrity:         config.Integrity("sha512-" + strings.Repeat(oneOf(t, "integrity", "A", "b", "/", "9"), 85) + "A=="),
		Accept:            []config.Exception{},
		RequireProvenance: rapid.Bool().Draw(t, "provenance"),
	}
	if rapid.Bool().Draw(t, "own strategy") {
		strategy := oneOf[config.PluginStrategy](t, "strategy", "dynamic", "sidecar")
		p.Strategy = &strategy
	}
	if rapid.Bool().Draw(t, "fragment") {
		p.AppConfig = map[string]any{
			fmt.Sprintf("plugin%d", i): oneOf[any](t, "fragment value", nil, true, 3, 1.5, "text", "2027-02-01", []any{"a", map[string]any{"b": 1}}),
			"shared":                   map[string]any{"on": true},
		}
	}
	for range number(t, 0, 2, "accepted") {
		p.Accept = append(p.Accept, config.Exception{
			Step: config.GateStep(oneOf(t, "step", gate.Names()...)), ID: "GHSA-aaaa-bbbb-cccc", Reason: "Not reachable.",
			Expires: oneOf[config.Date](t, "expires", "2026-11-21", "2027-02-19"),
		})
	}
	return p
}

func drawRebuild(t *rapid.T) *config.Rebuild {
	workflow := "plugins.yaml"
	return oneOf(
		t, "pipeline",
		&config.Rebuild{CodeBuild: &config.CodeBuild{Project: "portal"}},
		&config.Rebuild{GitHub: &config.GitHub{Repository: "example/portal", Workflow: &workflow, Ref: "main", TokenSecret: "entry0"}},
		&config.Rebuild{GitLab: &config.GitLab{URL: "https://gitlab.example.com", Project: "portal/backend", Ref: "v1", TokenSecret: "entry0", TriggerTokenSecret: "entry1"}},
		&config.Rebuild{Jenkins: &config.Jenkins{URL: "https://ci.example.com", Job: "portal/plugins", TokenSecret: "entry0", UserSecret: "entry1"}},
	)
}

func drawPluginPolicy(t *rapid.T) *config.PluginPolicy {
	p := &config.PluginPolicy{Provenance: config.Provenance{Builders: []string{}, Repositories: []string{}}}
	if rapid.Bool().Draw(t, "limits") {
		n := number(t, 1, 1024, "limit")
		p.MaxPackedMiB, p.MaxUnpackedMiB, p.MaxFiles = &n, &n, &n
	}
	if rapid.Bool().Draw(t, "licences") {
		p.Licences = oneOf(t, "allowed licences", []string{}, []string{"MIT", "Apache-2.0"})
	}
	if rapid.Bool().Draw(t, "severity") {
		severity, days := oneOf[config.Severity](t, "refuse from", "low", "medium", "high"), number(t, 1, 7, "age of advisories")
		p.RefuseFrom, p.AdvisoriesMaxAgeDays = &severity, &days
	}
	if rapid.Bool().Draw(t, "provenance of all") {
		p.Provenance = config.Provenance{Required: true, Builders: []string{"https://github.com/actions/runner"}, Repositories: []string{}}
	}
	return p
}
