package cluster

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// Addon is one EKS add-on. It has no version: EKS installs its default for the
// cluster's version, which is the one that AWS has tested together; naming the
// newest would change previews whenever AWS publishes one.
type Addon struct {
	// Name is EKS's name of the add-on.
	Name string
	// Values is the add-on's configuration as a typed value that renders to
	// JSON; nil keeps the defaults.
	Values any
	// RoleARN is the IRSA role of its service accounts; nil for none.
	RoleARN pulumi.StringInput
}

// AddonsArgs names a cluster and what to install.
type AddonsArgs struct {
	ClusterName pulumi.StringInput
	Addons      []Addon
	// After is what must be there before: nodes, for add-ons that are only
	// healthy once their pods run.
	After []pulumi.Resource
}

// Addons is a set of add-ons of a cluster.
type Addons struct {
	pulumi.ResourceState
	component.Parts
}

// NewAddons installs add-ons. Settings made by hand give way to the
// configuration, both when an add-on is installed over a self-managed one and
// when it is updated.
func NewAddons(ctx *pulumi.Context, name string, args AddonsArgs, opts ...pulumi.ResourceOption) (*Addons, error) {
	a := &Addons{}
	err := component.Register(ctx, "gatehouse:aws:ClusterAddons", name, a, func(child pulumi.ResourceOption) error {
		for _, addon := range args.Addons {
			inputs := &eks.AddonArgs{
				ClusterName:              args.ClusterName,
				AddonName:                pulumi.String(addon.Name),
				ResolveConflictsOnCreate: pulumi.String("OVERWRITE"),
				ResolveConflictsOnUpdate: pulumi.String("OVERWRITE"),
			}
			if addon.Values != nil {
				values, err := json.Marshal(addon.Values)
				if err != nil {
					return fmt.Errorf("render values of add-on %s: %w", addon.Name, err)
				}
				inputs.ConfigurationValues = pulumi.String(values)
			}
			if addon.RoleARN != nil {
				inputs.ServiceAccountRoleArn = addon.RoleARN.ToStringOutput()
			}
			if _, err := eks.NewAddon(ctx, name+"-"+addon.Name, inputs, child, component.DependsOn(args.After...)); err != nil {
				return err
			}
		}
		return nil
	}, opts...)
	return a, err
}
