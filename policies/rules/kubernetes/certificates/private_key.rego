# METADATA
# title: Certificates have strong keys that change
# description: >-
#   A short key can be computed; one that is kept for ever makes renewal worth nothing
#   once it has leaked.
# related_resources:
# - ref: https://cert-manager.io/docs/usage/certificate/#configuring-private-key-rotation
# custom:
#   severity: high
#   remediation: |
#     Use ECDSA, and a new key at each renewal:
#       privateKey: {algorithm: ECDSA, size: 256, rotationPolicy: Always}
#   frameworks:
#     NIST 800-53: [SC-12, SC-13]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Certificate Management"]
#   resource_types: ["kubernetes:cert-manager.io/*:Certificate"]
#   reads: [spec.privateKey]
package gatehouse.kubernetes.certificates.private_key

least := {"RSA": 2048, "ECDSA": 256}

deny contains {"path": ["spec", "privateKey"], "message": sprintf("the %s key has %v bits", [algorithm, key.size])} if {
	key := input.properties.spec.privateKey
	algorithm := object.get(key, "algorithm", "RSA")
	key.size < least[algorithm]
}

deny contains {"path": ["spec", "privateKey", "rotationPolicy"], "message": "the key is kept at renewal"} if {
	input.properties.spec.privateKey.rotationPolicy == "Never"
}
