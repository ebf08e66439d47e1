# METADATA
# title: Secrets are mounted for their owner only
# description: >-
#   Unless told otherwise Kubernetes lets every user of the container read the files of a
#   Secret, helpers and shells included.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/storage/volumes/#secret
# custom:
#   severity: low
#   remediation: |
#     Let the group of the pod read them, and nobody else:
#       volumes: [{name: db, secret: {secretName: db, defaultMode: 0440}}]
#   frameworks:
#     NIST 800-53: [AC-3, AC-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.3]
#   resource_types: ["$pods"]
#   reads:
#   - $pod.volumes[*].secret.defaultMode
#   - $pod.volumes[*].secret.items[*].mode
package gatehouse.kubernetes.pods.secret_volumes

import data.gatehouse.lib.pods

deny contains {"path": array.concat(pods.path, ["volumes", i, "secret", "defaultMode"]), "message": "every user of the container can read the secret"} if {
	secret := pods.spec.volumes[i].secret
	is_object(secret)
	open(object.get(secret, "defaultMode", 420))
}

deny contains {"path": array.concat(pods.path, ["volumes", i, "secret", "items", j, "mode"]), "message": "every user of the container can read the secret"} if {
	mode := pods.spec.volumes[i].secret.items[j].mode
	is_number(mode)
	open(mode)
}

# open holds for modes that give something to others. 420 is 0644, the default.
open(null)

open(mode) if bits.and(mode, 7) != 0
