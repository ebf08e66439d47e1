# METADATA
# title: The trail records every region
# description: >-
#   An intruder works where nobody looks. A trail of one region sees neither the
#   others nor what happens globally.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html
# custom:
#   severity: high
#   remediation: |
#     Record all regions and the global services:
#       cloudtrail.TrailArgs{IsMultiRegionTrail: pulumi.Bool(true), IncludeGlobalServiceEvents: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: ["3.1"]
#     NIST 800-53: [AU-12, AU-2]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types:
#   - aws:cloudtrail/trail:Trail
#   reads: [isMultiRegionTrail, includeGlobalServiceEvents]
package gatehouse.aws.cloudtrail.multi_region

deny contains {"path": ["isMultiRegionTrail"], "message": "the trail records one region"} if {
	not object.get(input.properties, "isMultiRegionTrail", false) in {true, "true"}
}

deny contains {"path": ["includeGlobalServiceEvents"], "message": "the trail leaves out global services"} if {
	input.properties.includeGlobalServiceEvents in {false, "false"}
}

remedy contains {"path": ["isMultiRegionTrail"], "value": true}

remedy contains {"path": ["includeGlobalServiceEvents"], "value": true}
