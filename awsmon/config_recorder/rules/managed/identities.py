"""Managed rules about IAM's users, groups, roles and policies, and about the account."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from typing import Any

from awsmon.config_recorder.describing import told
from awsmon.config_recorder.rules.documents import listed, statements
from awsmon.config_recorder.rules.judging import (
    REQUIRED,
    Given,
    Lacking,
    NotApplicable,
    Reading,
    managed,
)

_USER, _GROUP, _ROLE = "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role"
_POLICY = "AWS::IAM::Policy"
_INLINE = {_USER: "userPolicyList", _GROUP: "groupPolicyList", _ROLE: "rolePolicyList"}
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@managed("ACCESS_KEYS_ROTATED", _USER, change=False, asks=True, maxAccessKeyAge=90)
def keys_rotated(user: Reading, given: Given) -> str | None:
    """No key that is in use is old."""
    days = given.number("maxAccessKeyAge") or 0
    for key in given.ask("iam").all("ListAccessKeys", "AccessKeyMetadata", UserName=user.name):
        old = given.now - key["CreateDate"] > timedelta(days=days)
        if key["Status"] == "Active" and old:
            return f"{key['AccessKeyId']} is older than {days} days."
    return None


@managed("IAM_GROUP_HAS_USERS_CHECK", _GROUP)
def group_has_users(group: Reading, _: Given) -> str | None:
    """Nobody keeps empty groups."""
    return None if group.related(_USER) else "The group has no users."


@managed("IAM_NO_INLINE_POLICY_CHECK", _USER, _GROUP, _ROLE)
def no_inline_policies(identity: Reading, _: Given) -> str | None:
    """Policies are managed ones."""
    found = identity.get(_INLINE[identity.type]) or []
    names = [each["policyName"] for each in found]
    return f"Inline policies: {', '.join(names)}." if names else None


@managed("IAM_PASSWORD_POLICY", RequireUppercaseCharacters="true",
         RequireLowercaseCharacters="true", RequireSymbols="true", RequireNumbers="true",
         MinimumPasswordLength="14", PasswordReusePrevention="24", MaxPasswordAge="90")  # fmt: skip
def password_policy(_: Reading, given: Given) -> str | None:
    """Passwords are at least as hard to guess as that."""
    found = (told(given.ask("iam"), "GetAccountPasswordPolicy") or {}).get("PasswordPolicy")
    if not found:
        return "The account has no password policy."
    for name in ("RequireUppercaseCharacters", "RequireLowercaseCharacters", "RequireSymbols",
                 "RequireNumbers"):  # fmt: skip
        if given.flag(name) and not found.get(name):
            return f"{name} is off."
    for name in ("MinimumPasswordLength", "PasswordReusePrevention"):
        if found.get(name, 0) < (given.number(name) or 0):
            return f"{name} is {found.get(name, 0)}."
    age, most = found.get("MaxPasswordAge"), given.number("MaxPasswordAge")
    if most and (not age or age > most):
        return f"MaxPasswordAge is {age or 'not set'}."
    return None


def _attached(identity: Reading) -> list[str]:
    return [each["policyArn"] for each in identity.get("attachedManagedPolicies") or ()]


@managed("IAM_POLICY_BLACKLISTED_CHECK", _USER, _GROUP, _ROLE, policyArns=_ADMINISTRATOR,
         exceptionList=None)  # fmt: skip
def blacklisted(identity: Reading, given: Given) -> str | None:
    """Nobody has one of some policies, but who may: ``users:[a|b], groups:[c]``."""
    kind = identity.type.rpartition("::")[2].lower()
    for each in given.list("exceptionList"):
        word, _, names = each.partition(":")
        if word.strip().rstrip("s") == kind and identity.name in names.strip("[] ").split("|"):
            return None
    bad = [each for each in _attached(identity) if each in given.list("policyArns")]
    return f"Attached: {', '.join(bad)}." if bad else None


def _documents(policy: Reading) -> Any:
    for version in policy["policyVersionList"]:
        if version.get("isDefaultVersion"):
            return version["document"]
    raise Lacking("the policy's default version isn't known")


def _allows(policy: Reading, wanted: Any) -> bool:
    for each in statements(_documents(policy)):
        actions = [str(action) for action in listed(each.get("Action"))]
        if each.get("Effect") == "Allow" and "*" in listed(each.get("Resource")) and any(
            wanted(action) for action in actions
        ):  # fmt: skip
            return True
    return False


def _no_boundary(policy: Reading, given: Given) -> None:
    excluded = given.flag("excludePermissionBoundaryPolicy")
    if excluded and policy.get("permissionsBoundaryUsageCount"):
        raise NotApplicable


@managed(
    "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS", _POLICY, excludePermissionBoundaryPolicy=None
)
def no_admin(policy: Reading, given: Given) -> str | None:
    """No policy allows everything."""
    _no_boundary(policy, given)
    admin = _allows(policy, lambda action: action in ("*", "*:*"))
    return "The policy allows everything." if admin else None


@managed("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", _POLICY, excludePermissionBoundaryPolicy=None)
def no_full_access(policy: Reading, given: Given) -> str | None:
    """Nor everything of a service."""
    _no_boundary(policy, given)
    full = _allows(policy, lambda action: action == "*" or action.endswith(":*"))
    return "The policy allows everything of a service." if full else None


@managed("IAM_ROLE_MANAGED_POLICY_CHECK", _ROLE, managedPolicyArns=REQUIRED)
def role_has_policies(role: Reading, given: Given) -> str | None:
    """Roles have all of some policies."""
    missing = {*given.list("managedPolicyArns")} - {*_attached(role)}
    return f"Not attached: {', '.join(sorted(missing))}." if missing else None


def _summary(given: Given, name: str) -> int:
    summary: dict[str, int] = given.ask("iam")("GetAccountSummary")["SummaryMap"]
    if name not in summary:
        raise Lacking(f"{name} of GetAccountSummary isn't known")
    return summary[name]


@managed("IAM_ROOT_ACCESS_KEY_CHECK")
def no_root_keys(_: Reading, given: Given) -> str | None:
    """The root user has no access key."""
    keys = _summary(given, "AccountAccessKeysPresent")
    return "The root user has an access key." if keys else None


@managed("ROOT_ACCOUNT_MFA_ENABLED")
def root_mfa(_: Reading, given: Given) -> str | None:
    """The root user has an MFA device."""
    return None if _summary(given, "AccountMFAEnabled") else "The root user has no MFA device."


@managed("ROOT_ACCOUNT_HARDWARE_MFA_ENABLED")
def root_hardware_mfa(_: Reading, given: Given) -> str | None:
    """One that isn't virtual."""
    if not _summary(given, "AccountMFAEnabled"):
        return "The root user has no MFA device."
    devices = given.ask("iam").all("ListVirtualMFADevices", "VirtualMFADevices",
                                   AssignmentStatus="Assigned")  # fmt: skip
    if any(each["SerialNumber"].endswith(":mfa/root-account-mfa-device") for each in devices):
        return "The root user's MFA device is virtual."
    return None


