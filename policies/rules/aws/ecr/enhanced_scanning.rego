# METADATA
# title: ECR keeps scanning what is in the registry
# description: >-
#   A vulnerability that becomes known tomorrow is in the image that was clean
#   when it was pushed; only enhanced scanning looks again, and reads npm packages
#   too.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html
# custom:
#   severity: low
#   remediation: |
#     Scan everything continuously:
#       ecr.RegistryScanningConfigurationArgs{ScanType: pulumi.String("ENHANCED"), Rules: …CONTINUOUS_SCAN of "*"}
#   frameworks:
#     NIST 800-53: [RA-5, SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ['readiness: Dependency Scanning']
#   resource_types: ['aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration']
#   reads: [scanType, 'rules[*].scanFrequency']
package gatehouse.aws.ecr.enhanced_scanning

deny contains {"path": ["scanType"], "message": "images are scanned once"} if {
	not input.properties.scanType == "ENHANCED"
}

deny contains {"path": ["rules"], "message": "nothing is scanned continuously"} if {
	input.properties.scanType == "ENHANCED"
	not continuous
}

continuous if {
	some r in input.properties.rules
	r.scanFrequency == "CONTINUOUS_SCAN"
}
