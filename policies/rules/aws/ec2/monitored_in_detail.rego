# METADATA
# title: Instances are monitored every minute
# description: >-
#   Basic monitoring has one figure in five minutes: an alarm comes late and a
#   scaling policy reacts to the past.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
# custom:
#   severity: low
#   remediation: |
#     Turn detailed monitoring on:
#       ec2.LaunchTemplateMonitoringArgs{Enabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SI-4, AU-12]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#   resource_types: ["aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"]
#   reads: [monitoring, launchTemplate]
package gatehouse.aws.ec2.monitored_in_detail

deny contains {"path": ["monitoring"], "message": "there is no detailed monitoring"} if {
	endswith(input.type, ":LaunchTemplate")
	not input.properties.monitoring.enabled
}

deny contains {"path": [], "message": "there is no detailed monitoring"} if {
	endswith(input.type, ":Instance")
	not input.properties.monitoring
	not templated
}

templated if {
	input.properties.launchTemplate
	object.get(input.properties, "monitoring", null) == null
}
