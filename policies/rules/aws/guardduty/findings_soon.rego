# METADATA
# title: Threats are reported within the hour
# description: >-
#   By default a finding that comes again is passed on after six hours only,
#   most of a night.
# related_resources:
# - ref: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html
# custom:
#   severity: low
#   remediation: |
#     Pass findings on sooner:
#       guardduty.DetectorArgs{FindingPublishingFrequency: pulumi.String("FIFTEEN_MINUTES")}
#   frameworks:
#     NIST 800-53: [IR-6, SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#   resource_types:
#   - aws:guardduty/detector:Detector
#   reads: [findingPublishingFrequency]
package gatehouse.aws.guardduty.findings_soon

deny contains {"path": ["findingPublishingFrequency"], "message": "findings are passed on every six hours"} if {
	object.get(input.properties, "findingPublishingFrequency", null) in {null, "SIX_HOURS"}
}

remedy contains {"path": ["findingPublishingFrequency"], "value": "FIFTEEN_MINUTES"}
