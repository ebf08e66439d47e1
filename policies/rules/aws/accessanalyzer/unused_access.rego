# METADATA
# title: Unused access is noticed in time
# description: >-
#   Rights that nobody uses are rights that only an intruder will use.
# related_resources:
# - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-unused.html
# custom:
#   severity: low
#   remediation: |
#     Report rights that were not used for 90 days:
#       accessanalyzer.AnalyzerConfigurationUnusedAccessArgs{UnusedAccessAge: pulumi.Int(90)}
#   frameworks:
#     NIST 800-53: [AC-2, AC-6]
#     SOC 2: [CC6.3]
#     ISO 27001: [A.5.15, A.8.2]
#     Guide: ["readiness: Access Reviews"]
#   resource_types:
#   - aws:accessanalyzer/analyzer:Analyzer
#   reads: [configuration]
#   parameters:
#     days:
#       type: integer
#       minimum: 1
#       maximum: 365
#       default: 90
#       description: "Days without use after which access is reported"
package gatehouse.aws.accessanalyzer.unused_access

deny contains {
	"path": ["configuration", "unusedAccess", "unusedAccessAge"],
	"message": sprintf("unused access is reported after %v days; at most %d are allowed", [days, data.parameters["aws-accessanalyzer-unused-access"].days]),
} if {
	days := input.properties.configuration.unusedAccess.unusedAccessAge
	to_number(days) > data.parameters["aws-accessanalyzer-unused-access"].days
}
