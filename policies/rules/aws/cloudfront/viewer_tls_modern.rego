# METADATA
# title: CloudFront speaks TLS 1.2 and newer with its visitors
# description: >-
#   CloudFront's own certificate and its default policy accept TLS 1.0, which
#   has been broken, from anyone who asks for it.
# related_resources:
# - ref: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html
# custom:
#   severity: high
#   remediation: |
#     Use a certificate of your own and the newest policy:
#       cloudfront.DistributionViewerCertificateArgs{AcmCertificateArn: certificate.Arn,
#           MinimumProtocolVersion: pulumi.String("TLSv1.2_2021"), SslSupportMethod: pulumi.String("sni-only")}
#   frameworks:
#     NIST 800-53: [SC-8, SC-13]
#     SOC 2: [CC6.7]
#     ISO 27001: [A.8.24]
#     Guide: ["deployment: Enable SSL/TLS certificates"]
#   resource_types: ["aws:cloudfront/distribution:Distribution"]
#   reads: [viewerCertificate.minimumProtocolVersion, viewerCertificate.cloudfrontDefaultCertificate]
#   parameters:
#     versions:
#       type: array
#       items: {type: string}
#       default: [TLSv1.2_2021, TLSv1.2_2025, TLSv1.3_2025]
#       description: Security policies that are good enough
package gatehouse.aws.cloudfront.viewer_tls_modern

certificate := object.get(input.properties, "viewerCertificate", {})

deny contains {"path": ["viewerCertificate", "cloudfrontDefaultCertificate"], "message": "CloudFront's own certificate accepts TLSv1"} if {
	certificate.cloudfrontDefaultCertificate == true
}

deny contains {"path": ["viewerCertificate"], "message": sprintf("the minimum is %s", [version])} if {
	not certificate.cloudfrontDefaultCertificate
	version := object.get(certificate, "minimumProtocolVersion", "TLSv1")
	not version in data.parameters["aws-cloudfront-viewer-tls-modern"].versions
}
