package rollout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Pod is one that has taken over.
type Pod struct {
	// Deployment is the one that it belongs to.
	Deployment string
	Name       string
	IP         string
	// Generation is the one that it has loaded from, "" for none.
	Generation string
	// Containers are those that run, in the pod's order.
	Containers []Container
}

// Container is one of a pod.
type Container struct {
	Name string
	// Image is the configured one.
	Image string
	// ImageID is the one that runs, as the node names it: with its digest.
	ImageID string
}

// Wait waits until the newest pods of every Deployment have taken over: all of them
// are available and no other runs; one that is ending does not count. It gives these
// pods by Deployment, and by name within one.
//
// It ends early with [*FailedError] when new pods cannot start, and with
// [ErrNoReplicas] when there would be none. When ctx ends, the error wraps its cause
// and says what was missing. While the API server cannot be asked, it goes on.
func (p Portal) Wait(ctx context.Context) ([]Pod, error) {
	if len(p.Deployments) == 0 {
		return nil, errors.New("wait for the portal: no Deployment is named: name the portal's")
	}
	ticker := time.NewTicker(orDefault(p.Poll, time.Second))
	defer ticker.Stop()
	held := holdups{}
	missing := "nothing is known of it yet"
	for {
		pods, now, err := p.look(ctx, &held)
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("wait for the portal's new pods: %s: %w", missing, context.Cause(ctx))
		case err != nil && !passes(err):
			return nil, fmt.Errorf("wait for the portal's new pods: %w", err)
		case err != nil:
			missing = err.Error()
		case now == "":
			return pods, nil
		default:
			missing = now
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// passes tells whether to ask again may help.
func passes(err error) bool {
	var failed *FailedError
	switch {
	case errors.As(err, &failed), errors.Is(err, ErrNoReplicas), errors.Is(err, errPaused):
		return false
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err), apierrors.IsNotFound(err), apierrors.IsBadRequest(err):
		return false
	}
	return true
}

// errPaused means that nobody rolls anything out.
var errPaused = errors.New("it is paused: `kubectl rollout resume` it")

// look is one look at all Deployments: the pods, or what is missing still.
func (p Portal) look(ctx context.Context, held *holdups) (pods []Pod, missing string, err error) {
	var all []string
	next := holdups{}
	for _, name := range p.Deployments {
		s, err := p.scene(ctx, name)
		if err != nil {
			return nil, "", err
		}
		said, err := s.missing()
		if err != nil {
			return nil, "", fmt.Errorf("see Deployment %s/%s: %w", p.Namespace, name, err)
		}
		if said == "" {
			pods = append(pods, p.taken(s)...)
			continue
		}
		all = append(all, fmt.Sprintf("Deployment %s: %s", name, said))
		if err := p.fails(ctx, s, *held, next); err != nil {
			return nil, "", err
		}
	}
	*held = next
	return pods, strings.Join(all, "; "), nil
}

// taken are the pods that have taken over.
func (p Portal) taken(s *scene) (pods []Pod) {
	for _, pod := range s.fresh {
		taken := Pod{Deployment: s.deployment.Name, Name: pod.Name, IP: pod.Status.PodIP, Generation: p.of(pod.ObjectMeta)}
		for _, container := range pod.Spec.Containers {
			taken.Containers = append(taken.Containers, Container{container.Name, container.Image, imageID(pod, container.Name)})
		}
		pods = append(pods, taken)
	}
	return pods
}

func imageID(pod core.Pod, container string) string {
	for _, status := range pod.Status.ContainerStatuses {
		if status.Name == container {
			return status.ImageID
		}
	}
	return ""
}
