package config

import (
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"gatehouse/plugins"
)

// Plugins says which plugins the portal has, how they are judged and how they are
// installed (deployment guide, Implementation Options for EKS).
type Plugins struct {
	// InstallMode is dynamic or rebuild: the strategy of each package that names
	// none.
	InstallMode InstallMode `yaml:"installMode" jsonschema:"default=dynamic"`
	// StorageGiB is the size of the shared volume of plugins.
	StorageGiB int `yaml:"storageGiB" jsonschema:"minimum=1,maximum=16384,default=20"`
	// CITriggerURL starts the pipeline that rebuilds the image; needed with
	// installMode: rebuild when rebuild names no pipeline.
	CITriggerURL *URL `yaml:"ciTriggerUrl"`
	// Packages are the plugins that the portal must have, and no others. Absent,
	// plugins are not managed here; an empty list is managed, with none.
	Packages []Package `yaml:"packages" jsonschema:"optional"`
	// Host is a JSON file below the project's folder: what the gate holds
	// plugins against, {"backstage": RELEASE, "node": VERSION, "packages": {NAME:
	// VERSION}}. It is read when the program runs. Needed with packages.
	Host *string `yaml:"host"`
	// TrustedRoot is a JSON file below the project's folder: sigstore's
	// trusted_root.json, whose keys attestations are verified with. Absent, it is the
	// one of the public sigstore. It is read when the program runs.
	TrustedRoot *string `yaml:"trustedRoot"`
	// Registry is the npm registry that packages come from.
	Registry RegistryURL `yaml:"registry" jsonschema:"default=https://registry.npmjs.org"`
	// RegistryTokenSecret is the entry of foundation.secrets with a token for the
	// registry; absent, it is asked without one.
	RegistryTokenSecret *string `yaml:"registryTokenSecret"`
	// Advisories is where known vulnerabilities come from: OSV's export of npm, or
	// a copy of it in a bucket.
	Advisories AdvisorySource `yaml:"advisories" jsonschema:"default=https://osv-vulnerabilities.storage.googleapis.com/npm/all.zip"`
	// Policy is what the gate asks of every package; absent, the gate's own
	// defaults, which are for production.
	Policy *PluginPolicy `yaml:"policy"`
	// Keep is how many generations of plugins stay on the volume, to go back to.
	Keep int `yaml:"keep" jsonschema:"minimum=1,maximum=50,default=5"`
	// Command starts Backstage in its image.
	Command []string `yaml:"command" jsonschema:"default=[node, packages/backend]"`
	// AppConfig are the files of app-config in Backstage's image, the later ones
	// over the earlier; that of the plugins comes last.
	AppConfig []string `yaml:"appConfig" jsonschema:"default=[app-config.yaml, app-config.production.yaml]"`
	// Rebuild is the pipeline that builds packages into the image; needed with a
	// package of strategy: rebuild.
	Rebuild *Rebuild `yaml:"rebuild"`
	// Sidecar is the size of the container that loads packages of strategy:
	// sidecar.
	Sidecar Sidecar `yaml:"sidecar" jsonschema:"default={}"`
}

// DefaultPlugins are the plugins of a configuration that says nothing of them.
func DefaultPlugins() Plugins {
	var p Plugins
	new(decoder).value(reflect.ValueOf(&p).Elem(), &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}, pluginsPath, field{})
	return p
}

// Managed says that the portal has the packages of this configuration, none
// included. Otherwise nothing about plugins is touched.
func (p Plugins) Managed() bool { return p.Packages != nil }

// StrategyOf is how a package reaches the portal: its own strategy, or else
// InstallMode.
func (p Plugins) StrategyOf(of Package) plugins.Strategy {
	if of.Strategy != nil {
		return plugins.Strategy(*of.Strategy)
	}
	return plugins.Strategy(p.InstallMode)
}

// hasSidecar says that a container beside Backstage loads packages.
func (p Plugins) hasSidecar() bool {
	return slices.ContainsFunc(p.Packages, func(each Package) bool { return p.StrategyOf(each) == plugins.Sidecar })
}

