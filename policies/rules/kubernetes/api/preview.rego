# METADATA
# title: Objects use stable API versions
# description: >-
#   Alpha and beta versions change without notice and are removed after a few releases;
#   the objects then have to be rewritten in a hurry.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/using-api/#api-versioning
# custom:
#   severity: low
#   remediation: |
#     Use the stable version where there is one; else list the group as a known exception:
#       apiVersion: external-secrets.io/v1
#   frameworks:
#     NIST 800-53: [CM-2, SA-22]
#     SOC 2: [CC8.1]
#   resource_types: ["kubernetes:*/v*alpha*:*", "kubernetes:*/v*beta*:*"]
#   reads: [apiVersion]
#   parameters:
#     allowed: {type: array, items: {type: string}, default: [monitoring.coreos.com/v1alpha1], description: "versions without a stable successor, as GROUP/VERSION"}
package gatehouse.kubernetes.api.preview

deny contains {"path": ["apiVersion"], "message": sprintf("%s is not stable", [version])} if {
	version := split(trim_prefix(input.type, "kubernetes:"), ":")[0]
	regex.match(`/v[0-9]+(alpha|beta)[0-9]+$`, version)
	not version in data.parameters["kubernetes-api-preview"].allowed
}
