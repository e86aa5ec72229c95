"""What the resources of a conformance pack's template look like.

Lives here: `fit` and `FORMS`. CloudFormation takes texts for numbers and numbers for texts; what
comes out of here is as AWS Config's own operations take it.
Source: CloudFormation User Guide, AWS::Config::ConfigRule and
AWS::Config::RemediationConfiguration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from awsmon.config_recorder.pack_errors import ConformancePackTemplateValidationException

__all__ = ["FORMS", "fit"]

_Form = Callable[[Any, str], Any]
"""Takes a value and where it stands, and gives the value as it is to be; raises where it can't."""


def fit(kind: str, properties: Any, name: str) -> dict[str, Any]:
    """The properties of a resource of that type and name, with values in place of functions.

    Raises:
        ConformancePackTemplateValidationException: something is missing, or of another form.
    """
    found: dict[str, Any] = FORMS[kind](properties, name)
    return found


def _bad(where: str, why: str) -> ConformancePackTemplateValidationException:
    return ConformancePackTemplateValidationException.why(f"{where} {why}")


def _text(value: Any, where: str) -> str:
    if value is None or isinstance(value, (dict, list)):
        raise _bad(where, "must be a string")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _whole(value: Any, where: str) -> int:
    text = _text(value, where)
    if not text.isdecimal():
        raise _bad(where, "must be a number")
    return int(text)


def _truth(value: Any, where: str) -> bool:
    text = _text(value, where).lower()
    if text not in ("true", "false"):
        raise _bad(where, "must be true or false")
    return text == "true"


def _one_of(*words: str) -> _Form:
    def form(value: Any, where: str) -> str:
        if value not in words:
            raise _bad(where, f"must be one of {', '.join(words)}")
        return str(value)

    return form


def _each(inner: _Form) -> _Form:
    def form(value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise _bad(where, "must be a list")
        return [inner(each, f"{where}[{at}]") for at, each in enumerate(value)]

    return form


def _named(inner: _Form) -> _Form:
    """Any names, all of one form."""

    def form(value: Any, where: str) -> dict[str, Any]:
        return {name: inner(each, f"{where}.{name}") for name, each in _object(value, where)}

    return form


def _members(*needed: str, **known: _Form) -> _Form:
    """These names; AWS Config has no use for others."""

    def form(value: Any, where: str) -> dict[str, Any]:
        given = dict(_object(value, where))
        for name in needed:
            if name not in given:
                raise _bad(where, f"needs the property {name}")
        return {name: inner(given[name], f"{where}.{name}")
                for name, inner in known.items() if name in given}  # fmt: skip

    return form


def _object(value: Any, where: str) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise _bad(where, "must be an object")
    return list(value.items())


def _parameters(value: Any, where: str) -> Any:
    """JSON, as a text or as an object of texts."""
    return _named(_text)(value, where) if isinstance(value, dict) else _text(value, where)


_FREQUENCY = _one_of("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")
FORMS = {
    "AWS::Config::ConfigRule": _members(
        "ConfigRuleName", "Source",
        ConfigRuleName=_text,
        Description=_text,
        InputParameters=_parameters,
        MaximumExecutionFrequency=_FREQUENCY,
        EvaluationModes=_each(_members("Mode", Mode=_one_of("DETECTIVE", "PROACTIVE"))),
        Scope=_members(
            ComplianceResourceTypes=_each(_text), ComplianceResourceId=_text, TagKey=_text,
            TagValue=_text,
        ),
        Source=_members(
            "Owner",
            Owner=_one_of("AWS", "CUSTOM_LAMBDA", "CUSTOM_POLICY"),
            SourceIdentifier=_text,
            SourceDetails=_each(_members(
                EventSource=_text, MessageType=_text, MaximumExecutionFrequency=_FREQUENCY,
            )),
            CustomPolicyDetails=_members(
                "PolicyRuntime", "PolicyText",
                PolicyRuntime=_text, PolicyText=_text, EnableDebugLogDelivery=_truth,
            ),
        ),
    ),
    "AWS::Config::RemediationConfiguration": _members(
        "ConfigRuleName", "TargetId", "TargetType",
        ConfigRuleName=_text,
        TargetType=_one_of("SSM_DOCUMENT"),
        TargetId=_text,
        TargetVersion=_text,
        ResourceType=_text,
        Automatic=_truth,
        MaximumAutomaticAttempts=_whole,
        RetryAttemptSeconds=_whole,
        ExecutionControls=_members(SsmControls=_members(
            ConcurrentExecutionRatePercentage=_whole, ErrorPercentage=_whole,
        )),
        Parameters=_named(_members(
            ResourceValue=_members("Value", Value=_one_of("RESOURCE_ID")),
            StaticValue=_members("Values", Values=_each(_text)),
        )),
    ),
}  # fmt: skip
"""By the type of a resource; a pack's template has no others."""
