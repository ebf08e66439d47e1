# METADATA
# title: ECR keeps enough images and drops the untagged
# description: >-
#   A rollback needs the images of past releases; a repository that keeps
#   everything hides old vulnerabilities among thousands of layers.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
# custom:
#   severity: low
#   remediation: |
#     Expire untagged images after days and keep a number of the tagged:
#       {"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}, "action": {"type": "expire"}}]}
#   frameworks:
#     NIST 800-53: [SI-12, CM-2(3)]
#     SOC 2: [CC7.5]
#     ISO 27001: [A.8.10]
#     Guide: ['deployment: Set up rollback procedures', 'readiness: Retention Policies']
#   resource_types: ['aws:ecr/lifecyclePolicy:LifecyclePolicy']
#   reads: [policy]
#   parameters:
#     images:
#       type: integer
#       minimum: 1
#       default: 10
#       description: The fewest tagged images that must be kept.
package gatehouse.aws.ecr.lifecycle

deny contains {"path": ["policy"], "message": "the policy is not valid JSON"} if not document

deny contains {"path": ["policy"], "message": "untagged images are never dropped"} if {
	document
	every s in selections {
		not object.get(s, "tagStatus", null) in {"untagged", "any"}
	}
}

deny contains {"path": ["policy"], "message": message} if {
	some s in selections
	s.tagStatus in {"tagged", "any"}
	s.countType == "imageCountMoreThan"
	kept := to_number(s.countNumber)
	kept < data.parameters["aws-ecr-lifecycle"].images
	message := sprintf("only %v images are kept", [kept])
}

deny contains {"path": ["policy"], "message": "tagged images are dropped by age, those that run as well"} if {
	some s in selections
	s.tagStatus in {"tagged", "any"}
	startswith(s.countType, "since")
}

selections := [r.selection | some r in document.rules; is_object(r.selection)]

document := input.properties.policy if is_object(input.properties.policy)

document := parsed if {
	json.is_valid(input.properties.policy)
	parsed := json.unmarshal(input.properties.policy)
	is_object(parsed)
}
