# METADATA
# title: User data holds no credentials
# description: >-
#   Every process of the instance reads its user data, and so does everyone who
#   may describe instances or read the state. It is no place for a secret.
# related_resources:
# - ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
# custom:
#   severity: high
#   remediation: |
#     Give the instance a role, and let the script fetch the secret when it needs it:
#       password=$(aws secretsmanager get-secret-value --secret-id portal/postgres --query SecretString --output text)
#   frameworks:
#     NIST 800-53: [IA-5]
#     SOC 2: [CC6.1]
#     ISO 27001: [A.5.17]
#     Guide: ["readiness: Secrets Management", "deployment: Configure secrets management"]
#   resource_types:
#   - aws:ec2/instance:Instance
#   - aws:ec2/launchTemplate:LaunchTemplate
#   - aws:ec2/launchConfiguration:LaunchConfiguration
#   reads: [userData, userDataBase64]
package gatehouse.aws.ec2.user_data_without_secrets

import data.gatehouse.lib.credentials

# A template's user data, too, is base64.
texts contains {"key": key, "text": text} if {
	some key in ["userData", "userDataBase64"]
	some text in readings(input.properties[key])
}

readings(text) := {text, base64.decode(text)} if base64.is_valid(text)

readings(text) := {text} if not base64.is_valid(text)

deny contains {"path": [t.key], "message": sprintf("it holds %s", [credentials.kind(t.text)])} if {
	some t in texts
}

# A literal that is given to a name which says what it is. What a shell takes
# from a variable or a command is none.
assignment := `(?i)(password|passwd|secret_access_key|secret_key|api_key|token)["']?\s*[=:]\s*["']?[^\s"'$<({\x60]{8}`

deny contains {"path": [t.key], "message": "it holds a password or token"} if {
	some t in texts
	regex.match(assignment, t.text)
}
