# METADATA
# title: AWS Config is switched on
# description: >-
#   A recorder starts only when it is told to. Until then no change of any
#   resource is recorded.
# related_resources:
# - ref: https://docs.aws.amazon.com/config/latest/developerguide/managing-recorder_console-start.html
# custom:
#   severity: medium
#   remediation: |
#     Start the recorder:
#       cfg.RecorderStatusArgs{Name: recorder.Name, IsEnabled: pulumi.Bool(true)}
#   frameworks:
#     CIS AWS: ["3.3"]
#     NIST 800-53: [AU-12, CM-8]
#     SOC 2: [CC7.2]
#     ISO 27001: [A.8.15, A.8.9]
#   resource_types:
#   - aws:cfg/recorderStatus:RecorderStatus
#   reads: [isEnabled]
package gatehouse.aws.config.recorder_on

deny contains {"path": ["isEnabled"], "message": "the recorder does not run"} if {
	not object.get(input.properties, "isEnabled", false) in {true, "true"}
}

remedy contains {"path": ["isEnabled"], "value": true}
