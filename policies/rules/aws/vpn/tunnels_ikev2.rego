# METADATA
# title: Site-to-site tunnels use IKEv2 only
# description: >-
#   IKEv1 is deprecated and can be made to give away a hash of the shared key,
#   which is then guessed offline. AWS offers it unless it is told not to.
# related_resources:
# - ref: https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
# custom:
#   severity: medium
#   remediation: |
#     Name the one version for both tunnels:
#       ec2.VpnConnectionArgs{Tunnel1IkeVersions: pulumi.ToStringArray([]string{"ikev2"}), Tunnel2IkeVersions: pulumi.ToStringArray([]string{"ikev2"})}
#   frameworks:
#     NIST 800-53: [SC-8, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: VPN Access"]
#   resource_types: ["aws:ec2/vpnConnection:VpnConnection"]
#   reads: [tunnel1IkeVersions, tunnel2IkeVersions]
package gatehouse.aws.vpn.tunnels_ikev2

deny contains {"path": [key], "message": "the tunnel takes IKEv1"} if {
	some key in ["tunnel1IkeVersions", "tunnel2IkeVersions"]
	"ikev1" in versions(object.get(input.properties, key, []))
}

# None named is both.
versions([]) := {"ikev1", "ikev2"}

versions(named) := {lower(version) | some version in named} if count(named) > 0
