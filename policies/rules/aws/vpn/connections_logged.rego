# METADATA
# title: VPN connections are logged
# description: >-
#   Who came in, when, from where and for how long is the first question after
#   an intrusion, and the VPN is the door that people use.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/connection-logging.html
# custom:
#   severity: medium
#   remediation: |
#     Log connections to CloudWatch Logs:
#       ec2clientvpn.EndpointConnectionLogOptionsArgs{Enabled: pulumi.Bool(true), CloudwatchLogGroup: logs.Name}
#   frameworks:
#     NIST 800-53: [AU-2, AU-12, AC-17]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15]
#     Guide: ["readiness: VPN Access", "readiness: Audit Logging"]
#   resource_types: ["aws:ec2clientvpn/endpoint:Endpoint"]
#   reads: [connectionLogOptions.enabled]
package gatehouse.aws.vpn.connections_logged

deny contains {"path": ["connectionLogOptions", "enabled"], "message": "connections are not logged"} if {
	not input.properties.connectionLogOptions.enabled
}
