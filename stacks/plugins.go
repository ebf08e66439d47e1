package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/identity"
	"gatehouse/components/plugins"
	"gatehouse/components/pod"
	"gatehouse/components/workload"
	"gatehouse/plugins/install"
	"gatehouse/stacks/config"
)

// maintainSchedule is nightly, after the backups and before people come (UTC).
const maintainSchedule = "30 3 * * *"

// deployPlugins makes the Jobs that install the plugins of the configuration,
// unless they are not managed. before is what the installer needs to run.
func (p portal) deployPlugins(ctx *pulumi.Context, backstage *workload.Workload, before []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	if !p.env.Config.Portal.Plugins.Managed() {
		return nil
	}
	args, err := p.plugins(ctx.RootDirectory())
	if err != nil {
		return fmt.Errorf("deploy plugins: %w", err)
	}
	args.Portal.Workload = backstage
	args.Before = append(slices.Clone(before), backstage.Volume)
	if _, err := plugins.New(ctx, p.env.Named("plugins"), args, opts...); err != nil {
		return fmt.Errorf("deploy plugins: %w", err)
	}
	return nil
}

// plugins are the Jobs' descriptions. root is the project's folder.
func (p portal) plugins(root string) (plugins.Args, error) {
	c := p.env.Config
	requests, err := newRequests(c, p.env.Name, root)
	if err != nil {
		return plugins.Args{}, err
	}
	args := plugins.Args{
		Namespace: p.namespaces[backstageNamespace], Labels: ownership(p.env),
		Image: imageOf(p.foundation, plugins.App, c.Portal.Images.PluginInstaller),
		Claim: pluginsClaim, Settings: p.installerSettings(),
		Maintain: request(requests.maintain), Schedule: maintainSchedule,
		Portal: plugins.Portal{
			App: install.App, Ports: []pod.Port{{Name: "http", Number: install.BackstagePort}, probePort()},
			Scraped: []string{probePort().Name}, Meshed: c.Platform.Mesh.Enabled,
		},
	}
	// What is the same makes the same Job, which has run already.
	hash := func(text string) string { return install.Hash(append(p.installerFacts(), text)...) }
	for _, stage := range requests.stages {
		args.Stages = append(args.Stages, plugins.Step{
			Name: plugins.StageName(stage.plugin, hash(stage.text)), Plugin: stage.plugin, Env: request(stage.text),
		})
	}
	args.Assemble = plugins.Step{Name: plugins.AssembleName(hash(requests.set)), Env: request(requests.set)}
	args.Activate = plugins.Step{Name: plugins.ActivateName(hash(requests.activate)), Env: request(requests.activate)}
	if requests.build != "" {
		args.Build = &plugins.Step{
			Name: plugins.BuildName(hash(requests.build + requests.pipeline)),
			Env:  append(request(requests.build), pod.Env{Name: install.VariablePipeline, Value: pulumi.String(requests.pipeline)}),
		}
	}
	if loadsBeside(c) {
		args.Portal.Ports = append(args.Portal.Ports, loaderProbePort())
		args.Portal.Scraped = append(args.Portal.Scraped, loaderProbePort().Name)
	}
	return args, nil
}

func request(text string) []pod.Env {
	return []pod.Env{{Name: install.VariableRequest, Value: pulumi.String(text)}}
}

// installerSettings are the variables of every step.
func (p portal) installerSettings() []pod.Env {
	text := func(name, value string) pod.Env { return pod.Env{Name: name, Value: pulumi.String(value)} }
	c := p.env.Config.Portal.Plugins
	return []pod.Env{
		text("AWS_REGION", p.env.Region),
		text(install.VariableVolume, plugins.Volume),
		text(install.VariableRegistry, string(c.Registry)),
		text(install.VariableAdvisories, string(c.Advisories)),
		text(install.VariableDeployments, strings.Join(deployments(p.env, backstageName), ",")),
		{Name: install.VariableRepository, Value: p.foundation.Repositories[backstageName].URL},
		{Name: install.VariableCache, Value: pulumi.Sprintf("s3://%s/%s", p.foundation.Plugins.Name, identity.PluginCachePrefix)},
		{Name: install.VariableTrail, Value: pluginTrail(p.foundation)},
		{Name: install.VariableNamespace, Field: "metadata.namespace"},
		{Name: install.VariablePod, Field: "metadata.name"},
	}
}

// pluginTrail is where the audit trail of the plugins is.
func pluginTrail(foundation FoundationOutputs) pulumi.StringOutput {
	return pulumi.Sprintf("s3://%s/%s", foundation.Audit.Name, identity.PluginTrailPrefix)
}

// installerFacts are what matters to every step besides its request. The buckets
// have their names from the environment's.
func (p portal) installerFacts() []string {
	c := p.env.Config.Portal
	return append([]string{
		p.env.Prefix, p.env.Region, string(c.Images.PluginInstaller), string(c.Plugins.Registry), string(c.Plugins.Advisories),
	}, deployments(p.env, backstageName)...)
}

// probePort is where the probe answers in each pod of Backstage, and
// loaderProbePort where the one of the container beside it does.
func probePort() pod.Port {
	return pod.Port{Name: "plugins", Number: install.ProbePort, Direct: true}
}

func loaderProbePort() pod.Port {
	return pod.Port{Name: "sidecar", Number: loaderProbe, Direct: true}
}

// managedPorts are those on which each pod of Backstage is asked for its plugins;
// none where they are not managed.
func managedPorts(c config.Config) []int {
	switch {
	case !c.Portal.Plugins.Managed():
		return nil
	case loadsBeside(c):
		return []int{install.ProbePort, loaderProbe}
	default:
		return []int{install.ProbePort}
	}
}
