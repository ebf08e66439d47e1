# METADATA
# title: Instances answer only version 2 of the metadata service
# description: >-
#   Version 1 gives the role's credentials to any GET request, so that one
#   forged request through an application is enough to steal them.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
# custom:
#   severity: high
#   remediation: |
#     Require a token:
#       ec2.InstanceMetadataOptionsArgs{HttpTokens: pulumi.String("required")}
#   frameworks:
#     CIS AWS: ["5.6"]
#     NIST 800-53: [AC-6, CM-6]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.8.9]
#   resource_types:
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   - aws:ec2/launchConfiguration:LaunchConfiguration
#   reads: [metadataOptions.httpTokens, metadataOptions.httpEndpoint, launchTemplate]
package gatehouse.aws.ec2.metadata_v2_required

options := object.get(input.properties, "metadataOptions", {})

deny contains {"path": path, "message": "version 1 of the metadata service answers"} if not kept

kept if options.httpTokens == "required"

kept if options.httpEndpoint == "disabled"

kept if templated

# An instance takes from its template what it does not say itself.
templated if {
	input.properties.launchTemplate
	not options.httpTokens
}

path := ["metadataOptions"] if options.httpTokens

path := [] if not options.httpTokens

remedy contains {"path": ["metadataOptions", "httpTokens"], "value": "required"} if {
	not kept
	not endswith(input.type, ":LaunchConfiguration") # it would be replaced
}
