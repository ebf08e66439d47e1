# METADATA
# title: ECR scans images when they are pushed
# description: >-
#   A known vulnerability is cheapest to find before the image runs.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
# custom:
#   severity: medium
#   remediation: |
#     Scan every push:
#       ecr.RepositoryImageScanningConfigurationArgs{ScanOnPush: pulumi.Bool(true)}
#   frameworks:
#     NIST 800-53: [RA-5, SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#     Guide: ['readiness: Dependency Scanning', 'readiness: Security Scanning']
#   resource_types: ['aws:ecr/repository:Repository']
#   reads: [imageScanningConfiguration.scanOnPush]
package gatehouse.aws.ecr.scan_on_push

deny contains {"path": ["imageScanningConfiguration", "scanOnPush"], "message": "pushed images are not scanned"} if {
	not object.get(input.properties, ["imageScanningConfiguration", "scanOnPush"], null) in {true, "true"}
}

remedy contains {"path": ["imageScanningConfiguration", "scanOnPush"], "value": true}
