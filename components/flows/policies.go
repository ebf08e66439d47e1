package flows

import (
	"fmt"
	"maps"
	"slices"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args are the flows of an environment.
type Args struct {
	// Flows are all of them; see [Check] for what they must hold.
	Flows []Flow
	// Namespaces are the closed ones, by name.
	Namespaces map[string]pulumi.StringOutput
	// Labels say whose the policies are.
	Labels map[string]string
}

// Policies are the NetworkPolicies of an environment's flows.
type Policies struct {
	pulumi.ResourceState
	component.Parts
}

// New makes the policies: for each flow one of egress in the namespaces of its
// source and one of ingress in those of its target, where they are closed.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Policies, error) {
	p := &Policies{}
	err := component.Register(ctx, "gatehouse:kubernetes:Flows", name, p, func(child pulumi.ResourceOption) error {
		if err := Check(args.Flows, slices.Collect(maps.Keys(args.Namespaces))); err != nil {
			return err
		}
		for _, f := range args.Flows {
			for _, end := range []direction{egress, ingress} {
				if err := args.policies(ctx, name, f, end, child); err != nil {
					return fmt.Errorf("flow %s: %w", f.Name(), err)
				}
			}
		}
		return nil
	}, opts...)
	return p, err
}

// direction is the end of a flow that a policy is at.
type direction string

const (
	egress  direction = "egress"
	ingress direction = "ingress"
)

// whyAnnotation holds the reason of a flow.
const whyAnnotation = "gatehouse/why"

func (a Args) policies(ctx *pulumi.Context, name string, f Flow, end direction, child pulumi.ResourceOption) error {
	here := f.From
	if end == ingress {
		here = f.To
	}
	for _, namespace := range here.namespaces() {
		closed, ok := a.Namespaces[namespace]
		if !ok {
			continue
		}
		policy := f.Name() + "-" + string(end)
		_, err := networkingv1.NewNetworkPolicy(ctx, name+"-"+namespace+"-"+policy, &networkingv1.NetworkPolicyArgs{
			Metadata: metav1.ObjectMetaArgs{
				Name: pulumi.String(policy), Namespace: closed, Labels: pulumi.ToStringMap(a.Labels),
				Annotations: pulumi.StringMap{whyAnnotation: pulumi.String(f.Why)},
			},
			Spec: f.spec(end, here),
		}, child)
		if err != nil {
			return err
		}
	}
	return nil
}

// spec allows the flow at one of its ends, for the pods that are there.
func (f Flow) spec(end direction, here Peer) networkingv1.NetworkPolicySpecArgs {
	selector := metav1.LabelSelectorArgs{}
	if w, ok := here.(Workload); ok {
		selector.MatchLabels = pulumi.ToStringMap(w.Labels)
	}
	spec := networkingv1.NetworkPolicySpecArgs{PodSelector: selector}
	ports := networkingv1.NetworkPolicyPortArray{}
	for _, port := range f.Ports {
		ports = append(ports, networkingv1.NetworkPolicyPortArgs{
			Port: pulumi.Int(port.Number), Protocol: pulumi.String(port.Protocol),
		})
	}
	if end == egress {
		spec.PolicyTypes = pulumi.ToStringArray([]string{"Egress"})
		spec.Egress = networkingv1.NetworkPolicyEgressRuleArray{
			networkingv1.NetworkPolicyEgressRuleArgs{To: selectors(f.To), Ports: ports},
		}
		return spec
	}
	spec.PolicyTypes = pulumi.ToStringArray([]string{"Ingress"})
	spec.Ingress = networkingv1.NetworkPolicyIngressRuleArray{
		networkingv1.NetworkPolicyIngressRuleArgs{From: selectors(f.From), Ports: ports},
	}
	return spec
}

// namespaceLabel is the one that the API server puts on every namespace and
// lets nobody change.
const namespaceLabel = "kubernetes.io/metadata.name"

// selectors are how the other end of a policy is recognised.
func selectors(p Peer) networkingv1.NetworkPolicyPeerArray {
	switch p := p.(type) {
	case Workload:
		return networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{
			NamespaceSelector: metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{namespaceLabel: pulumi.String(p.Namespace)}},
			PodSelector:       metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(p.Labels)},
		}}
	case Namespaces:
		return networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{
			NamespaceSelector: metav1.LabelSelectorArgs{MatchExpressions: metav1.LabelSelectorRequirementArray{
				metav1.LabelSelectorRequirementArgs{
					Key: pulumi.String(namespaceLabel), Operator: pulumi.String("In"), Values: pulumi.ToStringArray(slices.Sorted(slices.Values(p.Names))),
				},
			}},
		}}
	case Addresses:
		blocks := networkingv1.NetworkPolicyPeerArray{}
		for _, r := range p.Ranges {
			block := networkingv1.IPBlockArgs{Cidr: pulumi.String(r.CIDR.String())}
			var except pulumi.StringArray
			for _, e := range r.Except {
				except = append(except, pulumi.String(e.String()))
			}
			if except != nil {
				block.Except = except
			}
			blocks = append(blocks, networkingv1.NetworkPolicyPeerArgs{IpBlock: block})
		}
		return blocks
	default:
		// Peer is closed; a peer without a selector would mean everyone.
		panic(fmt.Sprintf("flows: no selector for a %T", p))
	}
}