// Package is one plugin that the portal must have.
type Package struct {
	// Name is the npm package, with its scope.
	Name PackageName `yaml:"name"`
	// Version is the exact version.
	Version PackageVersion `yaml:"version"`
	// Integrity is the SHA-512 of its tarball, as `npm view NAME@VERSION
	// dist.integrity` prints it.
	Integrity Integrity `yaml:"integrity"`
	// Strategy is how it reaches the portal; absent, it is installMode.
	Strategy *PluginStrategy `yaml:"strategy"`
	// AppConfig is its fragment of Backstage's app-config. A secret in it is a
	// variable of the portal: ${VARIABLE}.
	AppConfig map[string]any `yaml:"appConfig" jsonschema:"optional"`
	// Accept are problems of the gate that are accepted for this package.
	Accept []Exception `yaml:"accept" jsonschema:"default=[]"`
	// RequireProvenance demands a good attestation of how this package was built,
	// though policy demands none.
	RequireProvenance bool `yaml:"requireProvenance" jsonschema:"default=false"`
}

// Ref is the package's name and version.
func (p Package) Ref() plugins.Ref {
	return plugins.Ref{Name: string(p.Name), Version: string(p.Version)}
}

// AppConfigYAML is the fragment of app-config as YAML with sorted keys, "" for
// none.
func (p Package) AppConfigYAML() (string, error) {
	if len(p.AppConfig) == 0 {
		return "", nil
	}
	text, err := yaml.Marshal(p.AppConfig)
	return string(text), err
}

// Exception accepts one problem that the gate finds in one package.
type Exception struct {
	// Step is the gate's step that finds it.
	Step GateStep `yaml:"step"`
	// ID is what the step calls it: its remedy tells.
	ID string `yaml:"id"`
	// Reason is why it is accepted, for the audit trail.
	Reason string `yaml:"reason"`
	// Expires is the last day on which it counts, in UTC; in production at most 90
	// days ahead.
	Expires Date `yaml:"expires"`
}

// PluginPolicy is what the gate asks of every package. What is absent has the
// gate's default.
type PluginPolicy struct {
	// Licences are the SPDX identifiers that are allowed; absent, common permissive
	// ones.
	Licences []string `yaml:"licences" jsonschema:"optional"`
	// RefuseFrom is the lowest severity of a known vulnerability that is refused;
	// absent, high.
	RefuseFrom *Severity `yaml:"refuseFrom"`
	// AdvisoriesMaxAgeDays is how old the knowledge of vulnerabilities may be;
	// absent, 7 days.
	AdvisoriesMaxAgeDays *int `yaml:"advisoriesMaxAgeDays" jsonschema:"minimum=1,maximum=90"`
	// Provenance is what is asked of the attestation of a package's build.
	Provenance Provenance `yaml:"provenance" jsonschema:"default={}"`
	// MaxPackedMiB bounds a tarball; absent, 32.
	MaxPackedMiB *int `yaml:"maxPackedMiB" jsonschema:"minimum=1,maximum=1024"`
	// MaxUnpackedMiB bounds its files; absent, 200.
	MaxUnpackedMiB *int `yaml:"maxUnpackedMiB" jsonschema:"minimum=1,maximum=8192"`
	// MaxFiles bounds their number; absent, 20000.
	MaxFiles *int `yaml:"maxFiles" jsonschema:"minimum=1,maximum=1000000"`
}

// Provenance is what is asked of the attestation of a package's build.
type Provenance struct {
	// Required refuses a package without a good attestation; few Backstage plugins
	// have one.
	Required bool `yaml:"required" jsonschema:"default=false"`
	// Builders are the allowed builder.id of SLSA, whole; none means any. Only with
	// required.
	Builders []string `yaml:"builders" jsonschema:"default=[]"`
	// Repositories are the allowed source repositories, whole, such as
	// https://github.com/backstage/backstage; none means any. Only with required.
	Repositories []string `yaml:"repositories" jsonschema:"default=[]"`
}

// Sidecar is the size of the container plugin-loader in each pod of Backstage.
type Sidecar struct {
	// CPU is what it requests.
	CPU CPU `yaml:"cpu" jsonschema:"default=250m"`
	// Memory is what it requests.
	Memory Memory `yaml:"memory" jsonschema:"default=512Mi"`
	// CPULimit is the most CPU that it gets.
	CPULimit CPU `yaml:"cpuLimit" jsonschema:"default=1"`
	// MemoryLimit is the memory at which it is killed.
	MemoryLimit Memory `yaml:"memoryLimit" jsonschema:"default=1Gi"`
}
