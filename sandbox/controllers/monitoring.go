package controllers

import (
	"context"
	"fmt"
	"log"
	"time"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
)

var (
	prometheusRules = schema.GroupVersionResource{Group: "monitoring.coreos.com", Version: "v1", Resource: "prometheusrules"}
	secretsKind     = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
)

// Monitoring is the Prometheus and the Alertmanager that run outside the
// cluster. An empty URL is none.
type Monitoring struct {
	// Prometheus is its URL without a path, Rules the folder that it reads rule
	// files from.
	Prometheus, Rules string
	// Probes is the file of the targets that load plugins ([metrics.Targets]); "" has
	// none written.
	Probes string
	// Alertmanager is its URL without a path, Routes its configuration file.
	Alertmanager, Routes string
	// Sink is host:port that takes what Alertmanager sends, whoever was meant;
	// it is served here.
	Sink string
}

// routesSecret holds Alertmanager's configuration, as the operator wants it.
const (
	routesSecret = "alertmanager-config"
	routesKey    = "alertmanager.yaml"
)

// retry is how long after a failure it is tried again.
const retry = time.Second

// start watches what monitoring is made of.
func (m Monitoring) start(ctx context.Context, group *errgroup.Group, client dynamic.Interface, all dynamicinformer.DynamicSharedInformerFactory) {
	if m.Sink != "" {
		group.Go(func() error { return serveSink(ctx, m.Sink) })
	}
	if m.Prometheus != "" {
		informer := all.ForResource(prometheusRules).Informer()
		rules := &ruleFiles{Monitoring: m, unread: true}
		group.Go(func() error { return mirror(ctx, informer, rules.apply) })
	}
	if m.Probes != "" {
		informer := all.ForResource(podsKind).Informer()
		group.Go(func() error { return mirror(ctx, informer, m.applyProbes) })
	}
	if m.Alertmanager != "" {
		one := dynamicinformer.NewFilteredDynamicSharedInformerFactory(client, resync, metav1.NamespaceAll, func(o *metav1.ListOptions) {
			o.FieldSelector = fields.OneTermEqualSelector("metadata.name", routesSecret).String()
		})
		informer := one.ForResource(secretsKind).Informer()
		group.Go(func() error { return mirror(ctx, informer, m.applyRoutes) })
		one.Start(ctx.Done())
	}
}

// mirror gives apply all objects whenever one has changed, also one that is
// gone, and again after a failure, until ctx ends.
func mirror(ctx context.Context, informer cache.SharedIndexInformer, apply func(context.Context, []*unstructured.Unstructured) error) error {
	changed := make(chan struct{}, 1)
	note := func() {
		select {
		case changed <- struct{}{}:
		default: // it will be looked at anyway
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc: func(any) { note() }, UpdateFunc: func(any, any) { note() }, DeleteFunc: func(any) { note() },
	}
	if _, err := informer.AddEventHandler(handler); err != nil {
		return fmt.Errorf("watch monitoring: %w", err)
	}
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		return ctx.Err()
	}
	note()
	for {
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
		for err := apply(ctx, objects(informer)); err != nil; err = apply(ctx, objects(informer)) {
			log.Printf("monitoring: %v", err)
			select {
			case <-time.After(retry):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

func objects(informer cache.SharedIndexInformer) []*unstructured.Unstructured {
	var all []*unstructured.Unstructured
	for _, each := range informer.GetStore().List() {
		if object, ok := each.(*unstructured.Unstructured); ok && object.GetDeletionTimestamp() == nil {
			all = append(all, object)
		}
	}
	return all
}
