package stacks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/space"
	"gatehouse/components/storageclass"
)

// spaces are the namespaces of every environment. Exceptions from the
// restricted Pod Security Standard say why.
func spaces() []space.Args {
	return []space.Args{
		{Namespace: "developer-portal", Enforce: space.Restricted},
		{Namespace: "backstage", Enforce: space.Restricted},
		{Namespace: "ingress", Enforce: space.Restricted},
		{Namespace: "cert-manager", Enforce: space.Restricted},
		{Namespace: "external-secrets", Enforce: space.Restricted},
		{Namespace: "mesh", Enforce: space.Restricted},
		{Namespace: "monitoring", Enforce: space.Privileged, Exception: "node-exporter reads the host's processes, network and file systems"},
		{Namespace: "logging", Enforce: space.Privileged, Exception: "fluent-bit reads the containers' logs from the host's file system"},
	}
}

// deployPlatform makes what workloads inside the cluster stand on: namespaces
// and storage classes.
func deployPlatform(ctx *pulumi.Context, env Environment, foundation FoundationOutputs, data DataOutputs, cluster ClusterOutputs) error {
	provider, err := newKubernetesProvider(ctx, env, cluster)
	if err != nil {
		return err
	}
	inLayer, err := newLayer(ctx, env, "platform", provider)
	if err != nil {
		return err
	}
	labels := ownership(env)
	for _, args := range spaces() {
		args.Labels = labels
		if _, err := space.New(ctx, env.Named("space-"+args.Namespace), args, inLayer); err != nil {
			return fmt.Errorf("deploy namespaces: %w", err)
		}
	}
	_, err = storageclass.New(ctx, env.Named("storage"), storageclass.Args{
		VolumesKeyARN: foundation.Keys.Volumes, FilesystemID: data.Filesystem.ID, Labels: labels,
	}, inLayer)
	if err != nil {
		return fmt.Errorf("deploy storage classes: %w", err)
	}
	return nil
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
