package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/release"
	"gatehouse/stacks/config"
	"gatehouse/stacks/config/configtest"
)

func TestChartsOfARealClusterMustBeLocked(t *testing.T) {
	charts, err := release.Charts()
	require.NoError(t, err)
	locked := true
	for _, chart := range charts {
		locked = locked && chart.Digest != ""
	}
	if locked {
		t.Skip("every chart is locked: nothing is refused, and fetching them needs the internet")
	}
	_, err = componenttest.Try(func(ctx *pulumi.Context) error {
		_, err := withCharts(ctx, Environment{Config: configtest.Production()})
		return err
	})
	require.ErrorIs(t, err, release.ErrNotLocked)
}

func TestTheSandboxFetchesNoCharts(t *testing.T) {
	c := configtest.Staging()
	c.Sandbox = &config.Sandbox{}
	seen := componenttest.Run(t, func(ctx *pulumi.Context) error {
		ctx, err := withCharts(ctx, Environment{Config: c})
		if err != nil {
			return err
		}
		_, err = release.New(ctx, "r", release.Args{Chart: "cert-manager", Namespace: pulumi.String("n"), Values: struct{}{}})
		return err
	})
	require.Equal(t, "cert-manager", seen.One(t, releaseType).Input("chart"))
}
