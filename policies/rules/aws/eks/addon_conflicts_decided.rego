# METADATA
# title: Add-ons say what wins when settings conflict
# description: >-
#   An add-on that was not told fails to update as soon as somebody has edited
#   its Deployment by hand, and the cluster keeps the old version.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateAddon.html
# custom:
#   severity: low
#   remediation: |
#     Let the program win, or keep what was set by hand (PRESERVE):
#       eks.AddonArgs{ResolveConflictsOnUpdate: pulumi.String("OVERWRITE")}
#   frameworks:
#     NIST 800-53: [CM-6, SI-2]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.9]
#   resource_types: ["aws:eks/addon:Addon"]
#   reads: [resolveConflictsOnUpdate, resolveConflicts]
package gatehouse.aws.eks.addon_conflicts_decided

# Version 6 of the provider still takes the older property.
deny contains {"path": [], "message": "an update fails on settings made by hand"} if {
	object.get(input.properties, "resolveConflictsOnUpdate", object.get(input.properties, "resolveConflicts", "NONE")) == "NONE"
}
