# METADATA
# title: Groups launch from a template
# description: >-
#   Launch configurations cannot be changed and get no new features; new
#   accounts cannot make them at all. A template has versions to go back to.
# related_resources:
# - ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html
# custom:
#   severity: low
#   remediation: |
#     Move what it says into a launch template:
#       autoscaling.GroupArgs{LaunchTemplate: autoscaling.GroupLaunchTemplateArgs{Id: template.ID(), Version: pulumi.String("$Latest")}}
#   frameworks:
#     NIST 800-53: [CM-2, SA-22]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.9]
#   resource_types: ["aws:autoscaling/group:Group"]
#   reads: [launchConfiguration]
package gatehouse.aws.autoscaling.template_used

deny contains {"path": ["launchConfiguration"], "message": "the group launches from a launch configuration"} if {
	input.properties.launchConfiguration != ""
}
