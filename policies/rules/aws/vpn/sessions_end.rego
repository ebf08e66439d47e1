# METADATA
# title: VPN sessions end within a working day
# description: >-
#   A session that runs on after work is open to whoever finds the laptop, and
#   keeps somebody in whose access was taken away in the meantime.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-max-duration.html
# custom:
#   severity: low
#   remediation: |
#     Shorten it:
#       ec2clientvpn.EndpointArgs{SessionTimeoutHours: pulumi.Int(8)}
#   frameworks:
#     NIST 800-53: [AC-12, AC-17]
#     SOC 2: [CC6.6]
#     ISO 27001: [A.8.5]
#     Guide: ["readiness: VPN Access"]
#   resource_types: ["aws:ec2clientvpn/endpoint:Endpoint"]
#   reads: [sessionTimeoutHours]
#   parameters:
#     hours:
#       type: integer
#       enum: [8, 10, 12, 24]
#       default: 12
#       description: The longest that a session may last
package gatehouse.aws.vpn.sessions_end

# AWS's default is a whole day.
hours := to_number(object.get(input.properties, "sessionTimeoutHours", 24))

deny contains {"path": ["sessionTimeoutHours"], "message": sprintf("sessions last %d hours, over %d", [hours, limit])} if {
	limit := data.parameters["aws-vpn-sessions-end"].hours
	hours > limit
}
