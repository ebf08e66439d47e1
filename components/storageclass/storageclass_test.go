package storageclass_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"gatehouse/components/componenttest"
	"gatehouse/components/storageclass"
)

const classType = "kubernetes:storage.k8s.io/v1:StorageClass"

func run(t *testing.T) componenttest.Registrations {
	t.Helper()
	return componenttest.Run(t, func(ctx *pulumi.Context) error {
		_, err := storageclass.New(ctx, "s", storageclass.Args{
			VolumesKeyARN: pulumi.String("key-volumes"), FilesystemID: pulumi.String("fs-1"),
			Labels: map[string]string{"gatehouse/owner": "platform"},
		})
		return err
	})
}

func TestVolumesAreEncryptedWithTheEnvironmentsKey(t *testing.T) {
	seen := run(t)
	for _, class := range []string{storageclass.Default, storageclass.Fast} {
		made := seen.Named(t, classType, "s-"+class)
		require.Equal(t, class, made.Input("metadata.name"))
		require.Equal(t, "ebs.csi.aws.com", made.Input("provisioner"))
		require.Equal(t, "true", made.Input("parameters.encrypted"))
		require.Equal(t, "key-volumes", made.Input("parameters.kmsKeyId"))
		require.Equal(t, "WaitForFirstConsumer", made.Input("volumeBindingMode"))
		require.Equal(t, true, made.Input("allowVolumeExpansion"))
		require.Equal(t, "platform", made.Input(`metadata.labels["gatehouse/owner"]`))
	}
	require.Equal(t, "10000", seen.Named(t, classType, "s-gp3-fast").Input("parameters.iops"))
}

func TestOneClassIsTheDefault(t *testing.T) {
	defaults := 0
	for _, class := range run(t).OfType(classType) {
		if class.Input(`metadata.annotations["storageclass.kubernetes.io/is-default-class"]`) == "true" {
			defaults++
			require.Equal(t, storageclass.Default, class.Input("metadata.name"))
		}
	}
	require.Equal(t, 1, defaults)
}

func TestSharedClassMakesAccessPointsOverTLS(t *testing.T) {
	shared := run(t).Named(t, classType, "s-efs-sc")
	require.Equal(t, "efs-sc", shared.Input("metadata.name"))
	require.Equal(t, "efs.csi.aws.com", shared.Input("provisioner"))
	require.Equal(t, "efs-ap", shared.Input("parameters.provisioningMode"))
	require.Equal(t, "fs-1", shared.Input("parameters.fileSystemId"))
	require.Equal(t, []any{"tls"}, shared.Input("mountOptions"))
}
