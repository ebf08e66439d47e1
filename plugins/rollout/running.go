package rollout

import (
	"context"
	"fmt"
	"maps"
	"slices"

	rbac "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// RunningGenerations are the generations that something in the namespace has or may
// go back to, sorted: those of pods that have not ended, of every ReplicaSet that is
// kept (`kubectl rollout undo` goes to one of them), and of the Deployments
// themselves, whose next ReplicaSet may not be there yet. Their folders must stay.
// Whose pods they are does not matter: a Deployment of another name may load them too.
func (p Portal) RunningGenerations(ctx context.Context) ([]string, error) {
	found := map[string]bool{}
	note := func(o metav1.ObjectMeta) {
		if generation := p.of(o); generation != "" {
			found[generation] = true
		}
	}
	fail := func(what string, err error) ([]string, error) {
		return nil, fmt.Errorf("find the generations in use: list the %s of %s: %w", what, p.Namespace, err)
	}
	// Deployments first: what they begin later is in the lists that follow.
	for _, name := range p.Deployments {
		d, err := p.deployment(ctx, name)
		switch {
		case err == nil:
			note(d.Spec.Template.ObjectMeta)
		case !apierrors.IsNotFound(err):
			return nil, fmt.Errorf("find the generations in use: %w", err)
		}
	}
	sets, err := p.Client.AppsV1().ReplicaSets(p.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fail("ReplicaSets", err)
	}
	for _, set := range sets.Items {
		note(set.Spec.Template.ObjectMeta)
	}
	pods, err := p.Client.CoreV1().Pods(p.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fail("pods", err)
	}
	for _, pod := range pods.Items {
		if !finished(pod) {
			note(pod.ObjectMeta)
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// Rules are the rights that a [Portal] needs in its namespace: to read and patch its
// own Deployments; to list ReplicaSets, pods and their events; to read logs of pods.
// It watches nothing, and creates and deletes nothing.
func Rules(deployments ...string) []rbac.PolicyRule {
	return []rbac.PolicyRule{
		{APIGroups: []string{"apps"}, Resources: []string{"deployments"}, ResourceNames: deployments, Verbs: []string{"get", "patch"}},
		{APIGroups: []string{"apps"}, Resources: []string{"replicasets"}, Verbs: []string{"list"}},
		{APIGroups: []string{""}, Resources: []string{"pods", "events"}, Verbs: []string{"list"}},
		{APIGroups: []string{""}, Resources: []string{"pods/log"}, Verbs: []string{"get"}},
	}
}
