// Package dashboards draws Grafana's dashboards: one table of panels a
// dashboard. To add a panel, add an entry to its table.
//
// Grafana itself, and who may see it, is components/monitoring's; the recording
// rules that panels read are components/alerts'.
package dashboards

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Args says where the dashboards go.
type Args struct {
	// Namespace is that of Grafana.
	Namespace pulumi.StringInput
	// Labels say whose they are.
	Labels map[string]string
	// Selector is the label by which Grafana finds them, with the value "1".
	Selector string
}

// Dashboards are ConfigMaps, one a dashboard, that Grafana takes in as they
// come and go.
type Dashboards struct {
	pulumi.ResourceState
	component.Parts
}

// New makes the ConfigMaps.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Dashboards, error) {
	d := &Dashboards{}
	return d, component.Register(ctx, "gatehouse:kubernetes:Dashboards", name, d, func(child pulumi.ResourceOption) error {
		labels := pulumi.ToStringMap(args.Labels)
		labels[args.Selector] = pulumi.String("1")
		for _, board := range All() {
			model, err := board.JSON()
			if err != nil {
				return err
			}
			_, err = corev1.NewConfigMap(ctx, name+"-"+board.UID, &corev1.ConfigMapArgs{
				Metadata: metav1.ObjectMetaArgs{
					Name: pulumi.String(board.UID), Namespace: args.Namespace.ToStringOutput().ToStringPtrOutput(), Labels: labels,
				},
				Data: pulumi.StringMap{board.UID + ".json": pulumi.String(model)},
			}, child)
			if err != nil {
				return fmt.Errorf("make dashboard %s: %w", board.UID, err)
			}
		}
		return nil
	}, opts...)
}

// All lists the dashboards.
func All() []Dashboard {
	return []Dashboard{portal(), plugins(), stores(), objectives()}
}
