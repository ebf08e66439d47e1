# METADATA
# title: Threat detection is switched on
# description: >-
#   A suspended detector sees no stolen credentials, no mining and no calls to
#   known bad addresses.
# related_resources:
# - ref: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_suspend-disable.html
# custom:
#   severity: high
#   remediation: |
#     Switch it on:
#       guardduty.DetectorArgs{Enable: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#     Guide: ["deployment: Set up security monitoring"]
#   resource_types:
#   - aws:guardduty/detector:Detector
#   reads: [enable]
package gatehouse.aws.guardduty.enabled

deny contains {"path": ["enable"], "message": "the detector is suspended"} if {
	input.properties.enable in {false, "false"}
}

remedy contains {"path": ["enable"], "value": true}
