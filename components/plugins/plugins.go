// Package plugins makes what installs Backstage's plugins: a Job that judges and
// stages each plugin, one that puts them together into a generation, one that has
// the image rebuilt, and one that has the portal load it all and proves that it did;
// with the ConfigMap that tells of them, the CronJob that looks after the volume,
// and the Service and the monitor of what the pods have loaded.
//
// What the Jobs do is the installer's; this package knows their requests as text
// only. The volume and the portal's Deployments are workload's, the rights of the
// installer's account are stacks' and identity's.
package plugins

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/pod"
)

// App is the ServiceAccount of the installer, the label `app` of its pods, and
// the name of the CronJob (deployment guide, "Install a Plugin").
const App = "plugin-installer"

// StatusName is the name of the ConfigMap with the status, of the Service in
// front of the pods' own reports, and of their monitor (deployment guide, "Check
// Installation Status" and "Prometheus Metrics").
const StatusName = "backstage-plugins"

// Volume is the folder at which the Jobs have the shared volume, all of it.
const Volume = "/plugins"

// TrustedRootFile is where the Jobs that judge have [Args.TrustedRoot].
const (
	TrustedRootFile   = trustedRootFolder + "/" + trustedRootKey
	trustedRootFolder = "/etc/plugin-trust"
	trustedRootKey    = "trusted_root.json"
	trustedRootName   = "plugin-trusted-root"
)

// Labels of the Jobs' pods.
const (
	// jobLabel tells the Jobs of this package from others.
	jobLabel = "gatehouse/job"
	jobValue = "plugin-install"
	// needsLabel says what must really run for a Job to mean anything.
	needsLabel = "gatehouse/needs"
	needsValue = "backstage"
)

// Args describes the plugins of a portal.
type Args struct {
	// Namespace is the portal's.
	Namespace pulumi.StringInput
	// Labels say whose it all is.
	Labels map[string]string
	// Image is that of the installer.
	Image pulumi.StringInput
	// Claim is the PersistentVolumeClaim of the shared volume.
	Claim string
	// Settings are the variables that every step has.
	Settings []pod.Env
	// Notes are annotations of the Jobs' pods that tell of this very run, such as who
	// asked. They are no part of what a Job does: with other ones a Job that is there
	// stays as it is, and a new one has them.
	Notes map[string]string
	// TrustedRoot is sigstore's trusted_root.json, which the Jobs that judge have at
	// [TrustedRootFile]; "" for none.
	TrustedRoot string
	// Stages judge and stage one plugin each.
	Stages []Step
	// Assemble puts a generation together once all are staged.
	Assemble Step
	// Build has the portal's image rebuilt once all are staged; nil when no plugin
	// needs it.
	Build *Step
	// Maintain are the variables of the CronJob, and Schedule is when it runs:
	// five cron fields, UTC.
	Maintain []pod.Env
	Schedule string
	// Before is what the Jobs need: the account with its rights and the volume.
	Before []pulumi.Resource
}

// Step is one Job.
type Step struct {
	// Name is the Job's: JobName makes it.
	Name string
	// Plugin is the npm package of a stage; "" for what is of all of them.
	Plugin string
	// Env are the variables of this Job alone: its request.
	Env []pod.Env
}

// Portal is what loads the plugins.
type Portal struct {
	// Activate has it load a generation and proves it.
	Activate Step
	// App is the label `app` of its pods.
	App string
	// Ports are those that are asked of each pod, by the names that its
	// containers give them.
	Ports []pod.Port
	// Scraped are the names of those that have metrics at /metrics.
	Scraped []string
	// Meshed is whether the pods have a proxy of the mesh.
	Meshed bool
	// Workload is the whole of it, for Activate to wait for.
	Workload pulumi.Resource
}

// Plugins are the plugins of a portal, in two steps: what is made before the portal
// ([Stage]), and what needs it ([Plugins.Activate]).
type Plugins struct {
	pulumi.ResourceState
	component.Parts

	name  string
	args  Args
	child pulumi.ResourceOption
	// assembled is the Job; built too, or nil.
	assembled, built pulumi.Resource
}

