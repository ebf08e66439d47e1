package registry_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/registry"
)

const repositoryType = "aws:ecr/repository:Repository"

func run(t *testing.T, accountSettings, protect bool) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		r, err := registry.New(ctx, "reg", registry.Args{
			Prefix: "gate", Repositories: []string{"websocket", "backend"}, KeepImages: 50, UntaggedDays: 14,
			KeyARN: pulumi.String("arn:key"), AccountSettings: accountSettings, Protect: protect,
		})
		if err == nil {
			require.Contains(t, r.Repositories, "websocket")
			require.Len(t, r.URLs, 2)
		}
		return err
	})
}

func TestRepositories(t *testing.T) {
	seen := run(t, false, true)
	require.ElementsMatch(t, []string{"reg-websocket", "reg-backend"}, seen.OfType(repositoryType).Names())
	r := seen.Named(t, repositoryType, "reg-websocket")
	require.Equal(t, "gate/websocket", r.Input("name"))
	require.Equal(t, "IMMUTABLE", r.Input("imageTagMutability"))
	require.Equal(t, true, r.Input("imageScanningConfiguration.scanOnPush"))
	require.Equal(t, "KMS", r.Input("encryptionConfigurations[0].encryptionType"))
	require.Equal(t, "arn:key", r.Input("encryptionConfigurations[0].kmsKey"))
	require.Equal(t, false, r.Input("forceDelete"))
	require.True(t, r.Protect)
	for _, r := range seen.Customs() {
		require.Contains(t, r.Parent, "gatehouse:aws:Registry::reg", r.Type)
	}
}

func TestAnUnprotectedRepositoryGoesWithItsImages(t *testing.T) {
	r := run(t, false, false).Named(t, repositoryType, "reg-websocket")
	require.Equal(t, true, r.Input("forceDelete"))
	require.False(t, r.Protect)
}

func TestLifecycle(t *testing.T) {
	policy := run(t, false, true).Named(t, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "reg-websocket").Input("policy").(string)
	require.JSONEq(t, `{"rules":[
	 {"rulePriority":1,"description":"untagged images go after 14 days","action":{"type":"expire"},
	  "selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14}},
	 {"rulePriority":2,"description":"the newest 50 images with plugins stay","action":{"type":"expire"},
	  "selection":{"tagStatus":"tagged","tagPatternList":["plugins-*"],"countType":"imageCountMoreThan","countNumber":50}},
	 {"rulePriority":3,"description":"the newest 50 releases stay beside them","action":{"type":"expire"},
	  "selection":{"tagStatus":"tagged","tagPatternList":["*"],"countType":"imageCountMoreThan","countNumber":100}}]}`, policy)
}

func TestAccountSettingsBelongToOneEnvironment(t *testing.T) {
	const scanning, cache = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
	without := run(t, false, true)
	require.Empty(t, without.OfType(scanning))
	require.Empty(t, without.OfType(cache))
	with := run(t, true, true)
	require.Equal(t, "ENHANCED", with.One(t, scanning).Input("scanType"))
	require.Equal(t, "ecr-public", with.One(t, cache).Input("ecrRepositoryPrefix"))
}
