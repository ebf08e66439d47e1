# METADATA
# title: Deleting a zone does not delete its records
# description: >-
#   With forceDestroy a wrong `destroy` takes every record of the domain, those
#   made by others too, and the new zone has name servers that nobody delegates to.
# related_resources:
# - ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DeleteHostedZone.html
# custom:
#   severity: medium
#   remediation: |
#     Leave it off, and protect the zone:
#       route53.NewZone(ctx, "portal", &route53.ZoneArgs{ForceDestroy: pulumi.Bool(false)}, pulumi.Protect(true))
#   frameworks:
#     NIST 800-53: [CP-10, CM-3]
#     SOC 2: [A1.2]
#     ISO 27001: [A.8.32]
#   resource_types: ["aws:route53/zone:Zone"]
#   reads: [forceDestroy]
package gatehouse.aws.route53.zone_kept

deny contains {"path": ["forceDestroy"], "message": "its records are deleted with it"} if {
	input.properties.forceDestroy in {true, "true"}
}
