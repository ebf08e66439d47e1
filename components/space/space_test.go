package space_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/space"
)

// valid is a namespace with bounds that hold.
func valid() space.Args {
	return space.Args{
		Namespace: "backstage", Enforce: space.Restricted,
		Quota: space.Quota{
			RequestsCPU: "20", RequestsMemory: "40Gi", LimitsCPU: "40", LimitsMemory: "80Gi",
			Pods: 50, VolumeClaims: 10, LoadBalancers: 3,
		},
		Containers: space.Containers{
			Request: space.Resources{CPU: "50m", Memory: "64Mi"},
			Limit:   space.Resources{CPU: "500m", Memory: "256Mi"},
			Max:     space.Resources{CPU: "4", Memory: "8Gi"},
		},
	}
}

func run(adjust func(*space.Args)) (componenttest.Registrations, error) {
	args := valid()
	adjust(&args)
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := space.New(ctx, "s", args)
		return err
	})
}

func TestSpaceIsRestrictedAndOwned(t *testing.T) {
	seen, err := run(func(a *space.Args) { a.Labels = map[string]string{"gatehouse/owner": "platform"} })
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
	seen, err := run(func(*space.Args) {})
	require.NoError(t, err)
	policy := seen.One(t, "kubernetes:networking.k8s.io/v1:NetworkPolicy")
	require.Equal(t, "backstage", policy.Input("metadata.namespace"))
	require.Equal(t, map[string]any{
		"podSelector": map[string]any{}, "policyTypes": []any{"Ingress", "Egress"},
	}, policy.Input("spec"))
	require.Contains(t, policy.Dependencies, "urn:pulumi:test::gatehouse::gatehouse:kubernetes:Space$kubernetes:core/v1:Namespace::s")
}

func TestExceptionsSayWhyAndStillWarn(t *testing.T) {
	_, err := run(func(a *space.Args) { a.Enforce = space.Privileged })
	require.ErrorContains(t, err, "privileged pods need an exception that says why")

	seen, err := run(func(a *space.Args) { a.Enforce, a.Exception = space.Privileged, "reads host files" })
	require.NoError(t, err)
	namespace := seen.One(t, "kubernetes:core/v1:Namespace")
	require.Equal(t, map[string]any{"gatehouse/pod-security-exception": "reads host files"}, namespace.Input("metadata.annotations"))
	labels := namespace.Input("metadata.labels").(map[string]any)
	require.Equal(t, "privileged", labels["pod-security.kubernetes.io/enforce"])
	require.Equal(t, "restricted", labels["pod-security.kubernetes.io/warn"])
}

func TestSidecarsAreAskedForByLabel(t *testing.T) {
	for asked, want := range map[bool]any{true: "enabled", false: nil} {
		seen, err := run(func(a *space.Args) { a.Sidecars = asked })
		require.NoError(t, err)
		require.Equal(t, want, seen.One(t, "kubernetes:core/v1:Namespace").Input(`metadata.labels["istio-injection"]`))
	}
}

// TestQuotaIsTheGuides: the readiness guide gives these figures ("Resource
// Requirements Verification").
func TestQuotaIsTheGuides(t *testing.T) {
	seen, err := run(func(a *space.Args) { a.Quota.Name = "portal-production-quota" })
	require.NoError(t, err)
	quota := seen.One(t, "kubernetes:core/v1:ResourceQuota")
	require.Equal(t, "portal-production-quota", quota.Input("metadata.name"))
	require.Equal(t, "backstage", quota.Input("metadata.namespace"))
	require.Equal(t, map[string]any{
		"requests.cpu": "20", "requests.memory": "40Gi", "limits.cpu": "40", "limits.memory": "80Gi",
		"pods": "50", "persistentvolumeclaims": "10", "services.loadbalancers": "3",
	}, quota.Input("spec.hard"))

	seen, err = run(func(*space.Args) {})
	require.NoError(t, err)
	require.Equal(t, "quota", seen.One(t, "kubernetes:core/v1:ResourceQuota").Input("metadata.name"))
}

func TestContainersHaveDefaultsAndACeiling(t *testing.T) {
	seen, err := run(func(*space.Args) {})
	require.NoError(t, err)
	limits := seen.One(t, "kubernetes:core/v1:LimitRange")
	require.Equal(t, "backstage", limits.Input("metadata.namespace"))
	require.Equal(t, []any{map[string]any{
		"type":           "Container",
		"defaultRequest": map[string]any{"cpu": "50m", "memory": "64Mi"},
		"default":        map[string]any{"cpu": "500m", "memory": "256Mi"},
		"max":            map[string]any{"cpu": "4", "memory": "8Gi"},
	}}, limits.Input("spec.limits"))
}

func TestBoundsThatNoPodCouldMeetAreRefused(t *testing.T) {
	for message, adjust := range map[string]func(*space.Args){
		"memory request and limit of a container: 1Gi is more than 256Mi":        func(a *space.Args) { a.Containers.Request.Memory = "1Gi" },
		"cpu limit and maximum of a container: 5 is more than 4":                 func(a *space.Args) { a.Containers.Limit.CPU = "5" },
		"cpu requests and limits of the quota: 41 is more than 40":               func(a *space.Args) { a.Quota.RequestsCPU = "41" },
		"memory requests and limits of the quota: 3Gi is more than 2Gi":          func(a *space.Args) { a.Quota.RequestsMemory, a.Quota.LimitsMemory = "3Gi", "2Gi" },
		`memory limit and maximum of a container: "8 GB": quantities must match`: func(a *space.Args) { a.Containers.Max.Memory = "8 GB" },
		`cpu request and limit of a container: "": quantities must match`:        func(a *space.Args) { a.Containers.Request.CPU = "" },
	} {
		_, err := run(adjust)
		require.ErrorContains(t, err, "bound namespace backstage: "+message)
	}
}
