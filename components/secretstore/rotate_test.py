"""Runs the rotation function against moto's Secrets Manager, in process."""

import unittest

import boto3
from moto import mock_aws

import rotate


@mock_aws
class Rotation(unittest.TestCase):
    def setUp(self):
        self.client = boto3.client("secretsmanager", region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="x")
        self.client.create_secret(Name="s")

    def current(self):
        # By stage: without one, moto goes on returning the first version.
        return self.client.get_secret_value(SecretId="s", VersionStage="AWSCURRENT")

    def step(self, step, token):
        rotate.handler({"SecretId": "s", "ClientRequestToken": token, "Step": step}, None, self.client)

    def rotation(self, token):
        for step in ("createSecret", "setSecret", "testSecret", "finishSecret"):
            self.step(step, token)
        return self.current()

    def test_first_rotation_writes_the_first_value(self):
        got = self.rotation("a" * 32)
        self.assertEqual(got["VersionId"], "a" * 32)
        self.assertRegex(got["SecretString"], r"^[A-Za-z0-9]{48}$")

    def test_next_rotation_replaces_the_value_and_keeps_the_old_one(self):
        first, second = self.rotation("a" * 32), self.rotation("b" * 32)
        self.assertNotEqual(first["SecretString"], second["SecretString"])
        old = self.client.get_secret_value(SecretId="s", VersionStage="AWSPREVIOUS")
        self.assertEqual(old["SecretString"], first["SecretString"])

    def test_a_step_may_be_tried_again(self):
        self.step("createSecret", "a" * 32)
        self.step("createSecret", "a" * 32)
        got = self.rotation("a" * 32)
        self.step("finishSecret", "a" * 32)
        self.assertEqual(self.current()["SecretString"], got["SecretString"])

    def test_an_unknown_step_is_refused(self):
        with self.assertRaisesRegex(ValueError, "unknown rotation step"):
            self.step("dance", "a" * 32)


if __name__ == "__main__":
    unittest.main()
