package workload

import (
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// newServices makes the Service NAME, the aliases and, with blue-green, the
// preview. It returns the name of the first.
func newServices(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (pulumi.StringOutput, error) {
	active := Rolling
	if args.BlueGreen != nil {
		active = args.BlueGreen.Active
	}
	ports := args.served()
	service, err := newService(ctx, name, args.Name, args, ports, active, opts...)
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	unmonitored := slices.DeleteFunc(slices.Clone(ports), func(p pod.Port) bool { return p.Name == metricsPort })
	for _, alias := range args.Aliases {
		if _, err := newService(ctx, name+"-alias-"+alias, alias, args, unmonitored, active, opts...); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	if args.BlueGreen != nil {
		// With its metrics: the job of the idle slot is NAME-preview.
		if _, err := newService(ctx, name+"-preview", args.Name+"-preview", args, ports, args.BlueGreen.idle(), opts...); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	return service.Metadata.Name().Elem(), nil
}

// served are the ports of the Services: all but those that are asked of one pod.
func (a Args) served() []pod.Port {
	return slices.DeleteFunc(a.ports(), func(p pod.Port) bool { return p.Direct })
}

// newService listens on the containers' own ports.
func newService(ctx *pulumi.Context, name, service string, args Args, ports []pod.Port, slot Slot, opts ...pulumi.ResourceOption) (*corev1.Service, error) {
	spec := corev1.ServiceSpecArgs{Type: pulumi.String("ClusterIP"), Selector: pulumi.ToStringMap(args.selects(slot))}
	var listed corev1.ServicePortArray
	for _, p := range ports {
		listed = append(listed, corev1.ServicePortArgs{
			Name: pulumi.String(p.Name), Port: pulumi.Int(p.Number), TargetPort: pulumi.String(p.Name),
			Protocol: pulumi.String("TCP"), AppProtocol: pulumi.String(p.AppProtocol()),
		})
	}
	spec.Ports = listed
	if args.Sticky {
		spec.SessionAffinity = pulumi.String("ClientIP")
		spec.SessionAffinityConfig = corev1.SessionAffinityConfigArgs{ClientIP: corev1.ClientIPConfigArgs{TimeoutSeconds: pulumi.Int(10_800)}}
	}
	metadata := args.named(service)
	if args.Proved {
		metadata.Annotations = pulumi.StringMap{unawaitedAnnotation: pulumi.String("true")}
	}
	return corev1.NewService(ctx, name, &corev1.ServiceArgs{Metadata: metadata, Spec: spec}, opts...)
}