// Stage makes what judges, stages and assembles the plugins, and builds those into
// the image that need it. Activate is the second half: without it the portal never
// has them.
func Stage(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Plugins, error) {
	p := &Plugins{name: name, args: args}
	err := component.Register(ctx, "gatehouse:kubernetes:Plugins", name, p, func(child pulumi.ResourceOption) error {
		p.child = child
		if err := args.check(); err != nil {
			return fmt.Errorf("make the plugins: %w", err)
		}
		status, err := newStatus(ctx, name, args, child)
		if err != nil {
			return err
		}
		before := append([]pulumi.Resource{status}, args.Before...)
		if args.TrustedRoot != "" {
			root, err := newTrustedRoot(ctx, name, args, child)
			if err != nil {
				return err
			}
			before = append(before, root)
		}
		if err := newCronJob(ctx, name, args, child, component.DependsOn(before...)); err != nil {
			return err
		}
		return p.newJobs(ctx, before)
	}, opts...)
	return p, err
}

// Built is what the portal's Deployments wait for: the image that they name. There is
// none where nothing is built.
func (p *Plugins) Built() []pulumi.Resource {
	if p.built == nil {
		return nil
	}
	return []pulumi.Resource{p.built}
}

// Activate makes what has the portal load the plugins, and what it says of them.
func (p *Plugins) Activate(ctx *pulumi.Context, portal Portal) error {
	if err := portal.check(p.args); err != nil {
		return fmt.Errorf("%s: make the plugins: %w", p.name, err)
	}
	reports, err := newService(ctx, p.name, p.args, portal, p.child, component.DependsOn(portal.Workload))
	if err != nil {
		return err
	}
	if err := newMonitor(ctx, p.name, p.args, portal, p.child); err != nil {
		return err
	}
	proof := append([]pulumi.Resource{p.assembled, reports, portal.Workload}, p.Built()...)
	_, err = newJob(ctx, p.name+"-activate", p.args, activate, portal.Activate, p.child, component.DependsOn(proof...))
	return err
}

// newJobs makes the Jobs that need no portal, in the order in which they need each
// other.
func (p *Plugins) newJobs(ctx *pulumi.Context, before []pulumi.Resource) error {
	var staged []pulumi.Resource
	for _, step := range p.args.Stages {
		made, err := newJob(ctx, p.name+"-stage-"+step.Plugin, p.args, stage, step, p.child, component.DependsOn(before...))
		if err != nil {
			return err
		}
		staged = append(staged, made)
	}
	// Without a plugin there is nothing staged to wait for.
	ready := component.DependsOn(append(staged, before...)...)
	assembled, err := newJob(ctx, p.name+"-assemble", p.args, assemble, p.args.Assemble, p.child, ready)
	if err != nil {
		return err
	}
	p.assembled = assembled
	if p.args.Build == nil {
		return nil
	}
	p.built, err = newJob(ctx, p.name+"-build", p.args, build, *p.args.Build, p.child, ready)
	return err
}

// newStatus makes the ConfigMap. What is in it is the installer's, so that
// nothing of it is said here: an up changes none of it.
func newStatus(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	return corev1.NewConfigMap(ctx, name+"-status", &corev1.ConfigMapArgs{Metadata: args.metadata(StatusName, App)}, opts...)
}

// newTrustedRoot makes the ConfigMap with sigstore's keys.
func newTrustedRoot(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (pulumi.Resource, error) {
	return corev1.NewConfigMap(ctx, name+"-trusted-root", &corev1.ConfigMapArgs{
		Metadata: args.metadata(trustedRootName, App), Data: pulumi.StringMap{trustedRootKey: pulumi.String(args.TrustedRoot)},
	}, opts...)
}

// metadata names an object that belongs to an app.
func (a Args) metadata(name, app string) metav1.ObjectMetaArgs {
	return metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: a.Namespace.ToStringOutput().ToStringPtrOutput(),
		Labels: pulumi.ToStringMap(pod.Labels(a.Labels, app)),
	}
}
