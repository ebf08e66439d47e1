# METADATA
# title: OpenSearch answers over TLS 1.2 only
# description: >-
#   Without it the endpoint answers over plain HTTP, or with TLS 1.0, to whoever
#   asks so.
# related_resources:
# - ref: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html
# custom:
#   severity: high
#   remediation: |
#     Enforce HTTPS and a policy:
#       opensearch.DomainDomainEndpointOptionsArgs{EnforceHttps: pulumi.Bool(true), TlsSecurityPolicy: pulumi.String("Policy-Min-TLS-1-2-PFS-2023-10")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#   resource_types: ['aws:opensearch/domain:Domain']
#   reads: [domainEndpointOptions.enforceHttps, domainEndpointOptions.tlsSecurityPolicy]
package gatehouse.aws.opensearch.https_only

deny contains {"path": ["domainEndpointOptions", "enforceHttps"], "message": "requests without TLS are answered"} if {
	not object.get(options, "enforceHttps", null) in {true, "true"}
}

deny contains {"path": ["domainEndpointOptions", "tlsSecurityPolicy"], "message": "TLS 1.0 is accepted"} if {
	not object.get(options, "tlsSecurityPolicy", null) in policies
}

options := given if {
	given := input.properties.domainEndpointOptions
	is_object(given)
} else := {}

# policies are those without TLS 1.0 and 1.1.
policies := {"Policy-Min-TLS-1-2-2019-07", "Policy-Min-TLS-1-2-PFS-2023-10", "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08"}
