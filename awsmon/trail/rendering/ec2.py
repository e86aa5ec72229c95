"""EC2's parameters and answers: lists are sets of items, and newer operations show their XML.

Lives here: `asked` and `answered`.
Source: EC2 API Reference, "Log Amazon EC2 API calls using AWS CloudTrail"; records of 2024, 2025.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.outlines import NOTHING
from awsmon.trail.rendering import ec2_elements
from awsmon.trail.rendering.plain import lower, members, scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.core.outlines import Outline
    from awsmon.trail.rendering.plain import Form

__all__ = ["answered", "asked"]

_SETS = {
    # member -> the set's name, and the name of a text in it
    "InstanceIds": ("instancesSet", "instanceId"), "IpPermissions": ("ipPermissions", ""),
    "UserIdGroupPairs": ("groups", ""), "IpRanges": ("ipRanges", ""),
    "Ipv6Ranges": ("ipv6Ranges", ""), "PrefixListIds": ("prefixListIds", ""),
    "Resources": ("resourcesSet", "resourceId"), "Tags": ("tagSet", ""),
    "Filters": ("filterSet", ""), "Values": ("valueSet", "value"),
    "SecurityGroupIds": ("groupSet", "groupId"), "GroupIds": ("securityGroupIdSet", "groupId"),
    "SecurityGroupRules": ("securityGroupRuleSet", ""), "Groups": ("groupSet", "groupId"),
    "SecurityGroups": ("groupSet", "groupName"), "VolumeIds": ("volumeSet", "volumeId"),
    "BlockDeviceMappings": ("blockDeviceMapping", ""),
    "NetworkInterfaces": ("networkInterfaceSet", ""),
    "TagSpecifications": ("tagSpecificationSet", ""),
    "Add": ("add", ""), "Remove": ("remove", ""),
}  # fmt: skip
_THERE: dict[str, dict[str, Any]] = {
    # list -> what its items show though nobody asked for it
    "IpPermissions": {"groups": {}, "ipRanges": {}, "ipv6Ranges": {}, "prefixListIds": {}},
}
_RETURNING = {"CreateSecurityGroup"}  # what was made, and `true`, which the SDK doesn't know of
_OF_EACH = ("ImageId", "MinCount", "MaxCount", "KeyName")
_SHARED = {
    # operation -> whose, the permission, how it is called, the groups in the older way
    "ModifySnapshotAttribute": (
        "SnapshotId", "CreateVolumePermission", "CREATE_VOLUME_PERMISSION", "GroupNames"),
    "ModifyImageAttribute": ("ImageId", "LaunchPermission", "launchPermission", "UserGroups"),
}  # fmt: skip


def asked(operation: str, value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    """The parameters."""
    if operation in ec2_elements.OPERATIONS:
        return {f"{operation}Request": ec2_elements.asked(value, outline, form)}
    if operation in _SHARED and (found := _shared(value, *_SHARED[operation])):
        return found
    if operation != "RunInstances":
        return _asked(value, outline, form)
    each = {lower(name): value[name] for name in _OF_EACH if name in value}
    rest = {name: inner for name, inner in value.items() if name not in _OF_EACH}
    return {"instancesSet": {"items": [each]}, **_asked(rest, outline, form)}


def answered(
    operation: str, value: Mapping[str, Any], outline: Outline, form: Form, request_id: str
) -> dict[str, Any]:
    """The answer; where the SDK has none, EC2 says ``true``."""
    named: dict[str, Any] = {"requestId": request_id} if request_id else {}
    if operation in ec2_elements.OPERATIONS:
        return {f"{operation}Response": {**named, **ec2_elements.answered(value, outline, form)}}
    if not outline.members:
        return {**named, "_return": True}
    if operation in _RETURNING:
        named["_return"] = True
    found = _answered(value, outline, form)
    if "return" in found:
        found["_return"] = found.pop("return")
    return {**named, **found}


def _shared(
    value: Mapping[str, Any], of: str, permission: str, kind: str, groups: str
) -> dict[str, Any] | None:
    """With whom something is shared, in whichever of two ways it was said."""
    changes = dict(value.get(permission, {}))
    who = [{"UserId": each} for each in value.get("UserIds", ())]
    who += [{"Group": each} for each in value.get(groups, ())]
    if who:
        changes[value.get("OperationType", "add").capitalize()] = who
    shown = {
        lower(way): {"items": [{lower(name): inner for name, inner in each.items()}
                               for each in those]}
        for way, those in changes.items()
    }  # fmt: skip
    return (
        {lower(of): value[of], lower(permission): shown, "attributeType": kind} if shown else None
    )


def _asked(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, inner in value.items():
        below = outline.members.get(name, NOTHING)
        if name in form.instead:
            found[lower(name)] = form.instead[name]
        elif name == "TagSpecifications":
            items = [members(each, below.inner or NOTHING, form) for each in inner]
            found["tagSpecificationSet"] = {"items": items}
        elif isinstance(inner, (list, tuple)):
            plain, item = _SETS.get(name, (f"{lower(name)}Set", lower(name).removesuffix("s")))
            found[plain] = _items(inner, item, below.inner or NOTHING, form, _THERE.get(name, {}))
        elif isinstance(inner, dict):
            found[lower(name)] = _asked(inner, below, form)
        else:
            found[lower(below.wire.get("name") or name)] = scalar(inner, below, form)
    return {name: shown for name, shown in found.items() if shown is not None}


def _items(
    values: Any, item: str, outline: Outline, form: Form, there: Mapping[str, Any]
) -> dict[str, Any]:
    """An empty list is an empty object."""
    items = [
        {**there, **_asked(each, outline, form)} if isinstance(each, dict)
        else {item or "value": scalar(each, outline, form)} for each in values
    ]  # fmt: skip
    return {"items": items} if items else {}


_ITEM = {"privateIpAddressesSet": "item"}  # the one set whose items are called otherwise


def _answered(value: Mapping[str, Any], outline: Outline, form: Form) -> dict[str, Any]:
    """Named as in the answer's XML."""
    found: dict[str, Any] = {}
    for name, inner in value.items():
        below = outline.members.get(name, NOTHING)
        wire = below.wire.get("name") or lower(name)
        if name in form.instead:
            found[wire] = form.instead[name]
        elif isinstance(inner, (list, tuple)):
            plain = below.inner or NOTHING
            items = [_answered(each, plain, form) if isinstance(each, dict)
                     else {"value": scalar(each, plain, form)} for each in inner]  # fmt: skip
            found[wire] = {_ITEM.get(wire, "items"): items} if items else {}
        elif isinstance(inner, dict):
            found[wire] = _answered(inner, below, form)
        else:
            found[wire] = scalar(inner, below, form)
    return {name: shown for name, shown in found.items() if shown is not None}
