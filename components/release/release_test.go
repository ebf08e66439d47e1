package release_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/release"
)

const releaseType = "kubernetes:helm.sh/v3:Release"

func install(chart string, prepare func(*pulumi.Context) *pulumi.Context) (componenttest.Registrations, error) {
	return componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := release.New(prepare(ctx), "r", release.Args{
			Chart: chart, Namespace: pulumi.String("ingress"), Values: map[string]int{"replicas": 2},
		})
		return err
	})
}

func plain(ctx *pulumi.Context) *pulumi.Context { return ctx }

func TestReleaseIsAtomicAndPinned(t *testing.T) {
	seen, err := install("ingress-nginx", plain)
	require.NoError(t, err)
	chart, err := release.Find("ingress-nginx")
	require.NoError(t, err)
	made := seen.One(t, releaseType)
	for path, want := range map[string]any{
		"chart": "ingress-nginx", "version": chart.Version, "repositoryOpts.repo": chart.Repository,
		"name": "ingress-nginx", "namespace": "ingress", "createNamespace": false, "atomic": true, "cleanupOnFail": true,
		"timeout": 600.0, "values": map[string]any{"replicas": 2.0},
	} {
		require.Equal(t, want, made.Input(path), path)
	}
}

func TestReleaseInstallsTheFetchedArchiveAndNoOther(t *testing.T) {
	archives := release.Archives{"ingress-nginx": ".gatehouse/charts/ingress-nginx-1.tgz"}
	fetched := func(ctx *pulumi.Context) *pulumi.Context { return release.WithArchives(ctx, archives) }
	seen, err := install("ingress-nginx", fetched)
	require.NoError(t, err)
	made := seen.One(t, releaseType)
	require.Equal(t, ".gatehouse/charts/ingress-nginx-1.tgz", made.Input("chart"))
	require.Nil(t, made.Input("repositoryOpts"))

	_, err = install("cert-manager", fetched)
	require.ErrorContains(t, err, "chart cert-manager: its archive was not fetched")
}

func TestUnknownChartsAreRefused(t *testing.T) {
	_, err := install("traefik", plain)
	require.ErrorContains(t, err, `chart "traefik": the catalogue has aws-load-balancer-controller,`)
}

func TestCatalogue(t *testing.T) {
	charts, err := release.Charts()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, chart := range charts {
		require.False(t, seen[chart.Name], chart.Name)
		seen[chart.Name] = true
		require.True(t, strings.HasPrefix(chart.Repository, "https://"), chart.Name)
		require.Regexp(t, `^v?\d+\.\d+\.\d+$`, chart.Version, chart.Name)
		require.Regexp(t, regexp.MustCompile(`^([0-9a-f]{64})?$`), chart.Digest, chart.Name)
	}
}

func TestReadRefusesWhatItDoesNotKnow(t *testing.T) {
	_, err := release.Read([]byte("- {name: a, sha: b}"))
	require.ErrorContains(t, err, "read the catalogue of charts")
}

func TestLabelsLeaveHelmItsOwn(t *testing.T) {
	require.Equal(t, map[string]string{"gatehouse/owner": "platform"},
		release.Labels(map[string]string{"gatehouse/owner": "platform", "app.kubernetes.io/managed-by": "pulumi"}))
}
