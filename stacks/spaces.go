package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/space"
	"gatehouse/stacks/config"
)

// The namespaces of every environment.
const (
	portalNamespace          = "developer-portal"
	backstageNamespace       = "backstage"
	ingressNamespace         = "ingress"
	certificatesNamespace    = "cert-manager"
	externalSecretsNamespace = "external-secrets"
	meshNamespace            = "mesh"
	monitoringNamespace      = "monitoring"
	loggingNamespace         = "logging"
)

// spaces are the namespaces of every environment. Exceptions from the
// restricted Pod Security Standard say why. Sidecars are where the portal's own
// calls begin or end; cert-manager and the like are called by the API server
// alone, which has no identity in the mesh.
func spaces() []space.Args {
	return []space.Args{
		// The readiness guide names this quota ("Kubernetes Cluster").
		{Namespace: portalNamespace, Enforce: space.Restricted, Sidecars: true, Quota: space.Quota{Name: "portal-production-quota"}},
		{Namespace: backstageNamespace, Enforce: space.Restricted, Sidecars: true},
		{Namespace: ingressNamespace, Enforce: space.Restricted, Sidecars: true},
		{Namespace: certificatesNamespace, Enforce: space.Restricted},
		{Namespace: externalSecretsNamespace, Enforce: space.Restricted},
		{Namespace: meshNamespace, Enforce: space.Restricted},
		{
			Namespace: monitoringNamespace, Enforce: space.Privileged, Sidecars: true,
			Exception: "node-exporter reads the host's processes, network and file systems",
		},
		{
			Namespace: loggingNamespace, Enforce: space.Privileged,
			Exception: "fluent-bit reads the containers' logs from the host's file system",
		},
	}
}

// deploySpaces makes the namespaces. It returns their names, which wait for
// them.
func deploySpaces(ctx *pulumi.Context, env Environment, opts ...pulumi.ResourceOption) (map[string]pulumi.StringOutput, error) {
	names := map[string]pulumi.StringOutput{}
	for _, args := range spaces() {
		args.Labels = ownership(env)
		args.Sidecars = args.Sidecars && env.Config.Platform.Mesh.Enabled
		args.Quota = quota(args.Quota.Name, env.Config.Platform.Quota(args.Namespace))
		args.Containers = containers()
		made, err := space.New(ctx, env.Named("space-"+args.Namespace), args, opts...)
		if err != nil {
			return nil, fmt.Errorf("deploy namespaces: %w", err)
		}
		names[args.Namespace] = made.Namespace
	}
	return names, nil
}

func quota(name string, q config.Quota) space.Quota {
	return space.Quota{
		Name:        name,
		RequestsCPU: string(q.RequestsCPU), RequestsMemory: string(q.RequestsMemory),
		LimitsCPU: string(q.LimitsCPU), LimitsMemory: string(q.LimitsMemory),
		Pods: q.Pods, VolumeClaims: q.PersistentVolumeClaims, LoadBalancers: q.LoadBalancers,
	}
}

// containers are the bounds of a container in any namespace: what helpers that
// charts bring without limits are given, and the most that a single one takes.
func containers() space.Containers {
	return space.Containers{
		Request: space.Resources{CPU: "50m", Memory: "64Mi"},
		Limit:   space.Resources{CPU: "500m", Memory: "256Mi"},
		Max:     space.Resources{CPU: "4", Memory: "8Gi"},
	}
}
