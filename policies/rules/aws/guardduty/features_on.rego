# METADATA
# title: Every protection of threat detection is switched on
# description: >-
#   A protection that is declared as disabled leaves a whole kind of traces
#   unread, such as the audit log of the cluster.
# related_resources:
# - ref: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html
# custom:
#   severity: medium
#   remediation: |
#     Switch it on, or take it out of the parameter features where it is of no use:
#       guardduty.DetectorFeatureArgs{DetectorId: detector.ID(), Name: pulumi.String("EKS_AUDIT_LOGS"), Status: pulumi.String("ENABLED")}
#   frameworks:
#     NIST 800-53: [SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up security monitoring"]
#   resource_types:
#   - aws:guardduty/detectorFeature:DetectorFeature
#   reads: [name, status]
#   parameters:
#     features:
#       type: array
#       items: {type: string}
#       description: "Protections that must be on where they are declared"
#       default:
#       - EBS_MALWARE_PROTECTION
#       - EKS_AUDIT_LOGS
#       - LAMBDA_NETWORK_LOGS
#       - RDS_LOGIN_EVENTS
#       - RUNTIME_MONITORING
#       - S3_DATA_EVENTS
package gatehouse.aws.guardduty.features_on

deny contains {"path": ["status"], "message": sprintf("%s is not enabled", [input.properties.name])} if {
	input.properties.name in data.parameters["aws-guardduty-features-on"].features
	object.get(input.properties, "status", "") != "ENABLED"
}
