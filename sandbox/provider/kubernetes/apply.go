package kubernetes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// managerOf is the name under which a resource owns its fields: one for each
// URN, so that two resources that claim one object are told, not merged.
func managerOf(urn resource.URN, state resource.PropertyMap) string {
	if manager, ok := stringAt(state, managerKey); ok {
		return manager
	}
	sum := sha256.Sum256([]byte(urn))
	return "pulumi-" + hex.EncodeToString(sum[:4])
}

// Create makes the object and waits until it is ready. An object that this
// resource made in an earlier run, whose answer the engine has lost, is taken
// up again; anybody else's is refused.
func (p *Provider) Create(ctx context.Context, req plugin.CreateRequest) (plugin.CreateResponse, error) {
	if Simulated(string(req.Type)) {
		return createRelease(req, p.defaultNamespace()), nil
	}
	ctx, done := p.begin(ctx, req.URN)
	defer done()
	gvk, err := kindOf(req.Type, req.Properties)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	object, known := toObject(gvk, req.Properties)
	manager := managerOf(req.URN, nil)
	if req.Preview {
		if known && p.cluster != nil {
			err = p.previewCreate(ctx, object, manager)
		}
		return plugin.CreateResponse{Properties: req.Properties}, conceal(req.Properties, err)
	}

	t, deadline, err := p.prepare(object, known, object.GetNamespace(), object.GetName(), req.Timeout)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	live, err := p.claim(ctx, t, object, manager)
	if err == nil && live != nil && live.GetDeletionTimestamp() != nil {
		err = t.awaitGone(ctx, live, deadline)
	}
	if err == nil {
		live, err = t.apply(ctx, object, applied{manager: manager, force: p.force(object)})
	}
	if err != nil {
		return plugin.CreateResponse{}, conceal(req.Properties, err)
	}
	live, err = p.cluster.await(ctx, t, live, deadline)
	state := toState(live, req.Properties, manager)
	if err != nil {
		return plugin.CreateResponse{}, notReady(t, state, conceal(req.Properties, err))
	}
	return plugin.CreateResponse{ID: resource.ID(t.id()), Properties: state}, nil
}

// previewCreate judges a new object by the server, without making it.
func (p *Provider) previewCreate(ctx context.Context, object *unstructured.Unstructured, manager string) error {
	t, err := p.cluster.target(object.GroupVersionKind(), object.GetNamespace(), object.GetName())
	taken := false
	if err == nil {
		taken, err = t.validate(ctx, object, manager)
	}
	switch {
	case onlyPlanned(err):
		return nil
	case err != nil || !taken:
		return err
	}
	_, err = p.claim(ctx, t, object, manager)
	return err
}

// Update changes the object in place and waits until it is ready again. At
// preview the API server is asked what would come of it.
func (p *Provider) Update(ctx context.Context, req plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	if Simulated(string(req.Type)) {
		return updateRelease(req), nil
	}
	ctx, done := p.begin(ctx, req.URN)
	defer done()
	gvk, err := kindOf(req.Type, req.NewInputs)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	object, known := toObject(gvk, req.NewInputs)
	manager := managerOf(req.URN, req.OldOutputs)
	if req.Preview && (!known || p.cluster == nil) {
		return plugin.UpdateResponse{Properties: req.NewInputs}, nil
	}

	namespace, name := splitID(req.ID)
	t, deadline, err := p.prepare(object, known, namespace, name, req.Timeout)
	if err != nil {
		if req.Preview && onlyPlanned(err) {
			return plugin.UpdateResponse{Properties: req.NewInputs}, nil
		}
		return plugin.UpdateResponse{}, err
	}
	var live *unstructured.Unstructured
	force := p.force(object)
	if err = t.leave(ctx, object, manager, req.IgnoreChanges); err == nil {
		live, err = t.apply(ctx, object, applied{manager: manager, force: force, dryRun: req.Preview})
	}
	switch {
	case err != nil && req.Preview && onlyPlanned(err):
		return plugin.UpdateResponse{Properties: req.NewInputs}, nil
	case err != nil:
		return plugin.UpdateResponse{}, conceal(req.NewInputs, err)
	case req.Preview:
		// The next version's number is not known before it is written.
		live.SetResourceVersion("")
		return plugin.UpdateResponse{Properties: toState(live, req.NewInputs, manager)}, nil
	}
	live, err = p.cluster.await(ctx, t, live, deadline)
	state := toState(live, req.NewInputs, manager)
	if err != nil {
		return plugin.UpdateResponse{}, notReady(t, state, conceal(req.NewInputs, err))
	}
	return plugin.UpdateResponse{Properties: state}, nil
}

// prepare finds where an object goes, and by when it must be ready.
func (p *Provider) prepare(
	object *unstructured.Unstructured, known bool, namespace, name string, timeout float64,
) (target, time.Time, error) {
	if !known {
		return target{}, time.Time{}, fmt.Errorf("apply %s %s: a property is not known", object.GetKind(), name)
	}
	if p.cluster == nil {
		return target{}, time.Time{}, errNotConnected
	}
	wait, err := patience(object, timeout)
	if err != nil {
		return target{}, time.Time{}, err
	}
	t, err := p.cluster.target(object.GroupVersionKind(), namespace, name)
	return t, time.Now().Add(wait), err
}

var errNotConnected = errors.New("the kubeconfig of the kubernetes provider is not known yet")

// claim judges what already is under the name: nothing, ours, one that is being
// deleted (these are given back), or another's, which is refused.
func (p *Provider) claim(ctx context.Context, t target, object *unstructured.Unstructured, manager string) (*unstructured.Unstructured, error) {
	live, err := t.get(ctx)
	if err != nil || live == nil {
		return nil, err
	}
	if live.GetDeletionTimestamp() != nil || p.settings.upsert || annotated(object, annotationForce) || ownedBy(live, manager) {
		return live, nil
	}
	return nil, fmt.Errorf("create %s: it exists already and belongs to another; import it, delete it, "+
		"or set upsertExistingObjects on the provider to take it over", t)
}

func ownedBy(live *unstructured.Unstructured, manager string) bool {
	for _, entry := range live.GetManagedFields() {
		if entry.Manager == manager && entry.Operation == metav1.ManagedFieldsOperationApply {
			return true
		}
	}
	return false
}

func (p *Provider) force(object *unstructured.Unstructured) bool {
	return p.settings.forceConflicts || annotated(object, annotationForce)
}

func (p *Provider) defaultNamespace() string {
	if p.cluster != nil {
		return p.cluster.namespace
	}
	return metav1.NamespaceDefault
}

// onlyPlanned says that an object could not be tried because its namespace or
// its kind is not there: at a preview, both may be made by the same program.
func onlyPlanned(err error) bool { return meta.IsNoMatchError(err) || apierrors.IsNotFound(err) }

// notReady tells the engine that the object is there but not in order: it keeps
// the state, shows the reason, and tries again on the next run.
func notReady(t target, state resource.PropertyMap, reason error) error {
	properties, err := plugin.MarshalProperties(state, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true})
	if err != nil {
		return errors.Join(reason, err)
	}
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, reason.Error()), &pulumirpc.ErrorResourceInitFailed{
		Id: t.id(), Properties: properties, Reasons: []string{reason.Error()},
	})
}
