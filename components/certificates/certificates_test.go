package certificates_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/certificates"
	"gatehouse/components/componenttest"
	"gatehouse/components/release/releasetest"
)

const (
	releaseType     = "kubernetes:helm.sh/v3:Release"
	issuerType      = "kubernetes:cert-manager.io/v1:ClusterIssuer"
	certificateType = "kubernetes:cert-manager.io/v1:Certificate"
)

func labels() map[string]string {
	return map[string]string{"gatehouse/owner": "platform", "app.kubernetes.io/managed-by": "pulumi"}
}

func run(t *testing.T) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		c, err := certificates.New(ctx, "c", certificates.Args{
			Namespace: pulumi.String("cert-manager"), Labels: labels(), RoleARN: pulumi.String("arn:role"),
			Contact: "team@example.com", ZoneID: pulumi.String("Z1"), Region: "us-west-2",
		})
		if err != nil {
			return err
		}
		_, err = certificates.NewCertificate(ctx, "portal", certificates.CertificateArgs{
			Name: "portal-tls", Namespace: pulumi.String("ingress"), Labels: labels(), Issuer: certificates.LetsEncrypt,
			Hosts: []string{"portal.example.com", "api.portal.example.com"},
		}, pulumi.DependsOn(c.Issuers))
		return err
	})
}

func TestIssuersProveNamesByDNS(t *testing.T) {
	seen := run(t)
	for name, directory := range map[string]string{
		"letsencrypt":         "https://acme-v02.api.letsencrypt.org/directory",
		"letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
	} {
		issuer := seen.Named(t, issuerType, "c-"+name)
		require.Equal(t, name, issuer.Input("metadata.name"))
		require.Equal(t, directory, issuer.Input("spec.acme.server"))
		require.Equal(t, "team@example.com", issuer.Input("spec.acme.email"))
		require.Equal(t, name+"-account", issuer.Input("spec.acme.privateKeySecretRef.name"))
		require.Equal(t, []any{map[string]any{"dns01": map[string]any{
			"route53": map[string]any{"region": "us-west-2", "hostedZoneID": "Z1"},
		}}}, issuer.Input("spec.acme.solvers"))
		require.Contains(t, strings.Join(issuer.Dependencies, " ")+" ", releaseType+"::c ")
	}
}

func TestCertificateIsRenewedAMonthBeforeItsEnd(t *testing.T) {
	seen := run(t)
	made := seen.Named(t, certificateType, "portal")
	for path, want := range map[string]any{
		"spec.secretName": "portal-tls", "spec.duration": "2160h", "spec.renewBefore": "720h",
		"spec.dnsNames":  []any{"portal.example.com", "api.portal.example.com"},
		"spec.issuerRef": map[string]any{"name": "letsencrypt", "kind": "ClusterIssuer"},
		"spec.privateKey": map[string]any{
			"algorithm": "ECDSA", "size": 256.0, "rotationPolicy": "Always",
		},
	} {
		require.Equal(t, want, made.Input(path), path)
	}
}

func TestChartMakesWhatTheOthersRelyOn(t *testing.T) {
	objects := releasetest.Render(t, run(t).One(t, releaseType))
	pods := releasetest.Pods(t, objects)
	releasetest.RequireOwnedAndBounded(t, pods)
	require.Equal(t, "cert-manager", pods["cert-manager"].Spec.ServiceAccountName)
	require.EqualValues(t, 9402, releasetest.Ports(pods["cert-manager"])["http-metrics"])
	require.EqualValues(t, 10250, releasetest.Ports(pods["cert-manager-webhook"])["https"])
	for name, pod := range pods {
		require.Equal(t, "cert-manager", pod.Labels["app.kubernetes.io/instance"], name)
	}
	account := releasetest.Find(t, objects, "ServiceAccount", "cert-manager")
	require.Equal(t, "arn:role", account.GetAnnotations()["eks.amazonaws.com/role-arn"])
	require.Contains(t, pods["cert-manager"].Spec.Containers[0].Args, "--dns01-recursive-nameservers=kube-dns.kube-system.svc.cluster.local:53")
	for _, name := range []string{"cert-manager", "cert-manager-webhook", "cert-manager-cainjector"} {
		releasetest.Find(t, objects, "PodDisruptionBudget", name)
	}
}

func TestServerAcceptsAll(t *testing.T) {
	if testing.Short() {
		t.Skip("long: needs the control plane; run make test")
	}
	seen := run(t)
	releasetest.DryRun(t, append(releasetest.Render(t, seen.One(t, releaseType)), releasetest.Objects(t, seen)...))
}
