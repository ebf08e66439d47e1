package installer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gatehouse/plugins"
	"gatehouse/plugins/install"
	"gatehouse/plugins/prove"
	"gatehouse/plugins/rollout"
)

// differ are the images that a Deployment does not name yet. Those that it names by
// their tag stay so: to name them by their digest would be one more rollout, of the
// same.
func (p portal) differ(ctx context.Context, images map[string]install.Image) (map[string]string, error) {
	if len(images) == 0 {
		return nil, nil
	}
	all := map[string]string{}
	for _, name := range p.Deployments {
		d, err := p.Client.AppsV1().Deployments(p.Namespace).Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return nil, fmt.Errorf("read which images Deployment %s/%s has: %w", p.Namespace, name, err)
		}
		named := map[string]string{}
		for _, c := range d.Spec.Template.Spec.Containers {
			named[c.Name] = c.Image
		}
		for container, image := range images {
			if !names(image, named[container]) {
				all[container] = image.Pinned
			}
		}
	}
	return all, nil
}

// names tells whether a text names an image.
func names(image install.Image, text string) bool {
	return text == image.Pinned || image.Tagged != "" && text == image.Tagged
}

// told tells whether a pod is told to run these images. Where only an image changes,
// that alone tells its pods from those of before.
func told(pod core.Pod, images map[string]install.Image) bool {
	return !slices.ContainsFunc(pod.Spec.Containers, func(c core.Container) bool {
		image, asked := images[c.Name]
		return asked && !names(image, c.Image)
	})
}

// runs wants containers to run their images: those that they are told to, and that
// the node has really started, which it names by digest.
func runs(pod rollout.Pod, images map[string]install.Image) error {
	for _, c := range pod.Containers {
		want, asked := images[c.Name]
		if !asked {
			continue
		}
		_, digest, _ := strings.Cut(want.Pinned, "@")
		if !names(want, c.Image) || strings.Contains(c.ImageID, "sha256:") && !strings.HasSuffix(c.ImageID, digest) {
			return fmt.Errorf("%w: pod %s: container %s runs %s (%s), not %s", install.ErrNotProved, pod.Name, c.Name, c.Image, c.ImageID, want.Pinned)
		}
	}
	return nil
}

// resolves wants the portal's program to find exactly these packages in its image.
// What is in an image does not change: one answer is enough.
func (p portal) resolves(ctx context.Context, pod rollout.Pod, want []plugins.Ref) error {
	if len(want) == 0 {
		return nil
	}
	var asked []string
	for _, each := range want {
		asked = append(asked, each.Name)
	}
	return p.until(ctx, pod, func() (bool, error) {
		found, err := prove.Packages(ctx, p.http, at(pod, install.ProbePort), asked)
		switch {
		case errors.Is(err, prove.ErrAnswer):
			return true, fmt.Errorf("%w: pod %s: %w", install.ErrNotProved, pod.Name, err)
		case err != nil:
			return false, err
		}
		for _, each := range want {
			switch version, there := found[each.Name]; {
			case !there:
				return true, fmt.Errorf("%w: pod %s: its image does not have %s: see what the pipeline built", install.ErrNotProved, pod.Name, each)
			case version != each.Version:
				return true, fmt.Errorf("%w: pod %s: its image has %s@%s, not %s: see what the pipeline built", install.ErrNotProved, pod.Name, each.Name, version, each.Version)
			}
		}
		return true, nil
	})
}
