package aws

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
)

// computeRows are endpoints, flow logs, launch templates and the region's disk encryption.
func computeRows() []Resource {
	return []Resource{
		{
			Token: "aws:ec2/vpcEndpoint:VpcEndpoint", Args: ec2.VpcEndpointArgs{}, State: ec2.VpcEndpoint{}, ARN: "ec2:vpc-endpoint/",
			Replace: []string{"vpcId", "serviceName", "vpcEndpointType"},
			Rename:  map[string]string{"policy": "PolicyDocument"},
			Unseen:  map[string]string{"dnsOptions": "the emulator ignores it", "autoAccept": "AWS does not tell it", "ipAddressType": "the emulator ignores it"},
			Find:    findMarked, Tag: tagEC2,
			Create: create((*ec2c).CreateVpcEndpoint, "VpcEndpoint.VpcEndpointId"),
			Read:   merged(endpointParts, read((*ec2c).DescribeVpcEndpoints, "VpcEndpointIds", "VpcEndpoints")),
			Update: modifyEndpoint,
			Delete: remove((*ec2c).DeleteVpcEndpoints, "VpcEndpointIds"),
		},
		{
			Token: "aws:ec2/flowLog:FlowLog", Args: ec2.FlowLogArgs{}, State: ec2.FlowLog{}, ARN: "ec2:vpc-flow-log/",
			Rename: map[string]string{"iamRoleArn": "DeliverLogsPermissionArn", "vpcId": "ResourceId"},
			Unseen: map[string]string{"destinationOptions": "the emulator ignores it", "logDestinationType": "the emulator leaves out the default"},
			Find:   findMarked, Tag: tagEC2,
			Create: create((*ec2c).CreateFlowLogs, "FlowLogIds", func(r *request, in *api.CreateFlowLogsInput) {
				in.ResourceIds, in.ResourceType = []string{r.str("vpcId")}, types.FlowLogsResourceTypeVpc
				if subnet := r.str("subnetId"); subnet != "" {
					in.ResourceIds, in.ResourceType = []string{subnet}, types.FlowLogsResourceTypeSubnet
				}
			}),
			Read:   read((*ec2c).DescribeFlowLogs, "FlowLogIds", "FlowLogs"),
			Delete: remove((*ec2c).DeleteFlowLogs, "FlowLogIds"),
		},
		{
			Token: "aws:ec2/launchTemplate:LaunchTemplate", Args: ec2.LaunchTemplateArgs{}, State: ec2.LaunchTemplate{}, ARN: "ec2:launch-template/",
			Name: "name", Replace: []string{"name", "namePrefix"},
			Rename: map[string]string{"name": "LaunchTemplateName", "vpcSecurityGroupIds": "SecurityGroupIds", "latestVersion": "LatestVersionNumber", "defaultVersion": "DefaultVersionNumber"},
			Unseen: map[string]string{"namePrefix": "AWS keeps the whole name only", "updateDefaultVersion": "it is an order, not a property", "description": "it belongs to the version"},
			Find:   findMarked, Tag: tagEC2,
			Create: create((*ec2c).CreateLaunchTemplate, "LaunchTemplate.LaunchTemplateId", func(r *request, in *api.CreateLaunchTemplateInput) {
				in.LaunchTemplateData = templateData(r)
			}),
			Read: merged(read((*ec2c).DescribeLaunchTemplates, "LaunchTemplateIds", "LaunchTemplates"), templateVersion),
			Update: func(ctx context.Context, r *request) error {
				out, err := call(ctx, r, (*ec2c).CreateLaunchTemplateVersion, &api.CreateLaunchTemplateVersionInput{LaunchTemplateId: &r.id, LaunchTemplateData: templateData(r)})
				if err != nil || !r.flag("updateDefaultVersion") {
					return err
				}
				version := text(float64(aws.ToInt64(out.LaunchTemplateVersion.VersionNumber)))
				_, err = call(ctx, r, (*ec2c).ModifyLaunchTemplate, &api.ModifyLaunchTemplateInput{LaunchTemplateId: &r.id, DefaultVersion: &version})
				return err
			},
			Delete: remove((*ec2c).DeleteLaunchTemplate, "LaunchTemplateId"),
		},
		{
			Token: "aws:ebs/encryptionByDefault:EncryptionByDefault", Args: ebs.EncryptionByDefaultArgs{}, State: ebs.EncryptionByDefault{},
			Create: func(ctx context.Context, r *request) (string, error) {
				return "ebs-encryption", encryptDisks(ctx, r, r.in["enabled"] != false)
			},
			Read:   read((*ec2c).GetEbsEncryptionByDefault, "", ""),
			Rename: map[string]string{"enabled": "EbsEncryptionByDefault"},
			Update: func(ctx context.Context, r *request) error { return encryptDisks(ctx, r, r.in["enabled"] != false) },
			Delete: func(ctx context.Context, r *request) error { return encryptDisks(ctx, r, false) },
		},
		{Token: "aws:ebs/defaultKmsKey:DefaultKmsKey", Args: ebs.DefaultKmsKeyArgs{}, State: ebs.DefaultKmsKey{}, Simulated: true, Replace: []string{"keyArn"}},
	}
}

