# METADATA
# title: Public DNS zones log their queries
# description: >-
#   Without query logs nobody notices who looks for forgotten names, or that a
#   name is asked for which points nowhere.
# related_resources:
# - ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html
# custom:
#   severity: low
#   remediation: |
#     Log the zone's queries to a log group in us-east-1:
#       route53.NewQueryLog(ctx, "zone", &route53.QueryLogArgs{ZoneId: zone.ZoneId, CloudwatchLogGroupArn: group.Arn})
#   frameworks:
#     NIST 800-53: [AU-12, SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#   subjects: ["aws:route53/zone:Zone"]
#   resource_types: ["aws:route53/zone:Zone", "aws:route53/queryLog:QueryLog"]
#   reads:
#     aws:route53/queryLog:QueryLog: [zoneId]
#   contents:
#     aws:route53/zone:Zone: [vpcs]
package gatehouse.graph.zone_query_log

import data.gatehouse.lib.graph

deny contains {"resource": r.urn, "path": [], "message": "no query log is about the zone"} if {
	some r in graph.of("route53/Zone")
	count(object.get(r.properties, "vpcs", [])) == 0
	not r.urn in logged
}

logged := graph.linked("route53/QueryLog", "zoneId")
