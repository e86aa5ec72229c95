"""Who made a call: each form of userIdentity.

Source: User Guide, "CloudTrail userIdentity element"; IAM User Guide, "Logging IAM and AWS STS API
calls with AWS CloudTrail".
"""

from __future__ import annotations

import boto3
import pytest

from tests.trail.conftest import ACCOUNT, client, last

OTHER = "111122223333"


@pytest.fixture
def sts(mon):
    return client("sts")


@pytest.fixture
def role(mon):
    return client("iam").create_role(RoleName="R", AssumeRolePolicyDocument="{}")["Role"]["Arn"]


def caller(mon, credentials):
    """Who a call with these credentials is recorded of."""
    keys = {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
    boto3.client("logs", "us-east-1", **keys).describe_log_groups()
    return last(mon, "DescribeLogGroups")["userIdentity"]


def test_a_session_says_when_it_began_and_who_asked_for_it(mon, sts, role):
    given = sts.assume_role(
        RoleArn=role, RoleSessionName="s1", SerialNumber="GAHT12345678", TokenCode="123456",
        SourceIdentity="anaya",
    )["Credentials"]  # fmt: skip
    mon.clock.advance(minutes=10)
    context = caller(mon, given)["sessionContext"]
    assert context["attributes"] == {
        "creationDate": "2026-03-02T12:00:00Z", "mfaAuthenticated": "true",
    }  # fmt: skip
    assert context["sourceIdentity"] == "anaya"
    assert context["sessionIssuer"]["arn"] == role


def test_a_user_with_temporary_credentials(mon, sts):
    identity = caller(mon, sts.get_session_token()["Credentials"])
    assert (identity["type"], identity["userName"]) == ("IAMUser", "awsmon")
    assert identity["sessionContext"] == {
        "attributes": {"creationDate": "2026-03-02T12:00:00Z", "mfaAuthenticated": "false"}
    }


def test_a_federated_user(mon, sts):
    identity = caller(mon, sts.get_federation_token(Name="alice")["Credentials"])
    assert (identity["type"], identity["arn"]) == (
        "FederatedUser", f"arn:aws:sts::{ACCOUNT}:federated-user/alice",
    )  # fmt: skip
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert (issuer["type"], issuer["userName"]) == ("IAMUser", "awsmon")
    # source: a record of 2024; getting the token counts as a write
    record = last(mon, "GetFederationToken")
    assert record["readOnly"] is False
    assert record["responseElements"]["federatedUser"]["arn"] == identity["arn"]


def test_a_web_identity(mon, sts, role):
    given = sts.assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="app1", WebIdentityToken="token",
        ProviderId="www.amazon.com",
    )  # fmt: skip
    # the call itself is signed by nobody
    identity = last(mon, "AssumeRoleWithWebIdentity")["userIdentity"]
    assert (identity["type"], identity["identityProvider"]) == ("WebIdentityUser", "www.amazon.com")
    assert identity["principalId"].startswith("www.amazon.com:")
    assert "accessKeyId" not in identity
    # and the session tells where it comes from
    context = caller(mon, given["Credentials"])["sessionContext"]
    assert context["webIdFederationData"] == {
        "federatedProvider": "www.amazon.com", "attributes": {},
    }  # fmt: skip


def test_a_role_of_another_account_is_recorded_in_both(mon, sts):
    arn = f"arn:aws:iam::{OTHER}:role/R"
    sts.assume_role(RoleArn=arn, RoleSessionName="s1")
    mine, theirs = last(mon), last(mon.at(OTHER))
    assert mine["userIdentity"]["type"] == "IAMUser"
    assert theirs["userIdentity"] == {
        "type": "AWSAccount", "accountId": ACCOUNT,
        "principalId": mine["userIdentity"]["principalId"],
    }  # fmt: skip
    assert (mine["recipientAccountId"], theirs["recipientAccountId"]) == (ACCOUNT, OTHER)
    assert mine["sharedEventID"] == theirs["sharedEventID"]
    assert mine["eventID"] != theirs["eventID"]
    assert mine["requestParameters"] == theirs["requestParameters"] == {
        "roleArn": arn, "roleSessionName": "s1",
    }  # fmt: skip


def test_root_calls(monitoring):
    record = monitoring.trail.add_call(
        "iam", "CreateUser", {"UserName": "Bob"}, user=f"arn:aws:iam::{ACCOUNT}:root"
    ).record
    assert record["userIdentity"] == {
        "type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
    }  # fmt: skip


def test_another_account_calls(monitoring):
    record = monitoring.trail.add_call(
        "s3", "GetObject", {"Bucket": "b", "Key": "k"}, user=OTHER
    ).record
    assert record["userIdentity"] == {
        "type": "AWSAccount", "principalId": OTHER, "accountId": OTHER,
    }  # fmt: skip


def test_a_form_that_awsmon_has_no_word_for(monitoring):
    element = {"type": "IdentityCenterUser", "accountId": ACCOUNT, "onBehalfOf": {"userId": "u"}}
    record = monitoring.trail.add_call("q", "SendMessage", {}, user=element).record
    assert record["userIdentity"] == element
