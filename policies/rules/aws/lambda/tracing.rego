# METADATA
# title: Functions are traced
# description: >-
#   Without traces nobody can tell which call of which service made a function
#   slow or fail.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
# custom:
#   severity: low
#   remediation: |
#     Trace, and let the function's role write to X-Ray (AWSXRayDaemonWriteAccess):
#       lambda.FunctionArgs{TracingConfig: lambda.FunctionTracingConfigArgs{Mode: pulumi.String("Active")}}
#   frameworks:
#     NIST 800-53: [AU-12, SI-4]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.16]
#   resource_types:
#   - aws:lambda/function:Function
#   reads: [tracingConfig]
package gatehouse.aws.lambda.tracing

deny contains {"path": ["tracingConfig", "mode"], "message": "calls of the function are not traced"} if {
	object.get(input.properties, ["tracingConfig", "mode"], "PassThrough") != "Active"
}
