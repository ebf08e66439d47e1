# METADATA
# title: Pods use volumes of Kubernetes' own only
# description: >-
#   Volumes of NFS, iSCSI, Git and the old cloud drivers are mounted by the node itself,
#   past storage classes, quotas and the credentials of the pod.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   severity: medium
#   remediation: |
#     Ask for storage by a claim; the driver does the rest:
#       volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
#   frameworks:
#     PSS: ["restricted: Volume Types"]
#     NIST 800-53: [AC-6, CM-7]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#     Guide: ["readiness: Pod Security Standards"]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.volumes[*].*
package gatehouse.kubernetes.pods.volume_types

import data.gatehouse.lib.pods

# hostPath has a rule of its own.
known := {
	"name", "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "hostPath",
	"image", "persistentVolumeClaim", "projected", "secret",
}

deny contains {"path": array.concat(pods.path, ["volumes", i, kind]), "message": sprintf("volume %v is of type %s", [object.get(volume, "name", ""), kind])} if {
	some i, volume in pods.spec.volumes
	is_object(volume)
	some kind in (object.keys(volume) - known)
	volume[kind] != null
}
