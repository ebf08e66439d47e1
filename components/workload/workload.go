// Package workload makes something that serves inside the cluster: a
// Deployment with its ServiceAccount, Services, autoscaler, disruption budget,
// configuration, volume and monitor.
//
// What its pods are allowed is pod's; what the portal, Backstage and the
// exporters say of themselves is a table in stacks; which traffic reaches them
// is flows'. Things that run and end are no workloads.
package workload

import (
	"errors"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/access"
	"gatehouse/components/component"
	"gatehouse/components/pod"
)

// Args describes a workload. A small one:
//
//	workload.Args{
//		Name: "shop", Namespace: namespace, Labels: ownership, Meshed: true,
//		Replicas: workload.Replicas{Min: 2, Max: 10},
//		Pod: pod.Spec{Container: pod.Container{
//			Image: image, Ports: []pod.Port{{Name: "http", Number: 8080}, {Name: "metrics", Number: 9090}},
//			Probes:    pod.Health("http", "/ready", "/live", 60),
//			Resources: pod.Resources{CPURequest: "250m", MemoryRequest: "256Mi", CPULimit: "1", MemoryLimit: "512Mi"},
//		}},
//	}
type Args struct {
	// Name is the name of the Deployment and of what belongs to it.
	Name string
	// Namespace is where it runs.
	Namespace pulumi.StringInput
	// Labels say whose it is; they are put on every object and pod.
	Labels map[string]string
	// Pod is what runs. App and ServiceAccount are Name when empty; Labels,
	// Spread and Restart are set here.
	Pod pod.Spec
	// RoleARN is the IAM role that the pods may assume (deployment guide,
	// "Service Account Permissions"); nil for none.
	RoleARN pulumi.StringInput
	// Replicas is how many pods there are.
	Replicas Replicas
	// BlueGreen runs two Deployments instead of rolling one; nil rolls.
	BlueGreen *BlueGreen
	// Prepare makes what the pods need and what needs the volume itself, such as what
	// fills it; it gives what the Deployments wait for. volume is nil without a Claim.
	// Nil for nothing.
	Prepare func(volume pulumi.Resource) ([]pulumi.Resource, error)
	// Proved is whether somebody else waits for the pods, and proves more of them than
	// that they are ready: then nobody here waits, so that pods which do not start let
	// them go back; what they have changed meanwhile is taken from them.
	Proved bool
	// Sticky sends a client's connections to the pod of its first one, for
	// three hours after the last. It tells clients apart by address, so what
	// stands in between (ingress-nginx) must keep its own affinity by cookie.
	Sticky bool
	// Aliases are the names of more Services in front of the same pods,
	// without their metrics.
	Aliases []string
	// Config are files made of a ConfigMap; nil for none.
	Config *Config
	// Claim is a volume made for it; nil for none.
	Claim *Claim
	// Metrics says how the port "metrics" is scraped, where there is one.
	Metrics Metrics
	// Meshed is whether the pods have a proxy of the mesh, which lets nobody
	// in without a certificate of the mesh.
	Meshed bool
}

// Workload is something that serves.
type Workload struct {
	pulumi.ResourceState
	component.Parts

	// Service is the Service's name.
	Service pulumi.StringOutput `pulumi:"service"`
	// Deployments are the workload's: one, or one a slot.
	Deployments []pulumi.Resource
	// Fingerprint is a hash of all Deployments as they are described here. It changes
	// with whatever may begin a rollout.
	Fingerprint pulumi.StringOutput
}

// New makes the workload.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Workload, error) {
	w := &Workload{}
	err := component.Register(ctx, "gatehouse:kubernetes:Workload", name, w, func(child pulumi.ResourceOption) error {
		args = args.withDefaults()
		if err := args.check(); err != nil {
			return fmt.Errorf("make workload %s: %w", args.Name, err)
		}
		before, err := newFoundations(ctx, name, args, child)
		if err != nil {
			return err
		}
		var described []pulumi.StringOutput
		for _, slot := range args.slots() {
			deployment, said, err := newSlot(ctx, name, args, slot, child, component.DependsOn(before...))
			if err != nil {
				return err
			}
			w.Deployments, described = append(w.Deployments, deployment), append(described, said)
		}
		w.Fingerprint = fingerprint(described)
		if w.Service, err = newServices(ctx, name, args, child); err != nil {
			return err
		}
		return newMonitor(ctx, name, args, child)
	}, opts...)
	return w, err
}

// newFoundations makes what the pods need before they can start.
func newFoundations(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	account, err := access.NewAccount(ctx, name, access.AccountArgs{
		Name: args.Pod.ServiceAccount, Namespace: args.Namespace, Labels: pod.Labels(args.Labels, args.Pod.App), RoleARN: args.RoleARN,
	}, child)
	if err != nil {
		return nil, err
	}
	made := []pulumi.Resource{account}
	if args.Config != nil {
		config, err := newConfig(ctx, name, args, child)
		if err != nil {
			return nil, err
		}
		made = append(made, config)
	}
	var volume pulumi.Resource
	if args.Claim != nil {
		claim, err := newClaim(ctx, name, args, child)
		if err != nil {
			return nil, err
		}
		volume = claim
		made = append(made, claim)
	}
	if args.Prepare != nil {
		prepared, err := args.Prepare(volume)
		if err != nil {
			return nil, err
		}
		made = append(made, prepared...)
	}
	return made, nil
}

func (a Args) withDefaults() Args {
	if a.Pod.App == "" {
		a.Pod.App = a.Name
	}
	if a.Pod.ServiceAccount == "" {
		a.Pod.ServiceAccount = a.Name
	}
	a.Pod.Labels, a.Pod.Spread, a.Pod.Restart = a.Labels, true, pod.Always
	a.Replicas = a.Replicas.withDefaults()
	return a
}

func (a Args) check() error {
	var wrong []error
	if len(a.Pod.Ports) == 0 {
		wrong = append(wrong, errors.New("name a port that it serves on"))
	}
	if a.BlueGreen != nil {
		wrong = append(wrong, a.BlueGreen.check())
	}
	return errors.Join(append(wrong, a.Replicas.check())...)
}

// ports are those of all containers, the main one's first.
func (a Args) ports() []pod.Port {
	ports := slices.Clone(a.Pod.Ports)
	for _, sidecar := range a.Pod.Sidecars {
		ports = append(ports, sidecar.Ports...)
	}
	return ports
}
