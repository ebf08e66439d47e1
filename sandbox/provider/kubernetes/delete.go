package kubernetes

import (
	"context"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Delete deletes the object and waits until it is gone, a workload's pods
// first. An object, or a whole kind, that is gone
// already is deleted.
func (p *Provider) Delete(ctx context.Context, req plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	if Simulated(string(req.Type)) {
		return plugin.DeleteResponse{}, nil
	}
	if p.cluster == nil {
		return plugin.DeleteResponse{}, errNotConnected
	}
	ctx, done := p.begin(ctx, req.URN)
	defer done()
	gvk, err := kindOf(req.Type, req.Outputs)
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	object, _ := toObject(gvk, req.Inputs)
	policy, err := propagation(object)
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	wait, err := patience(object, req.Timeout)
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	namespace, name := splitID(req.ID)
	t, err := p.cluster.target(gvk, namespace, name)
	if meta.IsNoMatchError(err) {
		return plugin.DeleteResponse{}, nil
	}
	if err != nil {
		return plugin.DeleteResponse{}, err
	}
	live, err := t.get(ctx)
	if err != nil || live == nil {
		return plugin.DeleteResponse{}, err
	}
	_, err = t.call(ctx, "delete", func(ctx context.Context) (*unstructured.Unstructured, error) {
		err := t.client.Delete(ctx, t.name, metav1.DeleteOptions{PropagationPolicy: &policy})
		if apierrors.IsNotFound(err) {
			return nil, nil
		}
		return nil, err
	})
	if err != nil || annotated(object, annotationSkipAwait) {
		return plugin.DeleteResponse{}, err
	}
	return plugin.DeleteResponse{}, t.awaitGone(ctx, live, time.Now().Add(wait))
}
