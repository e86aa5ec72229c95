"""IAM: users, groups, roles and policies, as GetAccountAuthorizationDetails tells them.

Access keys and MFA devices are no resources of Config's; rules ask IAM about them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from awsmon.config_recorder.describing import tags_of, wanted
from awsmon.config_recorder.resource_types import (
    Asking,
    Described,
    Relationship,
    ResourceType,
    lowered,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["TYPES"]

_DETAILS = {
    # type: filter, list in the answer, id, name
    "AWS::IAM::User": ("User", "UserDetailList", "UserId", "UserName"),
    "AWS::IAM::Group": ("Group", "GroupDetailList", "GroupId", "GroupName"),
    "AWS::IAM::Role": ("Role", "RoleDetailList", "RoleId", "RoleName"),
}
_ATTACHED = "Is attached to CustomerManagedPolicy"


def _described(kind: str, ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    filter_, member, id_, name = _DETAILS[kind]
    policies = _local(ask)

    def all_of_it() -> Iterator[Described]:
        for found in ask.all("GetAccountAuthorizationDetails", member, Filter=[filter_]):
            yield Described(
                id=found[id_], key=found[name], name=found[name], arn=found["Arn"],
                configuration=lowered(_texts(found)), tags=tags_of(found.get("Tags")),
                relationships=_related(found, policies),
            )  # fmt: skip

    yield from wanted(all_of_it(), keys)


def _local(ask: Asking) -> dict[str, str]:
    """Ids of the account's own policies, by ARN."""
    return {each["Arn"]: each["PolicyId"] for each in ask.all("ListPolicies", "Policies",
                                                              Scope="Local")}  # fmt: skip


def _related(found: dict[str, Any], policies: dict[str, str]) -> list[Relationship]:
    return [
        Relationship("AWS::IAM::Policy", policies[each["PolicyArn"]], _ATTACHED,
                     each["PolicyName"])
        for each in found.get("AttachedManagedPolicies", ()) if each["PolicyArn"] in policies
    ]  # fmt: skip


def _texts(value: Any) -> Any:
    """Policy documents are URL-encoded texts in a configuration item."""
    if isinstance(value, dict):
        return {
            name: quote(json.dumps(each), safe="")
            if name in ("PolicyDocument", "AssumeRolePolicyDocument", "Document")
            and isinstance(each, dict)
            else _texts(each)
            for name, each in value.items()
        }
    return [_texts(each) for each in value] if isinstance(value, list) else value


def _users(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    return _described("AWS::IAM::User", ask, keys)


def _groups(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    for each in _described("AWS::IAM::Group", ask, keys):
        members = ask.all("GetGroup", "Users", GroupName=each.key)
        each.relationships = [*each.relationships, *(
            Relationship("AWS::IAM::User", user["UserId"], "Contains User", user["UserName"])
            for user in members
        )]  # fmt: skip
        yield each


def _roles(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    return _described("AWS::IAM::Role", ask, keys)


def _policies(ask: Asking, keys: Sequence[str] | None) -> Iterator[Described]:
    """With the versions' documents, as GetAccountAuthorizationDetails has them."""
    for found in ask.all("ListPolicies", "Policies", Scope="Local"):
        arn, tags = found["Arn"], found.get("Tags")
        if keys is not None and not {arn, found["PolicyId"]} & {*keys}:
            continue
        listed = ask.all("ListPolicyVersions", "Versions", PolicyArn=arn)
        versions = [
            ask("GetPolicyVersion", PolicyArn=arn, VersionId=each["VersionId"])["PolicyVersion"]
            for each in listed
        ]
        yield Described(
            id=found["PolicyId"], key=arn, name=found["PolicyName"], arn=arn, tags=tags_of(tags),
            configuration=lowered(_texts({**found, "PolicyVersionList": versions})),
        )  # fmt: skip


TYPES = [
    ResourceType(name="AWS::IAM::User", client="iam", members=("UserName",), describe=_users,
                 is_global=True),
    ResourceType(name="AWS::IAM::Group", client="iam", members=("GroupName",), describe=_groups,
                 is_global=True),
    ResourceType(name="AWS::IAM::Role", client="iam", members=("RoleName",), describe=_roles,
                 is_global=True),
    ResourceType(name="AWS::IAM::Policy", client="iam", members=("PolicyArn", "Arn"),
                 describe=_policies, is_global=True),
]  # fmt: skip
