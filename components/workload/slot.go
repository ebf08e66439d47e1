package workload

import (
	"errors"
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/pod"
)

// Slot is one of the two Deployments of a blue-green workload, or the only one
// of a rolling workload.
type Slot string

// The slots.
const (
	Rolling Slot = ""
	Blue    Slot = "blue"
	Green   Slot = "green"
)

// slotLabel tells the pods of the slots apart.
const slotLabel = "slot"

// BlueGreen runs the Deployments NAME-blue and NAME-green, each with an image
// and an autoscaler of its own. The Service NAME selects the active one, and
// NAME-preview the other.
//
// To release, give the idle slot the new image, test it through the preview,
// and then change Active: nothing but the Services' selectors changes, and
// changing it back returns to the version before. The idle slot rests at the
// minimum of replicas, since nobody sends to it: ready to take over, for twice
// the minimum's price.
type BlueGreen struct {
	// Active is the slot that serves.
	Active Slot
	// Blue and Green are the images of the slots. The Image of Pod is not used.
	Blue, Green pulumi.StringInput
}

func (b BlueGreen) check() error {
	if b.Active != Blue && b.Active != Green {
		return fmt.Errorf("make blue or green the active slot, not %q", b.Active)
	}
	if b.Blue == nil || b.Green == nil {
		return errors.New("name the images of both slots")
	}
	return nil
}

func (b BlueGreen) idle() Slot {
	if b.Active == Blue {
		return Green
	}
	return Blue
}

func (a Args) slots() []Slot {
	if a.BlueGreen == nil {
		return []Slot{Rolling}
	}
	return []Slot{Blue, Green}
}

// suffix is what a slot's objects have after the workload's name.
func (s Slot) suffix() string {
	if s == Rolling {
		return ""
	}
	return "-" + string(s)
}

// selects is what selects the pods of a slot.
func (a Args) selects(slot Slot) map[string]string {
	labels := map[string]string{pod.AppLabel: a.Pod.App}
	if slot != Rolling {
		labels[slotLabel] = string(slot)
	}
	return labels
}

// podOf is the pod of a slot.
func (a Args) podOf(slot Slot) pod.Spec {
	spec := a.Pod
	spec.Labels = maps.Clone(a.Labels)
	if spec.Labels == nil {
		spec.Labels = map[string]string{}
	}
	maps.Copy(spec.Labels, a.selects(slot))
	switch slot {
	case Blue:
		spec.Image = a.BlueGreen.Blue
	case Green:
		spec.Image = a.BlueGreen.Green
	}
	return spec
}

// newSlot makes a Deployment with its autoscaler and its budget. It gives the
// Deployment, and its description as text.
func newSlot(ctx *pulumi.Context, name string, args Args, slot Slot, child, after pulumi.ResourceOption) (pulumi.Resource, pulumi.StringOutput, error) {
	deployment, described, err := newDeployment(ctx, name+slot.suffix(), args, slot, child, after)
	if err != nil {
		return nil, described, err
	}
	if err := newAutoscaler(ctx, name+slot.suffix(), args, slot, child); err != nil {
		return nil, described, err
	}
	return deployment, described, newBudget(ctx, name+slot.suffix(), args, slot, child)
}
