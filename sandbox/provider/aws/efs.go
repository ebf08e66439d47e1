package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/efs"
)

type efsc = api.Client

// efsRows are file systems, mount targets and access points.
func efsRows() []Resource {
	tag := tagger((*efsc).TagResource, (*efsc).UntagResource, "ResourceId", byID)
	return []Resource{
		{
			Token: "aws:efs/fileSystem:FileSystem", Args: efs.FileSystemArgs{}, State: efs.FileSystem{},
			Replace: []string{"creationToken", "encrypted", "kmsKeyId", "performanceMode", "availabilityZoneName"},
			Rename:  map[string]string{"arn": "FileSystemArn"},
			Unseen:  map[string]string{"protection": "the emulator ignores it", "throughputMode": "the emulator can not change it"},
			Find:    findFileSystem, Tag: tag,
			Create: then(create((*efsc).CreateFileSystem, "FileSystemId", func(r *request, in *api.CreateFileSystemInput) {
				in.CreationToken = aws.String(creationToken(r))
			}), putLifecycle),
			Read: merged(read((*efsc).DescribeFileSystems, "FileSystemId", "FileSystems"), func(_ context.Context, r *request) (props, error) {
				return props{"dnsName": r.id + ".efs." + r.region + ".amazonaws.com", "sizeInBytes": nil}, nil
			}, readLifecycle),
			Update: putLifecycle,
			Delete: remove((*efsc).DeleteFileSystem, "FileSystemId"),
		},
		{
			Token: "aws:efs/mountTarget:MountTarget", Args: efs.MountTargetArgs{}, State: efs.MountTarget{},
			Replace: []string{"fileSystemId", "subnetId", "ipAddress"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*efsc).DescribeMountTargets, &api.DescribeMountTargetsInput{FileSystemId: aws.String(r.str("fileSystemId"))})
				if err != nil {
					return "", err
				}
				for _, m := range out.MountTargets {
					if aws.ToString(m.SubnetId) == r.str("subnetId") {
						return aws.ToString(m.MountTargetId), nil
					}
				}
				return "", nil
			},
			Create: create((*efsc).CreateMountTarget, "MountTargetId"),
			Read:   merged(read((*efsc).DescribeMountTargets, "MountTargetId", "MountTargets"), read((*efsc).DescribeMountTargetSecurityGroups, "MountTargetId", ""), mountName),
			Update: update((*efsc).ModifyMountTargetSecurityGroups, "MountTargetId"),
			Delete: remove((*efsc).DeleteMountTarget, "MountTargetId"),
		},
		{
			Token: "aws:efs/accessPoint:AccessPoint", Args: efs.AccessPointArgs{}, State: efs.AccessPoint{},
			Rename: map[string]string{"arn": "AccessPointArn"},
			Find: func(ctx context.Context, r *request) (string, error) {
				out, err := call(ctx, r, (*efsc).DescribeAccessPoints, &api.DescribeAccessPointsInput{FileSystemId: aws.String(r.str("fileSystemId"))})
				if err != nil {
					return "", err
				}
				for _, p := range out.AccessPoints {
					if aws.ToString(p.ClientToken) == mark(r.urn) {
						return aws.ToString(p.AccessPointId), nil
					}
				}
				return "", nil
			},
			Tag: tag,
			Create: create((*efsc).CreateAccessPoint, "AccessPointId", func(r *request, in *api.CreateAccessPointInput) {
				in.ClientToken = aws.String(mark(r.urn))
			}),
			Read: merged(read((*efsc).DescribeAccessPoints, "AccessPointId", "AccessPoints"), func(_ context.Context, r *request) (props, error) {
				return props{"fileSystemArn": r.arn("elasticfilesystem:file-system/" + r.str("fileSystemId"))}, nil
			}),
			Delete: remove((*efsc).DeleteAccessPoint, "AccessPointId"),
		},
		{
			Token: "aws:efs/fileSystemPolicy:FileSystemPolicy", Args: efs.FileSystemPolicyArgs{}, State: efs.FileSystemPolicy{},
			Name: "fileSystemId", Replace: []string{"fileSystemId"},
			Unseen: map[string]string{"bypassPolicyLockoutSafetyCheck": "it is an order, not a property"},
			Create: create((*efsc).PutFileSystemPolicy, ""),
			Read:   read((*efsc).DescribeFileSystemPolicy, "FileSystemId", ""),
			Update: again(create((*efsc).PutFileSystemPolicy, "")),
			// The emulator can not delete a policy; it goes with the file system.
			Delete: nothing,
		},
		{
			Token: "aws:efs/backupPolicy:BackupPolicy", Args: efs.BackupPolicyArgs{}, State: efs.BackupPolicy{},
			Simulated: true, Name: "fileSystemId", Replace: []string{"fileSystemId"},
		},
	}
}

// creationToken is the creation token that makes a second create of the same resource fail.
func creationToken(r *request) string {
	if s := r.str("creationToken"); s != "" {
		return s
	}
	return mark(r.urn)
}

func findFileSystem(ctx context.Context, r *request) (string, error) {
	out, err := call(ctx, r, (*efsc).DescribeFileSystems, &api.DescribeFileSystemsInput{CreationToken: aws.String(creationToken(r))})
	if err != nil || len(out.FileSystems) == 0 {
		return "", err
	}
	return aws.ToString(out.FileSystems[0].FileSystemId), nil
}

// putLifecycle sets the lifecycle policies, which AWS takes after creation.
func putLifecycle(ctx context.Context, r *request) error {
	if !r.changed("lifecyclePolicies") {
		return nil
	}
	in := &api.PutLifecycleConfigurationInput{FileSystemId: &r.id}
	if err := fill(in, props{"lifecyclePolicies": r.in["lifecyclePolicies"]}, nil); err != nil {
		return err
	}
	_, err := call(ctx, r, (*efsc).PutLifecycleConfiguration, in)
	return err
}

func readLifecycle(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*efsc).DescribeLifecycleConfiguration, &api.DescribeLifecycleConfigurationInput{FileSystemId: &r.id})
	if err != nil {
		return nil, err
	}
	return r.see(*out), nil
}

func mountName(_ context.Context, r *request) (props, error) {
	fs := r.str("fileSystemId")
	name := fs + ".efs." + r.region + ".amazonaws.com"
	return props{
		"dnsName": name, "mountTargetDnsName": r.str("availabilityZoneName") + "." + name,
		"fileSystemArn": r.arn("elasticfilesystem:file-system/" + fs),
	}, nil
}
