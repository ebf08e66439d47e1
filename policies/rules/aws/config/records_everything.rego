# METADATA
# title: AWS Config records every kind of resource
# description: >-
#   What is not recorded has no history, and nobody can say who changed it or
#   how it was before.
# related_resources:
# - ref: https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html
# custom:
#   severity: medium
#   remediation: |
#     Record all that Config supports, and global resources in one region:
#       cfg.RecorderRecordingGroupArgs{AllSupported: pulumi.Bool(true), IncludeGlobalResourceTypes: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: ["3.3"]
#     NIST 800-53: [AU-12, CM-8]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15, A.8.9]
#   resource_types:
#   - aws:cfg/recorder:Recorder
#   reads: [recordingGroup]
package gatehouse.aws.config.records_everything

deny contains {"path": ["recordingGroup", "allSupported"], "message": "only some kinds of resources are recorded"} if {
	input.properties.recordingGroup.allSupported in {false, "false"}
}
