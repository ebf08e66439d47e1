# METADATA
# title: ECR repositories with images are not deleted
# description: >-
#   With forceDelete a repository goes with all its images, and nothing that runs
#   can be scheduled again.
# related_resources:
# - ref: https://www.pulumi.com/registry/packages/aws/api-docs/ecr/repository/
# custom:
#   severity: medium
#   remediation: |
#     Leave it off where the images are needed:
#       ecr.RepositoryArgs{ForceDelete: pulumi.Bool(false)}
#   frameworks:
#     NIST 800-53: [CM-5, CP-9]
#     SOC 2: [CC8.1]
#     ISO 27001: [A.8.32]
#   resource_types: ['aws:ecr/repository:Repository']
#   reads: [forceDelete]
package gatehouse.aws.ecr.force_delete_off

deny contains {"path": ["forceDelete"], "message": "the repository is deleted with its images"} if {
	input.properties.forceDelete in {true, "true"}
}
