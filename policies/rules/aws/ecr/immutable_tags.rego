# METADATA
# title: ECR tags cannot be moved
# description: >-
#   A tag that can be moved runs other code tomorrow than was reviewed today, and
#   a rollback to it rolls back to anything.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
# custom:
#   severity: medium
#   remediation: |
#     Make tags immutable and give every build a tag of its own:
#       ecr.RepositoryArgs{ImageTagMutability: pulumi.String("IMMUTABLE")}
#   frameworks:
#     NIST 800-53: [CM-3, CM-14, SI-7]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.32]
#     Guide: ['deployment: Set up rollback procedures']
#   resource_types:
#   - aws:ecr/repository:Repository
#   - aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate
#   reads: [imageTagMutability]
package gatehouse.aws.ecr.immutable_tags

deny contains {"path": ["imageTagMutability"], "message": "tags can be moved to other images"} if {
	not object.get(input.properties, "imageTagMutability", null) in {"IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"}
}
