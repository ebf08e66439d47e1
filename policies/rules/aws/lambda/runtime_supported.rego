# METADATA
# title: Functions run on a supported runtime
# description: >-
#   AWS neither patches nor updates a deprecated runtime, and refuses one day to
#   change functions that use it.
# related_resources:
# - ref: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
# custom:
#   severity: high
#   remediation: |
#     Move to a runtime that is supported:
#       lambda.FunctionArgs{Runtime: pulumi.String("python3.13")}
#   frameworks:
#     NIST 800-53: [SA-22, SI-2]
#     SOC 2: [CC7.1]
#     ISO 27001: [A.8.8]
#   resource_types:
#   - aws:lambda/function:Function
#   reads: [runtime]
#   parameters:
#     deprecated:
#       type: array
#       items: {type: string}
#       description: "Runtimes that AWS no longer supports"
#       default:
#       - dotnet5.0
#       - dotnet6
#       - dotnet7
#       - dotnetcore1.0
#       - dotnetcore2.0
#       - dotnetcore2.1
#       - dotnetcore3.1
#       - go1.x
#       - java8
#       - nodejs
#       - nodejs4.3
#       - nodejs4.3-edge
#       - nodejs6.10
#       - nodejs8.10
#       - nodejs10.x
#       - nodejs12.x
#       - nodejs14.x
#       - nodejs16.x
#       - nodejs18.x
#       - nodejs20.x
#       - provided
#       - python2.7
#       - python3.6
#       - python3.7
#       - python3.8
#       - python3.9
#       - ruby2.5
#       - ruby2.7
#       - ruby3.2
package gatehouse.aws.lambda.runtime_supported

deny contains {"path": ["runtime"], "message": sprintf("%s is no longer supported", [input.properties.runtime])} if {
	input.properties.runtime in data.parameters["aws-lambda-runtime-supported"].deprecated
}
