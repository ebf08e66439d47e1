package rollout

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	applyapps "k8s.io/client-go/applyconfigurations/apps/v1"
	applycore "k8s.io/client-go/applyconfigurations/core/v1"
	applymeta "k8s.io/client-go/applyconfigurations/meta/v1"
)

// pinned is an image by digest.
var pinned = regexp.MustCompile(`^[^\s@]+@sha256:[0-9a-f]{64}$`)

// Switch has all Deployments roll out a change. It owns nothing of them but the
// annotation and the images that it has set, and takes these from whoever changed
// them. All are looked at before the first is changed. When it fails between two, the
// first ones are changed, and [Portal.Current] says so. To switch to what is there
// already changes nothing.
func (p Portal) Switch(ctx context.Context, c Change) error {
	deployments, err := p.deployments(ctx)
	if err != nil {
		return fmt.Errorf("switch the portal: %w", err)
	}
	for _, d := range deployments {
		if err := c.check(d); err != nil {
			return fmt.Errorf("switch the portal: %w", err)
		}
	}
	for _, d := range deployments {
		if err := p.apply(ctx, d, c); err != nil {
			return fmt.Errorf("switch Deployment %s/%s: %w", p.Namespace, d.Name, err)
		}
	}
	return nil
}

func (c Change) check(d *apps.Deployment) error {
	for _, name := range slices.Sorted(maps.Keys(c.Images)) {
		if !pinned.MatchString(c.Images[name]) {
			return fmt.Errorf("image %q of container %s has no digest: want NAME@sha256:DIGEST", c.Images[name], name)
		}
		// To apply a container that is not there would make one.
		named := func(container core.Container) bool { return container.Name == name }
		if !slices.ContainsFunc(d.Spec.Template.Spec.Containers, named) {
			return fmt.Errorf("change Deployment %s: it has no container %s that could have another image", d.Name, name)
		}
	}
	return nil
}

func (p Portal) apply(ctx context.Context, live *apps.Deployment, c Change) error {
	// What is applied is all that the manager owns then: it begins with what it owns
	// now, or an image of an earlier change would be taken away.
	own, err := applyapps.ExtractDeployment(live, p.FieldManager)
	if err != nil {
		return fmt.Errorf("read what %s owns: %w", p.FieldManager, err)
	}
	template := templateOf(own)
	delete(template.Annotations, p.Annotation)
	if c.Generation != "" {
		template.WithAnnotations(map[string]string{p.Annotation: c.Generation})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Images)) {
		setImage(template, name, c.Images[name])
	}
	client := p.Client.AppsV1().Deployments(p.Namespace)
	applied, err := client.Apply(ctx, own, metav1.ApplyOptions{FieldManager: p.FieldManager, Force: true})
	if err != nil {
		return err
	}
	if _, left := applied.Spec.Template.Annotations[p.Annotation]; left && c.Generation == "" {
		// Somebody else has written it too, as `kubectl rollout undo` does: to stop
		// owning it is not enough.
		patch := fmt.Appendf(nil, `{"spec":{"template":{"metadata":{"annotations":{%q:null}}}}}`, p.Annotation)
		_, err = client.Patch(ctx, live.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: p.FieldManager})
	}
	return err
}

func templateOf(own *applyapps.DeploymentApplyConfiguration) *applycore.PodTemplateSpecApplyConfiguration {
	if own.Spec == nil {
		own.Spec = applyapps.DeploymentSpec()
	}
	if own.Spec.Template == nil {
		own.Spec.Template = applycore.PodTemplateSpec()
	}
	if own.Spec.Template.ObjectMetaApplyConfiguration == nil {
		own.Spec.Template.ObjectMetaApplyConfiguration = &applymeta.ObjectMetaApplyConfiguration{}
	}
	return own.Spec.Template
}

func setImage(template *applycore.PodTemplateSpecApplyConfiguration, name, image string) {
	if template.Spec == nil {
		template.Spec = applycore.PodSpec()
	}
	for i, container := range template.Spec.Containers {
		if container.Name != nil && *container.Name == name {
			template.Spec.Containers[i].WithImage(image)
			return
		}
	}
	template.Spec.WithContainers(applycore.Container().WithName(name).WithImage(image))
}
