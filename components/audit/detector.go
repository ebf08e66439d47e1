package audit

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// protections are GuardDuty's features, by API name ("DetectorFeature
// configuration").
func protections() []string {
	return []string{
		"EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", runtimeMonitoring, "S3_DATA_EVENTS",
	}
}

const runtimeMonitoring = "RUNTIME_MONITORING"

// detector turns GuardDuty on with all of its protections.
func detector(ctx *pulumi.Context, name string, protect bool, child pulumi.ResourceOption) (pulumi.StringOutput, error) {
	made, err := guardduty.NewDetector(ctx, name+"-threats", &guardduty.DetectorArgs{
		Enable: pulumi.Bool(true), FindingPublishingFrequency: pulumi.String("FIFTEEN_MINUTES"),
	}, child, pulumi.Protect(protect))
	if err != nil {
		return pulumi.StringOutput{}, err
	}
	for _, protection := range protections() {
		feature := &guardduty.DetectorFeatureArgs{
			DetectorId: made.ID(), Name: pulumi.String(protection), Status: pulumi.String("ENABLED"),
		}
		if protection == runtimeMonitoring {
			feature.AdditionalConfigurations = agents()
		}
		if _, err := guardduty.NewDetectorFeature(ctx, name+"-threats-"+protection, feature, child); err != nil {
			return pulumi.StringOutput{}, err
		}
	}
	return made.ID().ToStringOutput(), nil
}

// agents lets GuardDuty put its agent into the clusters and keep it current.
// The two others are off and named all the same: AWS returns all three, and
// what is not named would show as drift.
func agents() guardduty.DetectorFeatureAdditionalConfigurationArray {
	list := guardduty.DetectorFeatureAdditionalConfigurationArray{}
	for _, a := range []struct{ name, status string }{
		{"EKS_ADDON_MANAGEMENT", "ENABLED"},
		{"ECS_FARGATE_AGENT_MANAGEMENT", "DISABLED"},
		{"EC2_AGENT_MANAGEMENT", "DISABLED"},
	} {
		list = append(list, guardduty.DetectorFeatureAdditionalConfigurationArgs{
			Name: pulumi.String(a.name), Status: pulumi.String(a.status),
		})
	}
	return list
}
