"""Event selectors: which records a trail delivers.

Lives here: `check_insights`, `logs`, `compile_selectors` and `DEFAULT`. A selector becomes a
function from a record to why it doesn't select it; None: it does. Which selectors there may be
stands in `selector_checks.py`.
Source: CloudTrail User Guide, "Logging management events", "Logging data events"; API reference,
EventSelector, AdvancedFieldSelector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.trail.errors import InvalidInsightSelectorsException

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Reason = Callable[[Mapping[str, Any]], "str | None"]

__all__ = [
    "CATEGORIES", "DEFAULT", "OTHERS", "check_insights", "compile_selectors", "kind_of", "logs",
]  # fmt: skip

CATEGORIES = ("Management", "Data", "NetworkActivity")
"""Of the events that trails deliver."""
OTHERS = ("Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog")
"""Of those that event data stores alone have; one store has one of them."""

DEFAULT = [
    {
        "ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
]  # fmt: skip
_POSITIVE: dict[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__, "StartsWith": str.startswith, "EndsWith": str.endswith,
}  # fmt: skip


def kind_of(advanced: Sequence[Any]) -> str:
    """The category of the events that advanced selectors select, or the first of several."""
    fields = [field for each in advanced for field in each["FieldSelectors"]]
    return str(next(each["Equals"][0] for each in fields if each["Field"] == "eventCategory"))


def check_insights(
    insight: Mapping[str, Any], name: str,
    basic: Sequence[Any] | None, advanced: Sequence[Any] | None,
) -> None:  # fmt: skip
    """Whether what insights are made from is logged by a trail or store with these selectors.

    Args:
        insight: its insight selector.
        name: its own.
        basic: event selectors.
        advanced: advanced ones.

    Raises:
        InvalidInsightSelectorsException: it isn't.
    """
    kind = insight.get("InsightType")
    if kind is None:
        raise InvalidInsightSelectorsException.type_missing()
    for category in insight.get("EventCategories") or ["Management"]:
        if category not in ("Management", "Data"):
            raise InvalidInsightSelectorsException.category(category)
        writes = kind == "ApiCallRateInsight" and category == "Management"
        if not logs(basic, advanced, category, writes=writes):
            raise InvalidInsightSelectorsException.not_logged(name, kind, category)


def logs(
    basic: Sequence[Any] | None, advanced: Sequence[Any] | None, category: str, *, writes: bool
) -> bool:
    """Whether a trail with these logs any events of a category, and some that write if these count.

    What else narrows a selector down isn't looked at.
    """
    for each in basic or ():
        included = (
            each.get("IncludeManagementEvents", True) if category == "Management"
            else each.get("DataResources")
        )  # fmt: skip
        if included and not (writes and each.get("ReadWriteType") == "ReadOnly"):
            return True
    for each in advanced or ():
        fields = {field["Field"]: field for field in each["FieldSelectors"]}
        if fields["eventCategory"]["Equals"] == [category] and not (
            writes and fields.get("readOnly", {}).get("Equals") == ["true"]
        ):
            return True
    return False


# -- selecting -------------------------------------------------------------------------------------


def compile_selectors(basic: Sequence[Any] | None, advanced: Sequence[Any] | None) -> Reason:
    """Why a record isn't selected; None: one of the selectors selects it."""
    if advanced is not None:
        tests = [_advanced(each) for each in advanced]
    else:
        tests = [_basic(each) for each in basic or ()]

    def reason(record: Mapping[str, Any]) -> str | None:
        reasons = []
        for test in tests:
            found = test(record)
            if found is None:
                return None
            reasons.append(found)
        return "; ".join(reasons) or "there are no selectors"

    return reason


def _basic(selector: Mapping[str, Any]) -> Reason:
    wanted = selector.get("ReadWriteType", "All")
    management = selector.get("IncludeManagementEvents", True)
    excluded = selector.get("ExcludeManagementEventSources", [])
    resources = selector.get("DataResources", [])

    def reason(record: Mapping[str, Any]) -> str | None:
        if wanted != "All" and record["readOnly"] != (wanted == "ReadOnly"):
            return f"ReadWriteType is {wanted}"
        if record["managementEvent"]:
            if not management:
                return "IncludeManagementEvents is false"
            source = record["eventSource"]
            return f"{source} is excluded" if source in excluded else None
        if any(_about(record, each) for each in resources):
            return None
        return "it is a data event, and no data resource is it"

    return reason


def _about(record: Mapping[str, Any], resource: Mapping[str, Any]) -> bool:
    """Whether a data event is about a resource, or one of many that begin alike."""
    kind, values = resource.get("Type"), resource.get("Values", ())
    arns = [_arn(each) for each in record.get("resources", ()) if each["type"] == kind]
    return any(arn == value or _below(arn, value) for arn in arns for value in values)


def _below(arn: str, value: str) -> bool:
    """All of a service, of a bucket, or of a prefix."""
    if value.count(":") <= 2:  # arn:aws:s3
        return arn.startswith(f"{value}:")
    return ":s3:::" in value and "/" in value and arn.startswith(value)


def _advanced(selector: Mapping[str, Any]) -> Reason:
    tests = [(each["Field"], _field(each)) for each in selector["FieldSelectors"]]
    name = selector.get("Name")

    def reason(record: Mapping[str, Any]) -> str | None:
        for field, test in tests:
            if not test(_values(record, field)):
                return f"{field} differs" + (f" ({name})" if name else "")
        return None

    return reason


def _field(selector: Mapping[str, Any]) -> Callable[[Sequence[str]], bool]:
    """Positive values are alternatives, negative ones must all hold."""
    positive = [(test, value) for name, test in _POSITIVE.items()
                for value in selector.get(name, ())]  # fmt: skip
    negative = [(test, value) for name, test in _POSITIVE.items()
                for value in selector.get(f"Not{name}", ())]  # fmt: skip

    def holds(found: Sequence[str]) -> bool:
        if any(test(each, value) for test, value in negative for each in found):
            return False
        return not positive or any(test(each, value) for test, value in positive for each in found)

    return holds


def _values(record: Mapping[str, Any], field: str) -> list[str]:
    match field:
        case "readOnly":
            return [str(record["readOnly"]).lower()]
        case "resources.type":
            return [each["type"] for each in _main(record)]
        case "resources.ARN":
            return [_arn(each) for each in _main(record)]
        case "userIdentity.arn":
            return [record["userIdentity"].get("arn", "")]
    value = record.get(field)
    return [] if value is None else [str(value)]


def _arn(resource: Mapping[str, str]) -> str:
    return resource.get("ARN") or resource["ARNPrefix"]


def _main(record: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """What an event is about; of an object's events that isn't the bucket."""
    resources = record.get("resources", ())
    return [each for each in resources if each["type"] == resources[0]["type"]]
