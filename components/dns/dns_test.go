package dns_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/dns"
	"gatehouse/components/release/releasetest"
)

func run(t *testing.T) componenttest.Registration {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := dns.New(ctx, "d", dns.Args{
			Namespace: pulumi.String("ingress"), Labels: map[string]string{"gatehouse/owner": "platform"},
			RoleARN: pulumi.String("arn:role"), ZoneID: pulumi.String("Z1"),
			Domain: "origin.portal.example.com", Owner: "gatehouse-test", Region: "us-west-2",
		})
		return err
	}).One(t, "kubernetes:helm.sh/v3:Release")
}

func TestItKeepsOneNameAndNoOther(t *testing.T) {
	objects := releasetest.Render(t, run(t))
	pods := releasetest.Pods(t, objects)
	releasetest.RequireOwnedAndBounded(t, pods)
	pod := pods["external-dns"]
	require.Equal(t, "external-dns", pod.Spec.ServiceAccountName)
	require.Equal(t, "false", pod.Labels["sidecar.istio.io/inject"])
	require.Equal(t, "external-dns", pod.Labels["app.kubernetes.io/name"])
	require.EqualValues(t, 7979, releasetest.Ports(pod)["http"])
	args := pod.Spec.Containers[0].Args
	for _, want := range []string{
		"--domain-filter=origin.portal.example.com", "--zone-id-filter=Z1", "--source=service", "--policy=sync",
		"--txt-owner-id=gatehouse-test", "--registry=txt", "--aws-zone-match-parent",
	} {
		require.Contains(t, args, want)
	}
	require.NotContains(t, args, "--source=ingress", "their hosts are CloudFront's")
	account := releasetest.Find(t, objects, "ServiceAccount", "external-dns")
	require.Equal(t, "arn:role", account.GetAnnotations()["eks.amazonaws.com/role-arn"])
}

func TestServerAcceptsAll(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	releasetest.DryRun(t, releasetest.Render(t, run(t)))
}
