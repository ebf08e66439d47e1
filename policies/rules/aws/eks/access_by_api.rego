# METADATA
# title: Access to the cluster is granted through the EKS API
# description: >-
#   Who writes the aws-auth ConfigMap is administrator, and one typing error in
#   it locks everyone out. Access entries are checked, audited and reviewable.
# related_resources:
# - ref: https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html
# custom:
#   severity: medium
#   remediation: |
#     Use access entries; the way goes from CONFIG_MAP over API_AND_CONFIG_MAP to API, and never back:
#       eks.ClusterAccessConfigArgs{AuthenticationMode: pulumi.String("API")}
#   frameworks:
#     NIST 800-53: [AC-2, AC-3]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.15]
#     Guide: ["readiness: Access Reviews", "readiness: RBAC"]
#   resource_types: ["aws:eks/cluster:Cluster"]
#   reads: [accessConfig.authenticationMode]
package gatehouse.aws.eks.access_by_api

# Where it is left out, EKS reads the ConfigMap.
mode := object.get(input.properties, ["accessConfig", "authenticationMode"], "CONFIG_MAP")

deny contains {"path": ["accessConfig", "authenticationMode"], "message": sprintf("the authentication mode is %s", [mode])} if {
	mode != "API"
}
