# METADATA
# title: Storage classes encrypt their volumes
# description: >-
#   A volume that is not encrypted gives its data to whoever gets hold of a snapshot.
# related_resources:
# - ref: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
# custom:
#   severity: high
#   remediation: |
#     Set the parameter, as text, with a key of your own:
#       parameters: {type: gp3, encrypted: "true", kmsKeyId: arn:aws:kms:eu-west-1:111122223333:key/…}
#   frameworks:
#     NIST 800-53: [SC-28]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.24]
#     Guide: ["readiness: Storage Classes"]
#   resource_types: ["kubernetes:storage.k8s.io/*:StorageClass"]
#   reads: [provisioner, parameters]
package gatehouse.kubernetes.storage.class_encrypted

# Only the provisioners of EBS decide it by a parameter. The provisioner
# decides as well: the path is above both.
deny contains {"path": [], "message": "volumes are not encrypted"} if {
	input.properties.provisioner in {"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"}
	not encrypted
}

encrypted if {
	some key, value in input.properties.parameters
	lower(key) == "encrypted"
	lower(sprintf("%v", [value])) == "true"
}
