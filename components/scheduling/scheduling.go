// Package scheduling makes the priority classes: who may take whose place when
// the cluster is full.
//
// Their names are pod's; which workload has which class is the workload's to
// say.
package scheduling

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	schedulingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/scheduling/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/pod"
)

// class is a priority class; the cluster's own system classes are far above.
type class struct {
	name, why string
	value     int
	isDefault bool
	preempts  bool
}

// classes are apart by enough that another fits between them.
func classes() []class {
	return []class{
		{name: pod.Critical, value: 100_000, preempts: true, why: "The portal cannot be reached or work without it."},
		{name: pod.Standard, value: 10_000, preempts: true, isDefault: true, why: "It serves, and others can do without it for a while."},
		{name: pod.Batch, value: 1_000, why: "It runs and ends, and waits for a free place."},
	}
}

// Args configures the classes.
type Args struct {
	// Labels say whose they are.
	Labels map[string]string
}

// Priorities are the priority classes of a cluster.
type Priorities struct {
	pulumi.ResourceState
	component.Parts

	// Ready is what pods with a class wait for.
	Ready []pulumi.Resource
}

// New makes the classes.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Priorities, error) {
	p := &Priorities{}
	err := component.Register(ctx, "gatehouse:kubernetes:Priorities", name, p, func(child pulumi.ResourceOption) error {
		for _, c := range classes() {
			policy := "Never"
			if c.preempts {
				policy = "PreemptLowerPriority"
			}
			made, err := schedulingv1.NewPriorityClass(ctx, name+"-"+c.name, &schedulingv1.PriorityClassArgs{
				Metadata:         metav1.ObjectMetaArgs{Name: pulumi.String(c.name), Labels: pulumi.ToStringMap(args.Labels)},
				Value:            pulumi.Int(c.value),
				GlobalDefault:    pulumi.Bool(c.isDefault),
				PreemptionPolicy: pulumi.String(policy),
				Description:      pulumi.String(c.why),
			}, child, pulumi.DeleteBeforeReplace(true)) // value and policy cannot change, and names are taken
			if err != nil {
				return err
			}
			p.Ready = append(p.Ready, made)
		}
		return nil
	}, opts...)
	return p, err
}
