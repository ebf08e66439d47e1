package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/mesh"
	"gatehouse/components/pod"
	"gatehouse/components/release"
	"gatehouse/stacks/config"
)

// deployMesh makes the service mesh, unless the environment has none. It
// returns what pods in namespaces with sidecars wait for.
func deployMesh(ctx *pulumi.Context, env Environment, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	if !env.Config.Platform.Mesh.Enabled {
		return nil, nil
	}
	sidecars := map[string]pulumi.StringOutput{}
	for _, s := range spaces() {
		if s.Sidecars {
			sidecars[s.Namespace] = namespaces[s.Namespace]
		}
	}
	made, err := mesh.New(ctx, env.Named("mesh"), mesh.Args{
		Root: namespaces[meshNamespace], Sidecars: sidecars,
		Flows: environmentFlows(env), Exclusions: meshExclusions(env),
		Proxy: release.Resources{
			Requests: release.Quantities{CPU: string(config.SidecarCPU), Memory: string(config.SidecarMemory)},
			Limits:   release.Quantities{CPU: string(config.SidecarCPULimit), Memory: string(config.SidecarMemoryLimit)},
		},
		PriorityClass: pod.Critical, Labels: ownership(env),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("deploy the mesh: %w", err)
	}
	return made.Ready, nil
}

// meshExclusions are the ways past the sidecars, all of them. What is let in
// there is fenced by NetworkPolicies alone.
func meshExclusions(env Environment) []mesh.Exclusion {
	p := newPeers(env)
	return []mesh.Exclusion{
		{
			Workload: p.ingress,
			Why: "viewers, the load balancer's health checks and the API server's webhook calls come from outside the mesh; " +
				"what it calls itself goes through its sidecar",
		},
		{
			Workload: p.prometheus,
			Why: "its proxy is there for the certificates alone, with which Prometheus itself asks the pods of the mesh; " +
				"Grafana calls it in plain text",
		},
		{
			Workload: p.alertmanager, Ports: []int{gossipPort},
			Why: "Alertmanagers gossip over TCP and UDP on one port, and the mesh carries no UDP",
		},
	}
}
