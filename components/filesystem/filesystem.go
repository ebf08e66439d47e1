// Package filesystem makes an EFS file system that pods share: the file
// system, its policy and lifecycle, a mount target a zone and the access point
// of the plugin volume.
//
// Not here: the copies in the backup vault (components/vault) and the storage
// class of Kubernetes (components/storageclass).
package filesystem

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/efs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"gatehouse/components/component"
	"gatehouse/components/securitygroup"
)

// Port is where NFS answers.
const Port = 2049

// PluginUser is the user and group ID that owns the plugin volume: the `node`
// user of Backstage's images.
const PluginUser = 1000

// Args describes the file system.
type Args struct {
	VPCID pulumi.StringInput
	// Subnets are the subnets of the mount targets by zone name: one a zone.
	Subnets map[string]pulumi.StringInput
	// Clients are the security groups that may mount, by name.
	Clients map[string]pulumi.StringInput
	// ThroughputMode is elastic or bursting.
	ThroughputMode string
	// ColdAfterDays moves what nobody reads to infrequent access: 7, 14, 30,
	// 60 or 90. The first read moves it back.
	ColdAfterDays int
	// Key is the ARN of the KMS key.
	Key pulumi.StringInput
	// Protect refuses deletion in Pulumi.
	Protect bool
}

// Filesystem is the file system with its access point.
type Filesystem struct {
	pulumi.ResourceState
	component.Parts

	ID  pulumi.StringOutput `pulumi:"id"`
	ARN pulumi.StringOutput `pulumi:"arn"`
	// PluginAccessPointID and PluginAccessPointARN are the access point under
	// which the plugin volume is mounted.
	PluginAccessPointID  pulumi.StringOutput `pulumi:"pluginAccessPointId"`
	PluginAccessPointARN pulumi.StringOutput `pulumi:"pluginAccessPointArn"`
}

// New makes the file system.
func New(ctx *pulumi.Context, name string, args Args, opts ...pulumi.ResourceOption) (*Filesystem, error) {
	f := &Filesystem{}
	return f, component.Register(ctx, "gatehouse:aws:Filesystem", name, f, func(child pulumi.ResourceOption) error {
		system, err := newFileSystem(ctx, name, args, child)
		if err != nil {
			return err
		}
		if err := newMountTargets(ctx, name, args, system, child); err != nil {
			return err
		}
		point, err := newPluginAccessPoint(ctx, name, system, child)
		if err != nil {
			return err
		}
		f.ID, f.ARN = system.ID().ToStringOutput(), system.Arn
		f.PluginAccessPointID, f.PluginAccessPointARN = point.ID().ToStringOutput(), point.Arn
		return nil
	}, opts...)
}

func newFileSystem(ctx *pulumi.Context, name string, args Args, child pulumi.ResourceOption) (*efs.FileSystem, error) {
	system, err := efs.NewFileSystem(ctx, name, &efs.FileSystemArgs{
		CreationToken:   pulumi.String(name),
		Encrypted:       pulumi.Bool(true),
		KmsKeyId:        args.Key,
		PerformanceMode: pulumi.String("generalPurpose"),
		ThroughputMode:  pulumi.String(args.ThroughputMode),
		LifecyclePolicies: efs.FileSystemLifecyclePolicyArray{
			efs.FileSystemLifecyclePolicyArgs{TransitionToIa: pulumi.String(fmt.Sprintf("AFTER_%d_DAYS", args.ColdAfterDays))},
			efs.FileSystemLifecyclePolicyArgs{TransitionToPrimaryStorageClass: pulumi.String("AFTER_1_ACCESS")},
		},
		Tags: pulumi.StringMap{"Name": pulumi.String(name)},
	}, child, pulumi.Protect(args.Protect))
	if err != nil {
		return nil, err
	}
	_, err = efs.NewBackupPolicy(ctx, name+"-backup", &efs.BackupPolicyArgs{
		FileSystemId: system.ID(),
		BackupPolicy: efs.BackupPolicyBackupPolicyArgs{Status: pulumi.String("ENABLED")},
	}, child)
	if err != nil {
		return nil, err
	}
	policy, err := policyOf(system).JSON()
	if err != nil {
		return nil, err
	}
	_, err = efs.NewFileSystemPolicy(ctx, name+"-policy", &efs.FileSystemPolicyArgs{
		FileSystemId: system.ID(), Policy: policy,
	}, child)
	return system, err
}

// newMountTargets makes one mount target a zone.
func newMountTargets(ctx *pulumi.Context, name string, args Args, system *efs.FileSystem, child pulumi.ResourceOption) error {
	firewall, err := securitygroup.New(ctx, name+"-access", securitygroup.Args{
		VPCID: args.VPCID, Description: "NFS, from the workloads alone", Port: Port, Sources: args.Clients,
	}, child)
	if err != nil {
		return err
	}
	for _, zone := range slices.Sorted(maps.Keys(args.Subnets)) {
		_, err := efs.NewMountTarget(ctx, name+"-"+zone, &efs.MountTargetArgs{
			FileSystemId:   system.ID(),
			SubnetId:       args.Subnets[zone],
			SecurityGroups: pulumi.StringArray{firewall.ID},
		}, child)
		if err != nil {
			return err
		}
	}
	return nil
}

// newPluginAccessPoint makes the door to /plugins: whoever comes through it is
// the plugin user and sees nothing else of the file system.
func newPluginAccessPoint(ctx *pulumi.Context, name string, system *efs.FileSystem, child pulumi.ResourceOption) (*efs.AccessPoint, error) {
	user := pulumi.Int(PluginUser)
	return efs.NewAccessPoint(ctx, name+"-plugins", &efs.AccessPointArgs{
		FileSystemId: system.ID(),
		PosixUser:    efs.AccessPointPosixUserArgs{Uid: user, Gid: user},
		RootDirectory: efs.AccessPointRootDirectoryArgs{
			Path: pulumi.String("/plugins"),
			CreationInfo: efs.AccessPointRootDirectoryCreationInfoArgs{
				OwnerUid: user, OwnerGid: user, Permissions: pulumi.String("0750"),
			},
		},
		Tags: pulumi.StringMap{"Name": pulumi.String(name + "-plugins")},
	}, child)
}
