"""Managed rules about IAM and the account."""

from __future__ import annotations

import json

import moto
import pytest
from moto.iam.models import iam_backends

from tests.config_recorder.conftest import ACCOUNT, BUCKET, client, judged, judged_account, rules_of

READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
PASSWORDS = {
    "RequireUppercaseCharacters": True, "RequireLowercaseCharacters": True, "RequireSymbols": True,
    "RequireNumbers": True, "MinimumPasswordLength": 14, "PasswordReusePrevention": 24,
    "MaxPasswordAge": 90,
}  # fmt: skip


@pytest.fixture
def mon(monitoring):
    """With moto, and the policies that AWS has."""
    with moto.mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        client("s3").create_bucket(Bucket=BUCKET)
        yield monitoring


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def iam():
    return client("iam")


def document(action="s3:GetObject", resource="*"):
    allow = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def user(name="plain", *, key=False, password=False, device=False, inline=False, groups=(),
         policy=None):  # fmt: skip
    found = iam().create_user(UserName=name)["User"]["UserId"]
    if key:
        iam().create_access_key(UserName=name)
    if password:
        iam().create_login_profile(UserName=name, Password="secret-Secret-1")
    if device:
        serial = iam().create_virtual_mfa_device(VirtualMFADeviceName=name)
        iam().enable_mfa_device(
            UserName=name, SerialNumber=serial["VirtualMFADevice"]["SerialNumber"],
            AuthenticationCode1="123456", AuthenticationCode2="654321")  # fmt: skip
    if inline:
        iam().put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document())
    if policy:
        iam().attach_user_policy(UserName=name, PolicyArn=policy)
    for group in groups:
        iam().create_group(GroupName=group)
        iam().add_user_to_group(UserName=name, GroupName=group)
    return found


def group(name, *members):
    found = iam().create_group(GroupName=name)["Group"]["GroupId"]
    for member in members:
        user(member)
        iam().add_user_to_group(UserName=member, GroupName=name)
    return found


def role(name, *policies):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
         "Action": "sts:AssumeRole"}]})  # fmt: skip
    found = iam().create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["RoleId"]
    for policy in policies:
        iam().attach_role_policy(RoleName=name, PolicyArn=policy)
    return found


def policy(name, action):
    found = iam().create_policy(PolicyName=name, PolicyDocument=document(action))
    return found["Policy"]["PolicyId"]


RULES = [
    ("IAM_GROUP_HAS_USERS_CHECK", lambda: group("a", "ann"), lambda: group("b"), {}),
    ("IAM_NO_INLINE_POLICY_CHECK", user, lambda: user("bad", inline=True), {}),
    ("IAM_POLICY_BLACKLISTED_CHECK", lambda: user(policy=READ), lambda: user("bad", policy=ADMIN),
     {}),
    ("IAM_POLICY_BLACKLISTED_CHECK", lambda: user("ann", policy=ADMIN),
     lambda: user("bad", policy=ADMIN), {"exceptionList": "users:[ann|bob]"}),
    ("IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", lambda: policy("a", "s3:*"),
     lambda: policy("b", "*"), {}),
    ("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", lambda: policy("a", "s3:GetObject"),
     lambda: policy("b", ["ec2:RunInstances", "s3:*"]), {}),
    ("IAM_ROLE_MANAGED_POLICY_CHECK", lambda: role("a", READ), lambda: role("b", ADMIN),
     {"managedPolicyArns": READ}),
    ("IAM_USER_GROUP_MEMBERSHIP_CHECK", lambda: user(groups=["a", "b"]),
     lambda: user("bad", groups=["c"]), {"groupNames": "a,b"}),
    ("IAM_USER_MFA_ENABLED", lambda: user(device=True), lambda: user("bad"), {}),
    ("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS", lambda: user(password=True, device=True),
     lambda: user("bad", password=True), {}),
    ("IAM_USER_NO_POLICIES_CHECK", lambda: user(groups=["a"]), lambda: user("bad", policy=READ),
     {}),
]  # fmt: skip


@rules_of(RULES)
def test_identities(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_keys_are_rotated(mon):
    old = user("old", key=True)
    mon.clock.advance(days=91)
    judged("ACCESS_KEYS_ROTATED", lambda: user(key=True), lambda: old, maxAccessKeyAge="90")


def test_what_is_not_used_is_taken_away(mon):
    old = user("old", key=True)
    mon.clock.advance(days=91)
    judged("IAM_USER_UNUSED_CREDENTIALS_CHECK", lambda: user(key=True), lambda: old,
           maxCredentialUsageAge="90")  # fmt: skip


def test_passwords_are_hard():
    iam().update_account_password_policy(**PASSWORDS | {"MinimumPasswordLength": 8})
    judged_account("IAM_PASSWORD_POLICY", lambda: iam().update_account_password_policy(**PASSWORDS))


def test_an_account_of_an_organization():
    judged_account("ACCOUNT_PART_OF_ORGANIZATIONS",
                   lambda: client("organizations").create_organization(FeatureSet="ALL"),
                   MasterAccountId=ACCOUNT)  # fmt: skip


def test_the_root_user_has_no_keys(monkeypatch):
    summary = iam_backends[ACCOUNT]["aws"].account_summary
    monkeypatch.setattr(summary, "_account_access_keys_present", 1)
    judged_account(
        "IAM_ROOT_ACCESS_KEY_CHECK",
        lambda: monkeypatch.setattr(summary, "_account_access_keys_present", 0),
    )


@pytest.mark.parametrize(
    "identifier", ["ROOT_ACCOUNT_MFA_ENABLED", "ROOT_ACCOUNT_HARDWARE_MFA_ENABLED"]
)
def test_the_root_user_has_a_device(identifier, monkeypatch):
    summary = iam_backends[ACCOUNT]["aws"].account_summary
    judged_account(identifier, lambda: monkeypatch.setattr(summary, "_account_mfa_enabled", 1))
