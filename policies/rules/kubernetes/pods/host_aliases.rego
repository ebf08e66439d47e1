# METADATA
# title: Pods take names from DNS
# description: >-
#   Addresses written into /etc/hosts go stale, hide what a name really leads to, and can
#   send a program to a forged server.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/
# custom:
#   severity: low
#   remediation: |
#     Leave hostAliases out and give the name to a Service:
#       apiVersion: v1
#       kind: Service
#       metadata: {name: db}
#       spec: {type: ExternalName, externalName: db.example.internal}
#   frameworks:
#     NIST 800-53: [SC-20, CM-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.20]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.hostAliases
package gatehouse.kubernetes.pods.host_aliases

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["hostAliases", i]), "message": sprintf("%v is given names", [object.get(alias, "ip", "an address")])} if {
	some i, alias in pods.spec.hostAliases
	is_object(alias)
}
