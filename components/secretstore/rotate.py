"""Renews one Secrets Manager secret with a random value (rotation by Lambda).

Only the first and the last of the four steps have work to do: nothing but the
secret holds the value, so there is nothing to set or to test elsewhere.
"""

import boto3

LENGTH = 48


def handler(event, _context, client=None):
    client = client or boto3.client("secretsmanager")
    secret, token = event["SecretId"], event["ClientRequestToken"]
    if event["Step"] == "createSecret":
        create(client, secret, token)
    elif event["Step"] == "finishSecret":
        finish(client, secret, token)
    elif event["Step"] not in ("setSecret", "testSecret"):
        raise ValueError("unknown rotation step " + event["Step"])


def create(client, secret, token):
    """Writes the new value once, however often the step is tried."""
    try:
        client.get_secret_value(SecretId=secret, VersionId=token, VersionStage="AWSPENDING")
    except client.exceptions.ResourceNotFoundException:
        value = client.get_random_password(PasswordLength=LENGTH, ExcludePunctuation=True)["RandomPassword"]
        client.put_secret_value(SecretId=secret, ClientRequestToken=token, SecretString=value, VersionStages=["AWSPENDING"])


def finish(client, secret, token):
    """Makes the new version the current one; a new secret has no old one."""
    versions = client.describe_secret(SecretId=secret).get("VersionIdsToStages", {})
    old = next((v for v, stages in versions.items() if "AWSCURRENT" in stages), None)
    if old == token:
        return
    more = {"RemoveFromVersionId": old} if old else {}
    client.update_secret_version_stage(SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, **more)
