"""The tags that a store's events get: of the resources of a call, and of who made it.

Lives here: `tag_context`. Tags are asked for when the event comes, as they are after the call: a
resource that was deleted has none any more.
Source: CloudTrail User Guide, "Enrich CloudTrail events by adding resource tag keys and IAM global
condition keys"; for ``principalTags``, "Create CloudTrail Lake queries from natural language
prompts". Decided here, where the guide is silent: a call is about those tagged resources of its
service that its parameters, answer or ``resources`` name, by ARN or by the ARN's last part, and
those of other services that they name by ARN; a key is looked for in tags of resources and of the
principal, which are those of the IAM user or role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.core.deliveries import Refused
from awsmon.core.tagging import tag_map
from awsmon.trail import kinds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from awsmon.trail.service import Trail

__all__ = ["tag_context"]

_SAID = ("requestParameters", "responseElements", "resources")


def tag_context(trail: Trail, keys: Collection[str], record: Mapping[str, Any]) -> dict[str, Any]:
    """The member ``tagContext`` of an event.

    Args:
        trail: the place where it happened.
        keys: of the tags that are wanted.
        record: of the call.
    """
    context: dict[str, Any] = {}
    resources = [
        {"arn": arn, "tags": tags} for arn, all_tags in _resources(trail, record).items()
        if (tags := _wanted(keys, all_tags))
    ]  # fmt: skip
    if resources:
        context["resourceTags"] = resources
    principal = _wanted(keys, _of_principal(trail, record["userIdentity"]))
    if principal:
        context["principalTags"] = principal
    return context


def _wanted(keys: Collection[str], tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key in keys}


def _resources(trail: Trail, record: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    service = kinds.bus_source(record["eventSource"]).removeprefix("aws.")
    said = {text for name in _SAID for text in _texts(record.get(name))}
    return {
        arn: tags for arn, tags in trail.tagged().items()
        if arn in said or (Arn.parse(arn).service == service and _last(arn) in said)
    }  # fmt: skip


def _last(arn: str) -> str:
    """The resource's own name: of a log group all that follows its kind."""
    resource = Arn.parse(arn).resource
    kind, colon, name = resource.partition(":")
    return name if colon and "/" not in kind else resource.partition("/")[2] or resource


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _of_principal(trail: Trail, identity: Mapping[str, Any]) -> dict[str, str]:
    issuer = identity.get("sessionContext", {}).get("sessionIssuer", identity)
    kind, name = issuer.get("type"), issuer.get("userName")
    operation = {"IAMUser": "ListUserTags", "Role": "ListRoleTags"}.get(kind)
    if operation is None or name is None:
        return {}
    member = "UserName" if kind == "IAMUser" else "RoleName"
    try:
        return tag_map((trail.ask(issuer["arn"], "iam", operation, {member: name}) or {})["Tags"])
    except (Refused, KeyError):  # the other mock knows none, or there is no other mock
        return {}
