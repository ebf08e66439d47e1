package controllers

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// kind is one resource with what is done about each of its objects: at once
// when it changes, and again after a pause when that failed.
type kind struct {
	resource  schema.GroupVersionResource
	reconcile func(context.Context, *unstructured.Unstructured) error
}

// work reconciles until ctx ends. A resource that the API server does not have
// yet is asked for again by the informer.
func (k kind) work(ctx context.Context, informer cache.SharedIndexInformer) error {
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]())
	enqueue := func(object any) {
		if key, err := cache.MetaNamespaceKeyFunc(object); err == nil {
			queue.Add(key)
		}
	}
	handler := cache.ResourceEventHandlerFuncs{AddFunc: enqueue, UpdateFunc: func(_, object any) { enqueue(object) }}
	if _, err := informer.AddEventHandler(handler); err != nil {
		return fmt.Errorf("watch %s: %w", k.resource.Resource, err)
	}
	stop := context.AfterFunc(ctx, queue.ShutDown)
	defer stop()
	for {
		key, down := queue.Get()
		if down {
			return ctx.Err()
		}
		if err := k.one(ctx, informer.GetStore(), key); err != nil {
			queue.AddRateLimited(key)
		} else {
			queue.Forget(key)
		}
		queue.Done(key)
	}
}

// one reconciles the object of a key, unless it is gone or going.
func (k kind) one(ctx context.Context, store cache.Store, key string) error {
	found, exists, err := store.GetByKey(key)
	if err != nil || !exists {
		return err
	}
	object, ok := found.(*unstructured.Unstructured)
	if !ok || object.GetDeletionTimestamp() != nil {
		return nil
	}
	return k.reconcile(ctx, object.DeepCopy()) // the store's own is shared
}