// endpointParts observes what AWS nests more deeply than Pulumi.
func endpointParts(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*ec2c).DescribeVpcEndpoints, &api.DescribeVpcEndpointsInput{VpcEndpointIds: []string{r.id}})
	if err != nil {
		return nil, err
	}
	if len(out.VpcEndpoints) == 0 || out.VpcEndpoints[0].State == "deleted" {
		return nil, errGone
	}
	groups := []any{}
	for _, g := range out.VpcEndpoints[0].Groups {
		groups = append(groups, aws.ToString(g.GroupId))
	}
	return props{"securityGroupIds": groups}, nil
}

func modifyEndpoint(ctx context.Context, r *request) error {
	in := &api.ModifyVpcEndpointInput{VpcEndpointId: &r.id}
	for name, to := range map[string][2]*[]string{
		"subnetIds":        {&in.AddSubnetIds, &in.RemoveSubnetIds},
		"routeTableIds":    {&in.AddRouteTableIds, &in.RemoveRouteTableIds},
		"securityGroupIds": {&in.AddSecurityGroupIds, &in.RemoveSecurityGroupIds},
	} {
		*to[0], *to[1] = listChange(stringList(r.was[name]), r.list(name))
	}
	if s, ok := r.in["policy"].(string); ok && r.changed("policy") {
		in.PolicyDocument = &s
	}
	if b, ok := r.in["privateDnsEnabled"].(bool); ok && r.changed("privateDnsEnabled") {
		in.PrivateDnsEnabled = &b
	}
	_, err := call(ctx, r, (*ec2c).ModifyVpcEndpoint, in)
	return err
}

// templateData translates the inputs of a launch template.
func templateData(r *request) *types.RequestLaunchTemplateData {
	data := &types.RequestLaunchTemplateData{}
	if err := fill(data, r.in, r.row.Rename); err != nil {
		return nil
	}
	return data
}

// templateVersion observes the newest version of a launch template.
func templateVersion(ctx context.Context, r *request) (props, error) {
	out, err := call(ctx, r, (*ec2c).DescribeLaunchTemplateVersions, &api.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &r.id, Versions: []string{"$Latest"}})
	if err != nil {
		return nil, err
	}
	if len(out.LaunchTemplateVersions) == 0 || out.LaunchTemplateVersions[0].LaunchTemplateData == nil {
		return props{}, nil
	}
	data := *out.LaunchTemplateVersions[0].LaunchTemplateData
	// The emulator mixes the template's own tags into those of the instances.
	data.TagSpecifications = slices.DeleteFunc(data.TagSpecifications, func(s types.LaunchTemplateTagSpecification) bool {
		return s.ResourceType == types.ResourceTypeLaunchTemplate
	})
	return r.see(data), nil
}

func encryptDisks(ctx context.Context, r *request, on bool) error {
	if on {
		_, err := call(ctx, r, (*ec2c).EnableEbsEncryptionByDefault, &api.EnableEbsEncryptionByDefaultInput{})
		return err
	}
	_, err := call(ctx, r, (*ec2c).DisableEbsEncryptionByDefault, &api.DisableEbsEncryptionByDefaultInput{})
	return err
}