@managed("IAM_USER_GROUP_MEMBERSHIP_CHECK", _USER, groupNames=None)
def in_groups(user: Reading, given: Given) -> str | None:
    """Users are in a group, or in all of some."""
    groups, wanted = user.get("groupList") or [], given.list("groupNames")
    if not groups:
        return "The user is in no group."
    missing = [each for each in wanted if each not in groups]
    return f"The user isn't in {', '.join(missing)}." if missing else None


def _devices(user: Reading, given: Given) -> list[Any]:
    return list(given.ask("iam").all("ListMFADevices", "MFADevices", UserName=user.name))


@managed("IAM_USER_MFA_ENABLED", _USER, change=False, asks=True)
def user_mfa(user: Reading, given: Given) -> str | None:
    """Users have an MFA device."""
    return None if _devices(user, given) else "The user has no MFA device."


@managed("MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS", _USER, change=False, asks=True)
def console_mfa(user: Reading, given: Given) -> str | None:
    """Those with a password do."""
    if told(given.ask("iam"), "GetLoginProfile", UserName=user.name) is None:
        raise NotApplicable
    return None if _devices(user, given) else "The user has a password and no MFA device."


@managed("IAM_USER_NO_POLICIES_CHECK", _USER)
def no_policies_of_users(user: Reading, _: Given) -> str | None:
    """Users have policies by their groups."""
    has = user.get("userPolicyList") or _attached(user)
    return "The user has policies of its own." if has else None


@managed("IAM_USER_UNUSED_CREDENTIALS_CHECK", _USER, change=False, asks=True,
         maxCredentialUsageAge=REQUIRED)  # fmt: skip
def unused_credentials(user: Reading, given: Given) -> str | None:
    """What isn't used for long is taken away; the credential report says what is."""
    days = given.number("maxCredentialUsageAge") or 0
    row = _reported(user, given)
    for enabled, used, changed in (
        ("password_enabled", "password_last_used", "password_last_changed"),
        ("access_key_1_active", "access_key_1_last_used_date", "access_key_1_last_rotated"),
        ("access_key_2_active", "access_key_2_last_used_date", "access_key_2_last_rotated"),
    ):
        last = _date(row.get(used)) or _date(row.get(changed))
        if row.get(enabled, "").lower() == "true" and (
            last and given.now - last > timedelta(days=days)
        ):
            return f"{enabled.rpartition('_')[0]} wasn't used for {days} days."
    return None


def _reported(user: Reading, given: Given) -> dict[str, str]:
    iam = given.ask("iam")
    iam("GenerateCredentialReport")
    content = iam("GetCredentialReport")["Content"].decode()
    for row in csv.DictReader(content.splitlines()):
        if row["user"] == user.name:
            return row
    raise Lacking("the credential report doesn't name the user")


def _date(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:  # no_information, N/A, not_supported
        return None
    return found if found.tzinfo else None


@managed("ACCOUNT_PART_OF_ORGANIZATIONS", MasterAccountId=None)
def part_of_organization(_: Reading, given: Given) -> str | None:
    """The account is in an organization, or in that one."""
    found = told(given.ask("organizations"), "DescribeOrganization")
    if found is None:
        return "The account is in no organization."
    master, wanted = found["Organization"]["MasterAccountId"], given.text("MasterAccountId")
    return f"The organization is {master}'s." if wanted and master != wanted else None
