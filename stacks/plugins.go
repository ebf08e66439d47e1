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
)

// maintainSchedule is nightly, after the backups and before people come (UTC).
const maintainSchedule = "30 3 * * *"

// deployBackstage makes Backstage, and the Jobs that install the plugins of the
// configuration unless they are not managed: some need the volume and come before
// Backstage's pods, whose image they may build, and one needs these. before is what
// the installer needs to run.
func (p portal) deployBackstage(ctx *pulumi.Context, before []pulumi.Resource, opts ...pulumi.ResourceOption) error {
	args := p.backstage()
	if !p.env.Config.Portal.Plugins.Managed() {
		_, err := workload.New(ctx, p.env.Named(args.Name), args, opts...)
		return err
	}
	requests, err := newRequests(p.env.Config, p.env.Name, rootOf(ctx))
	if err != nil {
		return fmt.Errorf("deploy plugins: %w", err)
	}
	var staged *plugins.Plugins
	args.Prepare = func(volume pulumi.Resource) ([]pulumi.Resource, error) {
		jobs := p.installation(requests)
		jobs.Before = append(slices.Clone(before), volume)
		var err error
		if staged, err = plugins.Stage(ctx, p.env.Named("plugins"), jobs, opts...); err != nil {
			return nil, fmt.Errorf("deploy plugins: %w", err)
		}
		return staged.Built(), nil
	}
	backstage, err := workload.New(ctx, p.env.Named(args.Name), args, opts...)
	if err != nil {
		return err
	}
	if err := staged.Activate(ctx, p.activation(requests, backstage)); err != nil {
		return fmt.Errorf("deploy plugins: %w", err)
	}
	return nil
}

// hash names a Job: what is the same makes the same Job, which has run already.
func (p portal) hash(text string) string { return install.Hash(append(p.installerFacts(), text)...) }

// installation is what comes before Backstage.
func (p portal) installation(requests requests) plugins.Args {
	c := p.env.Config
	args := plugins.Args{
		Namespace: p.namespaces[backstageNamespace], Labels: ownership(p.env),
		Image: imageOf(p.foundation, plugins.App, c.Portal.Images.PluginInstaller),
		Claim: pluginsClaim, Settings: p.installerSettings(), Notes: p.env.Asked.notes(), TrustedRoot: requests.trustedRoot,
		Schedule: maintainSchedule,
	}
	judges := registryToken(c)
	if requests.trustedRoot != "" {
		judges = append(judges, pod.Env{Name: install.VariableTrustedRoot, Value: pulumi.String(plugins.TrustedRootFile)})
	}
	args.Maintain = request(requests.maintain, judges...)
	for _, stage := range requests.stages {
		args.Stages = append(args.Stages, plugins.Step{
			Name:   plugins.StageName(stage.plugin, p.hash(stage.text+requests.trustedRoot)),
			Plugin: stage.plugin, Env: slices.Concat(request(stage.text, judges...), askedBy()),
		})
	}
	args.Assemble = plugins.Step{Name: plugins.AssembleName(p.hash(requests.set)), Env: slices.Concat(request(requests.set), askedBy())}
	if requests.build != "" {
		args.Build = &plugins.Step{
			Name: plugins.BuildName(p.hash(requests.build + requests.pipeline)),
			Env:  slices.Concat(request(requests.build, buildSettings(c, requests.pipeline)...), askedBy()),
		}
	}
	return args
}

// activation is what comes after Backstage.
func (p portal) activation(requests requests, backstage *workload.Workload) plugins.Portal {
	c := p.env.Config
	portal := plugins.Portal{
		Activate: plugins.Step{
			Name: plugins.ActivateName(p.hash(requests.activate)),
			// Another description of the pods is proved again, though the plugins are the same.
			Env: slices.Concat(request(requests.activate, pod.Env{Name: install.VariableWorkload, Value: backstage.Fingerprint}), askedBy()),
		},
		App: install.App, Ports: []pod.Port{{Name: "http", Number: install.BackstagePort}, probePort()},
		Scraped: []string{probePort().Name}, Meshed: c.Platform.Mesh.Enabled, Workload: backstage,
	}
	if loadsBeside(c) {
		portal.Ports = append(portal.Ports, loaderProbePort())
		portal.Scraped = append(portal.Scraped, loaderProbePort().Name)
	}
	return portal
}

func request(text string, more ...pod.Env) []pod.Env {
	return append([]pod.Env{{Name: install.VariableRequest, Value: pulumi.String(text)}}, more...)
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
		{Name: install.VariableJob, Field: "metadata.labels['batch.kubernetes.io/job-name']"},
		text(install.VariableMessage, "/dev/termination-log"), // Kubernetes' default
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
