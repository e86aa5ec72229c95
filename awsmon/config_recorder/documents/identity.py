"""Documents about IAM and trails."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.automation import Step, call
from awsmon.config_recorder.describing import told
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.config_recorder.automation import Given
    from awsmon.config_recorder.resource_types import Asking

__all__ = ["DOCUMENTS"]

_PASSWORDS = {
    # parameter: default
    "AllowUsersToChangePassword": "false", "HardExpiry": "false", "RequireLowercaseCharacters":
        "true", "RequireUppercaseCharacters": "true", "RequireNumbers": "true",
    "RequireSymbols": "true",
}  # fmt: skip
_LENGTHS = {"MinimumPasswordLength": "14", "MaxPasswordAge": "90", "PasswordReusePrevention": "24"}


def _user(ask: Callable[[str], Asking], given: Given, parameter: str) -> str:
    """The name of a user that is told by id or by name."""
    wanted = given.one(parameter)
    for each in ask("iam").all("ListUsers", "Users"):
        if wanted in (each["UserId"], each["UserName"]):
            return str(each["UserName"])
    raise Refused(f"There is no user {wanted}", permanent=True, code="NoSuchEntity")


def _deactivate(ask: Callable[[str], Asking], given: Given) -> None:
    """Keys that weren't used for too long become inactive."""
    iam, name = ask("iam"), _user(ask, given, "IAMResourceId")
    days = int(given.one("MaxCredentialUsageAge", "90"))
    for key in iam.all("ListAccessKeys", "AccessKeyMetadata", UserName=name):
        id_ = key["AccessKeyId"]
        used = (told(iam, "GetAccessKeyLastUsed", AccessKeyId=id_) or {}).get("AccessKeyLastUsed")
        last = (used or {}).get("LastUsedDate") or key["CreateDate"]
        if given.now - last > timedelta(days=days):
            iam("UpdateAccessKey", UserName=name, AccessKeyId=id_, Status="Inactive")


def _drop_policies(ask: Callable[[str], Asking], given: Given) -> None:
    """A user loses its own policies: ``All``, ``Inline`` or ``Managed`` ones."""
    iam, name = ask("iam"), _user(ask, given, "IAMUserID")
    kinds = given.one("PolicyType", "All")
    if kinds in ("All", "Inline"):
        for each in list(iam.all("ListUserPolicies", "PolicyNames", UserName=name)):
            iam("DeleteUserPolicy", UserName=name, PolicyName=each)
    if kinds in ("All", "Managed"):
        for each in list(iam.all("ListAttachedUserPolicies", "AttachedPolicies", UserName=name)):
            iam("DetachUserPolicy", UserName=name, PolicyArn=each["PolicyArn"])


def _passwords(given: Given) -> dict[str, Any]:
    return {
        **{name: given.flag(name, default) for name, default in _PASSWORDS.items()},
        **{name: int(given.one(name, default)) for name, default in _LENGTHS.items()},
    }


def _trail(given: Given) -> dict[str, Any]:
    more = {name: given.one(name) for name in ("S3KeyPrefix", "SnsTopicName") if given.all(name)}
    return {
        "Name": given.one("TrailName", "account-cloudtrail"),
        "S3BucketName": given.one("S3BucketName"), **more,
        "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": True,
        "EnableLogFileValidation": given.flag("EnableLogFileValidation"),
    }  # fmt: skip


DOCUMENTS = {
    "AWSConfigRemediation-RevokeUnusedIAMUserCredentials": (
        Step("DeactivateUnusedAccessKeys", _deactivate),
    ),
    "AWSConfigRemediation-RemoveUserPolicies": (Step("DetachUserPolicies", _drop_policies),),
    "AWSConfigRemediation-SetIAMPasswordPolicy": (
        call("UpdatePasswordPolicy", "iam", "UpdateAccountPasswordPolicy", _passwords),
    ),
    "AWS-EnableCloudTrail": (
        call("CreateTrail", "cloudtrail", "CreateTrail", _trail),
        call("StartLogging", "cloudtrail", "StartLogging",
             lambda given: {"Name": given.one("TrailName", "account-cloudtrail")}),
    ),
    "AWSConfigRemediation-CreateCloudTrailMultiRegionTrail": (
        call("CreateTrail", "cloudtrail", "CreateTrail", lambda given: {
            "Name": given.one("TrailName"), "S3BucketName": given.one("BucketName"),
            "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True}),
        call("StartLogging", "cloudtrail", "StartLogging",
             lambda given: {"Name": given.one("TrailName")}),
    ),
    "AWSConfigRemediation-EnableCloudTrailLogFileValidation": (
        call("UpdateTrail", "cloudtrail", "UpdateTrail", lambda given: {
            "Name": given.one("TrailName"), "EnableLogFileValidation": True}),
    ),
    "AWSConfigRemediation-EnableCloudTrailEncryptionWithKMS": (
        call("UpdateTrail", "cloudtrail", "UpdateTrail", lambda given: {
            "Name": given.one("TrailName"), "KmsKeyId": given.one("KMSKeyId")}),
    ),
}  # fmt: skip
