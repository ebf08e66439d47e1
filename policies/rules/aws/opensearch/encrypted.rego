# METADATA
# title: OpenSearch encrypts disks and the traffic between its nodes
# description: >-
#   An index holds what the logs and the catalog hold; without both it lies on
#   disks and crosses the network in the clear.
# related_resources:
# - ref: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html
# custom:
#   severity: high
#   remediation: |
#     Enable both:
#       opensearch.DomainEncryptAtRestArgs{Enabled: pulumi.Bool(true), KmsKeyId: key.Arn}
#       opensearch.DomainNodeToNodeEncryptionArgs{Enabled: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [SC-28, SC-8]
#     SOC 2: [CC6.1, CC6.7]
#     ISO 27001: [A.8.24]
#   resource_types: ['aws:opensearch/domain:Domain']
#   reads: [encryptAtRest.enabled, nodeToNodeEncryption.enabled]
package gatehouse.aws.opensearch.encrypted

deny contains {"path": [key, "enabled"], "message": message} if {
	some key, what in {"encryptAtRest": "data at rest", "nodeToNodeEncryption": "traffic between nodes"}
	not object.get(input.properties, [key, "enabled"], null) in {true, "true"}
	message := sprintf("%s is not encrypted", [what])
}
