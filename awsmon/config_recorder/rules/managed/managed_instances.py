"""Managed rules about instances that Systems Manager manages: inventory, patches, associations.

They read the items that Systems Manager sends Config: ``AWS::SSM::ManagedInstanceInventory``,
``AWS::SSM::PatchCompliance`` and ``AWS::SSM::AssociationCompliance``.
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.judging import (
    REQUIRED,
    Given,
    Lacking,
    NotApplicable,
    Reading,
    managed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_INSTANCE, _INVENTORY = "AWS::EC2::Instance", "AWS::SSM::ManagedInstanceInventory"
_PATCHES, _ASSOCIATIONS = "AWS::SSM::PatchCompliance", "AWS::SSM::AssociationCompliance"


@managed("EC2_INSTANCE_MANAGED_BY_SSM", _INSTANCE, periodic=True)
def is_managed(instance: Reading, given: Given) -> str | None:
    """Systems Manager has an inventory of the instance."""
    if instance["state.name"] == "terminated":
        raise NotApplicable
    known = {each.id for each in given.resources(_INVENTORY)}
    if not known:
        raise Lacking("no inventory of Systems Manager's is known")
    return None if instance.id in known else "Systems Manager doesn't manage the instance."


@managed("EC2_MANAGEDINSTANCE_APPLICATIONS_REQUIRED", _INVENTORY, applicationNames=REQUIRED,
         platformType=None)  # fmt: skip
def applications_there(inventory: Reading, given: Given) -> str | None:
    """Some applications are installed, in the version that is named or a later one."""
    installed = _applications(inventory, given)
    wanted = given.list("applicationNames")
    lacking = [each for each in wanted if not _among(installed, each, operator.ge)]
    return f"Not installed: {', '.join(lacking)}." if lacking else None


@managed("EC2_MANAGEDINSTANCE_APPLICATIONS_BLACKLISTED", _INVENTORY, applicationNames=REQUIRED,
         platformType=None)  # fmt: skip
def applications_not_there(inventory: Reading, given: Given) -> str | None:
    """Some applications aren't, but in a later version than the one that is named."""
    installed = _applications(inventory, given)
    found = [each for each in given.list("applicationNames")
             if _among(installed, each, operator.le)]  # fmt: skip
    return f"Installed: {', '.join(found)}." if found else None


def _applications(inventory: Reading, given: Given) -> dict[str, str]:
    """Versions by name; the rule is about one platform where one is named."""
    wanted = given.text("platformType")
    if wanted and _about(inventory)["PlatformType"] != wanted:
        raise NotApplicable
    found = _rows(inventory["AWS:Application.Content"])
    return {each["Name"]: each.get("Version", "") for each in found}


def _among(installed: Mapping[str, str], wanted: str, compare: Callable[[Any, Any], bool]) -> bool:
    """Whether ``name``, or ``name:version`` in a version that compares so, is installed."""
    name, _, version = wanted.partition(":")
    if name not in installed:
        return False
    return not version or compare(_version(installed[name]), _version(version))


def _version(text: str) -> list[tuple[int, str]]:
    """To be compared: 1.10 is later than 1.9."""
    parts = re.findall(r"\d+|[a-z]+", text.lower())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


@managed("EC2_MANAGEDINSTANCE_PLATFORM_CHECK", _INVENTORY, platformType=REQUIRED,
         platformVersion=None, agentVersion=None, platformName=None)  # fmt: skip
def platform(inventory: Reading, given: Given) -> str | None:
    """The platform, its version and the agent's are as they should be."""
    about = _about(inventory)
    for name in ("platformType", "platformName", "platformVersion", "agentVersion"):
        wanted, found = given.text(name), about.get(name[:1].upper() + name[1:])
        if wanted and found != wanted:
            return f"{name} is {found}."
    return None


@managed("EC2_MANAGEDINSTANCE_PATCH_COMPLIANCE_STATUS_CHECK", _PATCHES)
def patched(patches: Reading, _: Given) -> str | None:
    """No patch is missing."""
    return _status(patches, "Patch")


@managed("EC2_MANAGEDINSTANCE_ASSOCIATION_COMPLIANCE_STATUS_CHECK", _ASSOCIATIONS)
def associated(associations: Reading, _: Given) -> str | None:
    """Every association was carried out."""
    return _status(associations, "Association")


def _status(items: Reading, kind: str) -> str | None:
    """What isn't compliant among ``AWS:ComplianceItem``'s rows of a kind."""
    found = _rows(items[f"AWS:ComplianceItem.Content.{kind}"])
    wrong = sorted(each.get("Id", kind) for each in found if each["Status"] != "COMPLIANT")
    return f"Not compliant: {', '.join(wrong)}." if wrong else None


def _about(inventory: Reading) -> Mapping[str, Any]:
    """The one row of ``AWS:InstanceInformation``."""
    [found] = _rows(inventory["AWS:InstanceInformation.Content"])
    return found


def _rows(content: Any) -> list[Mapping[str, Any]]:
    """Config has the rows of an inventory by their own ids."""
    return list(content.values())
