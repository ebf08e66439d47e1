# METADATA
# title: Certificates are short-lived and renewed in time
# description: >-
#   Browsers refuse certificates of more than 398 days, and what renews too late leaves
#   nobody the time to see that it fails.
# related_resources:
# - ref: https://cert-manager.io/docs/usage/certificate/#certificate-lifetime
# custom:
#   severity: medium
#   remediation: |
#     Renew when a third of the time is left:
#       spec: {duration: 2160h, renewBefore: 720h}
#   frameworks:
#     NIST 800-53: [SC-12, SC-17]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["kubernetes:cert-manager.io/*:Certificate"]
#   reads: [spec.duration, spec.renewBefore, spec.isCA]
#   parameters:
#     most_days: {type: integer, minimum: 1, default: 398, description: "the longest life of a certificate that is no authority"}
#     least_hours: {type: integer, minimum: 1, default: 24, description: "the shortest time in which a failed renewal can be put right"}
package gatehouse.kubernetes.certificates.lifetime

parameters := data.parameters["kubernetes-certificates-lifetime"]

spec := object.get(input.properties, "spec", {})

hour := 3600000000000

# Ninety days are cert-manager's default.
life := time.parse_duration_ns(object.get(spec, "duration", "2160h")) / hour

margin := time.parse_duration_ns(spec.renewBefore) / hour

# Each of these depends on several values: the path is above them.
deny contains {"path": ["spec"], "message": sprintf("it lives %v hours, at most %d days are wanted", [life, parameters.most_days])} if {
	life > parameters.most_days * 24
	not object.get(spec, "isCA", false) in [true, "true"]
}

deny contains {"path": ["spec"], "message": sprintf("it lives %v hours and is renewed %v hours before its end", [life, margin])} if margin >= life

deny contains {"path": ["spec"], "message": sprintf("it is renewed %v hours before its end, at least %d are wanted", [margin, parameters.least_hours])} if {
	margin < parameters.least_hours
	life > parameters.least_hours * 3
}
