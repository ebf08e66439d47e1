package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/storageclass"
)

// deployPlatform makes what the portal stands on inside the cluster, in the
// order in which things need each other: closed namespaces and the flows
// between them, controllers that bring kinds of custom resources, and then what
// is made of those kinds.
func deployPlatform(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, network NetworkOutputs, edge EdgeOutputs, data DataOutputs, cluster ClusterOutputs) (PlatformOutputs, error) {
	outputs := PlatformOutputs{}
	ctx, err := withCharts(ctx, env)
	if err != nil {
		return outputs, err
	}
	if outputs.Provider, err = newKubernetesProvider(ctx, env, cluster); err != nil {
		return outputs, err
	}
	inLayer, err := newLayer(ctx, env, "platform", outputs.Provider, env.Providers.Regional)
	if err != nil {
		return outputs, err
	}
	if outputs.Namespaces, err = deploySpaces(ctx, env, inLayer); err != nil {
		return outputs, err
	}
	if err := deployFlows(ctx, env, outputs.Namespaces, inLayer); err != nil {
		return outputs, err
	}
	ground, err := deployScheduling(ctx, env, inLayer)
	if err != nil {
		return outputs, err
	}
	classes, err := storageclass.New(ctx, env.Named("storage"), storageclass.Args{
		VolumesKeyARN: foundation.Keys.Volumes, FilesystemID: data.Filesystem.ID, Labels: ownership(env),
	}, inLayer)
	if err != nil {
		return outputs, fmt.Errorf("deploy storage classes: %w", err)
	}
	onGround := component.DependsOn(append(ground, classes)...)
	certs, err := deployCertificates(ctx, env, edge, cluster, outputs.Namespaces, inLayer, onGround)
	if err != nil {
		return outputs, err
	}
	secrets, err := deployExternalSecrets(ctx, env, data, cluster, outputs.Namespaces, inLayer, onGround)
	if err != nil {
		return outputs, err
	}
	mesh, err := deployMesh(ctx, env, outputs.Namespaces, inLayer, onGround)
	if err != nil {
		return outputs, err
	}
	// Pods that start before the mesh have no proxy, and those that start
	// before their Secrets wait.
	ready := slices.Concat(ground, secrets, mesh)
	watched, err := deployWatching(ctx, env, foundation, data, cluster, outputs.Namespaces, inLayer, component.DependsOn(ready...))
	if err != nil {
		return outputs, err
	}
	page, err := deployMaintenance(ctx, env, outputs.Namespaces, inLayer, onGround)
	if err != nil {
		return outputs, err
	}
	if outputs.Ingress, err = deployIngress(ctx, env, network, edge, cluster, outputs.Namespaces, certs, page, inLayer, component.DependsOn(mesh...)); err != nil {
		return outputs, err
	}
	outputs.Ready = append(ready, watched...)
	if err := deployControllerMonitors(ctx, env, outputs.Namespaces, watched, inLayer); err != nil {
		return outputs, err
	}
	return outputs, deployScaling(ctx, env, cluster, inLayer, onGround)
}

// deployWatching makes metrics, alerts, dashboards and logs. It returns what
// monitors wait for.
func deployWatching(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, data DataOutputs, cluster ClusterOutputs, namespaces map[string]pulumi.StringOutput, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	ready, err := deployMonitoring(ctx, env, foundation, data, namespaces, opts...)
	if err != nil {
		return nil, err
	}
	after := slices.Concat(opts, []pulumi.ResourceOption{component.DependsOn(ready...)})
	if err := deployAlerts(ctx, env, namespaces[monitoringNamespace], after...); err != nil {
		return nil, err
	}
	if err := deployDashboards(ctx, env, namespaces, opts...); err != nil {
		return nil, err
	}
	return ready, deployLogging(ctx, env, foundation, cluster, namespaces, opts[:1], after...)
}

// ownership are the labels that say whose something in the cluster is. Values
// of labels are narrower than tags: what does not fit becomes a dash.
func ownership(env Environment) map[string]string {
	return map[string]string{
		"app.kubernetes.io/managed-by": "pulumi",
		"app.kubernetes.io/part-of":    "gatehouse",
		"gatehouse/environment":        env.Name,
		"gatehouse/owner":              labelValue(env.Config.Environment.Owner),
	}
}

// labelValue makes text fit for a label: at most 63 letters, digits, dashes,
// dots and underscores, with a letter or digit at either end.
func labelValue(text string) string {
	fit := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		default:
			return '-'
		}
	}, text)
	if len(fit) > 63 {
		fit = fit[:63]
	}
	return strings.Trim(fit, "-_.")
}
