package space_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/space"
)

func run(args space.Args) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := space.New(ctx, "s", args)
		return err
	})
}

func TestSpaceIsRestrictedAndOwned(t *testing.T) {
	seen, err := run(space.Args{Namespace: "backstage", Enforce: space.Restricted, Labels: map[string]string{"gatehouse/owner": "platform"}})
	require.NoError(t, err)
	namespace := seen.One(t, "kubernetes:core/v1:Namespace")
	require.Equal(t, "backstage", namespace.Input("metadata.name"))
	require.Equal(t, map[string]any{
		"gatehouse/owner":                            "platform",
		"pod-security.kubernetes.io/enforce":         "restricted",
		"pod-security.kubernetes.io/enforce-version": "latest",
		"pod-security.kubernetes.io/audit":           "restricted",
		"pod-security.kubernetes.io/audit-version":   "latest",
		"pod-security.kubernetes.io/warn":            "restricted",
		"pod-security.kubernetes.io/warn-version":    "latest",
	}, namespace.Input("metadata.labels"))
	require.Nil(t, namespace.Input("metadata.annotations"))
	require.Contains(t, namespace.Parent, "gatehouse:kubernetes:Space::s")
}

func TestSpaceDeniesAllTrafficBothWays(t *testing.T) {
	seen, err := run(space.Args{Namespace: "backstage", Enforce: space.Restricted})
	require.NoError(t, err)
	policy := seen.One(t, "kubernetes:networking.k8s.io/v1:NetworkPolicy")
	require.Equal(t, "backstage", policy.Input("metadata.namespace"))
	require.Equal(t, map[string]any{
		"podSelector": map[string]any{}, "policyTypes": []any{"Ingress", "Egress"},
	}, policy.Input("spec"))
	require.Contains(t, policy.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:kubernetes:Space$kubernetes:core/v1:Namespace::s")
}

func TestExceptionsSayWhyAndStillWarn(t *testing.T) {
	_, err := run(space.Args{Namespace: "logging", Enforce: space.Privileged})
	require.ErrorContains(t, err, "privileged pods need an exception that says why")

	seen, err := run(space.Args{Namespace: "logging", Enforce: space.Privileged, Exception: "reads host files"})
	require.NoError(t, err)
	namespace := seen.One(t, "kubernetes:core/v1:Namespace")
	require.Equal(t, map[string]any{"gatehouse/pod-security-exception": "reads host files"}, namespace.Input("metadata.annotations"))
	labels := namespace.Input("metadata.labels").(map[string]any)
	require.Equal(t, "privileged", labels["pod-security.kubernetes.io/enforce"])
	require.Equal(t, "restricted", labels["pod-security.kubernetes.io/warn"])
}
