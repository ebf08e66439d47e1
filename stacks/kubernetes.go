package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// newKubernetesProvider registers the provider of the environment's cluster.
// It never reads the user's own kubeconfig. It depends on what makes the
// cluster usable, and so does everything inside the cluster through it: on
// destroy, nodes and access go last.
func newKubernetesProvider(ctx *pulumi.Context, env Environment, cluster ClusterOutputs) (*kubernetes.Provider, error) {
	provider, err := kubernetes.NewProvider(ctx, env.Named("kubernetes"), &kubernetes.ProviderArgs{
		Kubeconfig: kubeconfigOf(env, cluster),
		// Known before the cluster is made. Without it, a kubeconfig that is
		// unknown in a preview announces that everything will be replaced.
		ClusterIdentifier: pulumi.String(fmt.Sprintf("arn:%s:eks:%s:%s:cluster/%s",
			env.Partition, env.Region, env.AccountID, env.Named("cluster"))),
		EnableServerSideApply: pulumi.Bool(true),
		// What the program says wins over a change by hand: up mends drift.
		EnablePatchForce: pulumi.Bool(true),
		// A changed file rolls the pods by its checksum, in place: a replaced
		// ConfigMap would be gone for a moment.
		EnableConfigMapMutable:   pulumi.Bool(true),
		EnableSecretMutable:      pulumi.Bool(true),
		SuppressHelmHookWarnings: pulumi.Bool(true),
	}, component.DependsOn(cluster.Ready...))
	if err != nil {
		return nil, fmt.Errorf("register the Kubernetes provider: %w", err)
	}
	return provider, nil
}

// kubeconfigOf is the cluster's kubeconfig, or, in the sandbox, the path of
// the sandbox's: its contents hold a credential and stay out of the state.
func kubeconfigOf(env Environment, cluster ClusterOutputs) pulumi.StringPtrInput {
	if sandbox := env.Config.Sandbox; sandbox != nil {
		return pulumi.String(sandbox.Kubeconfig)
	}
	return cluster.Kubeconfig
}
