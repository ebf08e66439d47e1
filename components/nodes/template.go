package nodes

import (
	"maps"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// rootDevice is where Amazon Linux 2023 has its root volume.
const rootDevice = "/dev/xvda"

// newTemplate makes the launch template of one group. A change makes a new
// version of the same template, which the group then rolls to.
func newTemplate(ctx *pulumi.Context, name, pool string, group Group, args Args, child pulumi.ResourceOption) (*ec2.LaunchTemplate, error) {
	tags := maps.Clone(args.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	tags["Name"] = name + "-" + pool
	return ec2.NewLaunchTemplate(ctx, name+"-"+pool, &ec2.LaunchTemplateArgs{
		Description:          pulumi.String("EKS nodes of pool " + pool),
		UpdateDefaultVersion: pulumi.Bool(true),
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String(rootDevice),
			Ebs: ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeType:          pulumi.String("gp3"),
				VolumeSize:          pulumi.Int(group.DiskGiB),
				Encrypted:           pulumi.String("true"),
				KmsKeyId:            args.VolumesKeyARN.ToStringOutput(),
				DeleteOnTermination: pulumi.String("true"),
			},
		}},
		// Version 2 of the metadata service only, and one hop: a pod on its own
		// network cannot reach it and take the node's role.
		MetadataOptions: ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint:            pulumi.String("enabled"),
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1),
			InstanceMetadataTags:    pulumi.String("disabled"),
		},
		Monitoring:          ec2.LaunchTemplateMonitoringArgs{Enabled: pulumi.Bool(true)},
		VpcSecurityGroupIds: pulumi.StringArray(args.SecurityGroupIDs),
		TagSpecifications:   tagSpecifications(tags),
		Tags:                pulumi.StringMap{"Name": pulumi.String(tags["Name"])},
	}, child)
}

func tagSpecifications(tags map[string]string) ec2.LaunchTemplateTagSpecificationArray {
	var specifications ec2.LaunchTemplateTagSpecificationArray
	for _, kind := range []string{"instance", "volume", "network-interface"} {
		specifications = append(specifications, ec2.LaunchTemplateTagSpecificationArgs{
			ResourceType: pulumi.String(kind),
			Tags:         pulumi.ToStringMap(tags),
		})
	}
	return specifications
}
