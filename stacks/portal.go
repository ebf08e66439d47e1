package stacks

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/pod"
	"gatehouse/stacks/config"
)

// deployPortal makes the portal itself: the logins and backups of its database,
// the pooler before it, its workloads with their plugins, the routes to them, and the
// checks that judge it.
func deployPortal(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, network NetworkOutputs, edge EdgeOutputs, data DataOutputs, cluster ClusterOutputs, platform PlatformOutputs) error {
	inLayer, err := newLayer(ctx, env, "portal", platform.Provider)
	if err != nil {
		return err
	}
	ready, namespaces := component.DependsOn(platform.Ready...), platform.Namespaces
	if err := deployBackup(ctx, env, foundation, data, cluster, namespaces, inLayer, ready); err != nil {
		return err
	}
	rights, err := deployAccess(ctx, env, cluster, namespaces, inLayer, ready)
	if err != nil {
		return err
	}
	if err := deployPooler(ctx, env, foundation, data, namespaces, inLayer, ready); err != nil {
		return err
	}
	p := portal{env: env, foundation: foundation, data: data, cluster: cluster, namespaces: namespaces}
	if err := p.deployWorkloads(ctx, rights, inLayer, ready); err != nil {
		return err
	}
	if err := deployRoutes(ctx, env, namespaces, platform.Ingress, inLayer, ready); err != nil {
		return err
	}
	return deployReadiness(ctx, readinessInputs{
		env: env, foundation: foundation, network: network, edge: edge, data: data, cluster: cluster, namespaces: namespaces,
	}, inLayer, ready)
}

// portal is what the portal's workloads are made from.
type portal struct {
	env        Environment
	foundation FoundationOutputs
	data       DataOutputs
	cluster    ClusterOutputs
	namespaces map[string]pulumi.StringOutput
}

// settings are variables whose values are known.
type settings map[string]string

// env are the variables in the order of their names, with those that all of
// the portal's programs have.
func (s settings) env() []pod.Env {
	s["NODE_ENV"], s["LOG_LEVEL"], s["LOG_FORMAT"] = "production", "info", "json"
	var list []pod.Env
	for _, name := range slices.Sorted(maps.Keys(s)) {
		list = append(list, pod.Env{Name: name, Value: pulumi.String(s[name])})
	}
	return list
}

// redis says how a user reaches Redis: over TLS, in cluster mode, with the
// tokens that its IAM role signs for the user and the cache.
func (p portal) redis(user string) []pod.Env {
	return []pod.Env{
		{Name: "AWS_REGION", Value: pulumi.String(p.env.Region)},
		{Name: "REDIS_URL", Value: pulumi.Sprintf("rediss://%s", p.data.Redis.Endpoint)},
		{Name: "REDIS_CLUSTER", Value: pulumi.String("true")},
		{Name: "REDIS_AUTH", Value: pulumi.String("iam")},
		{Name: "REDIS_CACHE", Value: lastOf(p.data.Redis.ARN)},
		{Name: "REDIS_USER", Value: lastOf(p.data.Redis.UserARNs[user])},
		{Name: "REDIS_KEY_PREFIX", Value: pulumi.String(user + ":")},
	}
}

// green are the images of the green slots: those of the blue ones unless the
// configuration says otherwise.
func (p portal) green() config.GreenImages {
	if green := p.env.Config.Portal.GreenImages; green != nil {
		return *green
	}
	images := p.env.Config.Portal.Images
	return config.GreenImages{PortalFrontend: images.PortalFrontend, WebSocket: images.WebSocket, Backstage: images.Backstage}
}

// url is the portal's address, or that of a host below it.
func (p portal) url(host string) string { return "https://" + host + string(p.env.Config.Edge.Domain) }

// service is the name of a Service for clients in other namespaces.
func service(name, namespace string) string { return name + "." + namespace + ".svc.cluster.local" }

// imageOf is an image of one of the environment's repositories.
func imageOf(foundation FoundationOutputs, repository string, image config.ImageReference) pulumi.StringOutput {
	return pulumi.Sprintf("%s:%s", foundation.Repositories[repository].URL, string(image))
}

// lastOf is the last part of an ARN: the resource's own name.
func lastOf(arn pulumi.StringOutput) pulumi.StringOutput {
	return arn.ApplyT(func(arn string) string { return arn[strings.LastIndexAny(arn, ":/")+1:] }).(pulumi.StringOutput)
}
