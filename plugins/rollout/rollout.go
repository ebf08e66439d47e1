// Package rollout moves the portal's Deployments from one generation of plugins to
// another, and waits until pods of the new one have taken over.
//
// A generation is an annotation of the pod template, so that Kubernetes rolls it out
// and keeps the earlier ones: `kubectl rollout undo` goes back to the plugins of
// before. What is in a generation is plugins/generation's, what Backstage has really
// loaded is plugins/prove's; when to switch and when to go back is decided elsewhere.
package rollout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	apps "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// Portal is the Deployments that load plugins. Its user needs what [Rules] lists.
type Portal struct {
	Client    kubernetes.Interface
	Namespace string
	// Deployments are their names, at least one. All are switched together.
	Deployments []string
	// Annotation is the pod template's that says which generation its pods load.
	Annotation string
	// FieldManager is the name that owns the annotation in the API server. Nobody
	// else may use it.
	FieldManager string
	// Poll is how often [Portal.Wait] looks, every second by default.
	Poll time.Duration
	// Patience is how long a pod may be held up by what may still come, such as an
	// image or a volume, until that is a failure: a minute by default.
	Patience time.Duration
	// Now is the clock, time.Now by default.
	Now func() time.Time
}

// Change is what pods are to run from now on.
type Change struct {
	// Generation is the one to load, "" for none: the annotation is taken away.
	Generation string
	// Images are new images by container. Each has a digest, because a tag may mean
	// something else tomorrow. Containers that are not named keep theirs.
	Images map[string]string
}

// DifferError means that the Deployments do not have one generation, such as after a
// `kubectl rollout undo` of one of them.
type DifferError struct {
	// Generations are by Deployment, "" for none.
	Generations map[string]string
}

func (e *DifferError) Error() string {
	var each []string
	for name, generation := range e.Generations {
		if generation == "" {
			generation = "none"
		}
		each = append(each, name+" "+generation)
	}
	slices.Sort(each)
	return fmt.Sprintf("the Deployments have different generations (%s): switch all to one", strings.Join(each, ", "))
}

// ErrNoReplicas means that a Deployment is scaled to 0: without a pod nothing can be
// proved.
var ErrNoReplicas = errors.New("it is scaled to 0, and without a pod nothing is proved: scale it up")

// Current is the generation that the Deployments' newest pods load, "" for none. It
// fails with [*DifferError] when they do not have the same.
func (p Portal) Current(ctx context.Context) (generation string, err error) {
	deployments, err := p.deployments(ctx)
	if err != nil {
		return "", fmt.Errorf("read which generation the portal has: %w", err)
	}
	all := map[string]string{}
	for _, d := range deployments {
		all[d.Name] = p.of(d.Spec.Template.ObjectMeta)
	}
	generation = p.of(deployments[0].Spec.Template.ObjectMeta)
	for _, other := range all {
		if other != generation {
			return "", &DifferError{all}
		}
	}
	return generation, nil
}

// of is the generation that an object is for.
func (p Portal) of(o metav1.ObjectMeta) string { return o.Annotations[p.Annotation] }

func (p Portal) deployments(ctx context.Context) ([]*apps.Deployment, error) {
	if len(p.Deployments) == 0 {
		return nil, errors.New("no Deployment is named: name the portal's")
	}
	var all []*apps.Deployment
	for _, name := range p.Deployments {
		d, err := p.deployment(ctx, name)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

func (p Portal) deployment(ctx context.Context, name string) (*apps.Deployment, error) {
	d, err := p.Client.AppsV1().Deployments(p.Namespace).Get(ctx, name, metav1.GetOptions{})
	switch {
	case apierrors.IsNotFound(err):
		return nil, fmt.Errorf("find Deployment %s/%s: is its name right, and is the portal deployed? %w", p.Namespace, name, err)
	case err != nil:
		return nil, fmt.Errorf("read Deployment %s/%s: %w", p.Namespace, name, err)
	}
	return d, nil
}

func (p Portal) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func orDefault(given, usual time.Duration) time.Duration {
	if given <= 0 {
		return usual
	}
	return given
}
