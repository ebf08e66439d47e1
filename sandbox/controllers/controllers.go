// Package controllers is the sandbox's stand-ins for controllers that a real
// cluster gets from Helm charts or from AWS. Each does only what others wait
// for: Secrets of ExternalSecrets, TLS Secrets of Certificates, addresses of
// load balancers, metrics of pods, and the Ready condition of stores and issuers.
// And it brings alert rules and routes to the sandbox's own monitoring, as Prometheus's operator
// does.
//
// Nothing is issued, balanced or fetched from anywhere but the emulator, and a
// status that is written here says so. Pods and volumes are package node's.
package controllers

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/rest"
)

// Options describe what the controllers work with.
type Options struct {
	// AWSEndpoint is the emulator whose Secrets Manager is read; empty has all
	// values made up.
	AWSEndpoint string
	// Region of the emulator's Secrets Manager.
	Region string
	// Usage has the metrics of pods made up, which autoscalers go by.
	Usage bool
	// Monitoring is where rules and routes are brought to; the zero value has
	// none.
	Monitoring Monitoring
}

// pretending is in every message that a stand-in leaves in a status.
const pretending = "pretended by the sandbox"

// resync is how often everything is looked at again, so that a value that
// changed in Secrets Manager arrives.
const resync = time.Minute

// Pretended names what only looks as if it were there, for the status of the
// sandbox.
func Pretended() []string {
	return []string{"certificates", "external secrets", "load balancers", "metrics of pods", "secret stores and issuers"}
}

// Run works until ctx ends. It returns ctx's error then.
func Run(ctx context.Context, config *rest.Config, o Options) error {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("run controllers: %w", err)
	}
	s := stand{client: client, values: newValues(o)}
	factory := dynamicinformer.NewDynamicSharedInformerFactory(client, resync)
	group, ctx := errgroup.WithContext(ctx)
	kinds := s.kinds()
	if o.Usage {
		kinds = append(kinds, kind{podsKind, s.usage})
	}
	for _, k := range kinds {
		informer := factory.ForResource(k.resource).Informer()
		group.Go(func() error { return k.work(ctx, informer) })
	}
	o.Monitoring.start(ctx, group, client, factory)
	factory.Start(ctx.Done())
	return group.Wait()
}

// stand is what the stand-ins share.
type stand struct {
	client dynamic.Interface
	values values
}

// kinds is the table of what is watched, and what is done about it.
func (s stand) kinds() []kind {
	return []kind{
		{externalSecrets, s.externalSecret},
		{certificates, s.certificate},
		{services, s.service},
		{ingresses, s.ingress},
		{storesOf("clustersecretstores"), s.ready(storesOf("clustersecretstores"))},
		{storesOf("secretstores"), s.ready(storesOf("secretstores"))},
		{issuersOf("clusterissuers"), s.ready(issuersOf("clusterissuers"))},
		{issuersOf("issuers"), s.ready(issuersOf("issuers"))},
	}
}
