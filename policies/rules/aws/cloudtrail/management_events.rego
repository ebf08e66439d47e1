# METADATA
# title: The trail records management events, readers and writers alike
# description: >-
#   Selectors of data events replace what a trail records by default. A trail
#   without management events misses every change of rights.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
# custom:
#   severity: high
#   remediation: |
#     Select them beside the data events:
#       AdvancedEventSelectors: cloudtrail.TrailAdvancedEventSelectorArray{cloudtrail.TrailAdvancedEventSelectorArgs{
#         FieldSelectors: cloudtrail.TrailAdvancedEventSelectorFieldSelectorArray{
#           cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs{Field: pulumi.String("eventCategory"), Equals: pulumi.ToStringArray([]string{"Management"})}}}}
#   frameworks:
#     CIS AWS: ["3.1"]
#     NIST 800-53: [AU-12, AU-2]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: Audit Logging"]
#   resource_types:
#   - aws:cloudtrail/trail:Trail
#   reads: [eventSelectors, advancedEventSelectors]
package gatehouse.aws.cloudtrail.management_events

deny contains {"path": ["eventSelectors"], "message": "no event selector records all management events"} if {
	count(input.properties.eventSelectors) > 0
	every selector in input.properties.eventSelectors {
		not basic(selector)
	}
}

deny contains {"path": ["advancedEventSelectors"], "message": "no event selector records all management events"} if {
	count(input.properties.advancedEventSelectors) > 0
	every selector in input.properties.advancedEventSelectors {
		not advanced(selector)
	}
}

basic(selector) if {
	not object.get(selector, "includeManagementEvents", true) in {false, "false"}
	object.get(selector, "readWriteType", "All") == "All"
}

# A selector that also compares readOnly, or who calls what, leaves some out.
advanced(selector) if {
	count(selector.fieldSelectors) == 1
	selector.fieldSelectors[0].field == "eventCategory"
	"Management" in selector.fieldSelectors[0].equals
}
