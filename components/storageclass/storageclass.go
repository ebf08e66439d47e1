// Package storageclass makes the storage classes of a cluster: encrypted EBS
// volumes, of which one is the default, and shared EFS directories.
//
// The drivers behind them are EKS add-ons (cluster); the file system and the
// key are made in the data and foundation layers.
package storageclass

import (
	"strconv"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	storagev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/storage/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
)

// The names of the classes, as claims ask for them.
const (
	// Default is gp3 at its base speed: 3,000 I/O operations and 125 MiB a
	// second.
	Default = "gp3"
	// Fast is gp3 for data stores inside the cluster: 10,000 operations and
	// 500 MiB a second. Volumes must have 20 GiB or more for it.
	Fast = "gp3-fast"
	// Shared is EFS, readable and writable by many pods (deployment guide,
	// "Storage Configuration").
	Shared = "efs-sc"
)

// Args names what the classes stand on.
type Args struct {
	// VolumesKeyARN encrypts EBS volumes.
	VolumesKeyARN pulumi.StringInput
	// FilesystemID is the EFS file system.
	FilesystemID pulumi.StringInput
	// Labels say whose the classes are.
	Labels map[string]string
}

// Classes are the storage classes of a cluster.
type Classes struct {
	pulumi.ResourceState
	component.Parts
}

// New makes the classes.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Classes, error) {
	c := &Classes{}
	err := component.Register(ctx, "gatehouse:kubernetes:StorageClasses", name, c, func(child pulumi.ResourceOption) error {
		for class, inputs := range map[string]*storagev1.StorageClassArgs{
			Default: ebs(args, true, nil),
			Fast:    ebs(args, false, pulumi.StringMap{"iops": pulumi.String("10000"), "throughput": pulumi.String("500")}),
			Shared:  efs(args),
		} {
			metadata := inputs.Metadata.(metav1.ObjectMetaArgs)
			metadata.Name = pulumi.String(class)
			metadata.Labels = pulumi.ToStringMap(args.Labels)
			inputs.Metadata = metadata
			// Parameters cannot change: a new class takes the old one's name.
			if _, err := storagev1.NewStorageClass(ctx, name+"-"+class, inputs, child, pulumi.DeleteBeforeReplace(true)); err != nil {
				return err
			}
		}
		return nil
	}, opts...)
	return c, err
}

// ebs makes a volume where its pod is: zones cannot share volumes.
func ebs(args Args, isDefault bool, extra pulumi.StringMap) *storagev1.StorageClassArgs {
	parameters := pulumi.StringMap{
		"type":      pulumi.String("gp3"),
		"encrypted": pulumi.String("true"),
		"kmsKeyId":  args.VolumesKeyARN,
	}
	for name, value := range extra {
		parameters[name] = value
	}
	return &storagev1.StorageClassArgs{
		Metadata: metav1.ObjectMetaArgs{Annotations: pulumi.StringMap{
			"storageclass.kubernetes.io/is-default-class": pulumi.String(strconv.FormatBool(isDefault)),
		}},
		Provisioner:          pulumi.String("ebs.csi.aws.com"),
		Parameters:           parameters,
		AllowVolumeExpansion: pulumi.Bool(true),
		ReclaimPolicy:        pulumi.String("Delete"),
		VolumeBindingMode:    pulumi.String("WaitForFirstConsumer"),
	}
}

// efs gives each claim an access point with a directory of its own, owned by
// the user that the portal's containers run as. Deleting a claim deletes the
// access point; the driver leaves the files.
func efs(args Args) *storagev1.StorageClassArgs {
	return &storagev1.StorageClassArgs{
		Metadata:    metav1.ObjectMetaArgs{},
		Provisioner: pulumi.String("efs.csi.aws.com"),
		Parameters: pulumi.StringMap{
			"provisioningMode": pulumi.String("efs-ap"),
			"fileSystemId":     args.FilesystemID,
			"basePath":         pulumi.String("/claims"),
			"directoryPerms":   pulumi.String("750"),
			"uid":              pulumi.String("1000"),
			"gid":              pulumi.String("1000"),
		},
		MountOptions:      pulumi.ToStringArray([]string{"tls"}),
		ReclaimPolicy:     pulumi.String("Delete"),
		VolumeBindingMode: pulumi.String("Immediate"),
	}
}
