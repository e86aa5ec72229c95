"""What a target gets: the event, a part of it, a constant, or a template filled in.

Lives here: `check` and `input_of`. Source: User Guide, "Amazon EventBridge input transformation".
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import stamp
from awsmon.event_bus.errors import ValidationException
from awsmon.lang.input_template import TemplateError, compile_template
from awsmon.lang.json_path import MISSING, compile_path
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from awsmon.event_bus.model import Rule, Target

__all__ = ["check", "compact", "input_of"]

RESERVED = (
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
)


def check(target: Target) -> None:
    """Whether a target's input can be made.

    Raises:
        ValidationException: it says two things, or something that can't be meant.
    """
    id_ = target["Id"]
    if sum(member in target for member in ("Input", "InputPath", "InputTransformer")) > 1:
        raise ValidationException.one_input(id_)
    try:
        if "Input" in target:
            json.loads(target["Input"])
        if "InputPath" in target:
            compile_path(target["InputPath"])
        if "InputTransformer" in target:
            _template(target)
    except TemplateError as error:
        raise ValidationException.placeholder(id_, error.name) from None
    except LanguageError:
        raise ValidationException.input_path(id_) from None
    except (ValueError, RecursionError):
        raise ValidationException.input_json(id_) from None


def input_of(target: Target, rule: Rule, event: Mapping[str, Any], at: datetime) -> str | None:
    """The input as text; None: the template doesn't make JSON of this event."""
    if "Input" in target:
        text: str = target["Input"]
        return text
    if "InputPath" in target:
        found = compile_path(target["InputPath"])(event)
        return None if found is MISSING else compact(found)
    if "InputTransformer" in target:
        return _template(target)(event, _reserved(rule, event, at))
    return compact(event)


def compact(value: Any) -> str:
    """JSON as EventBridge sends it; half a surrogate pair stays escaped, for no bytes say it."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def _reserved(rule: Rule, event: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    ingested = stamp(at)
    head = {name: value for name, value in event.items() if name != "detail"}
    head["detailType"] = head.pop("detail-type")
    return {
        "aws.events.rule-arn": rule.arn,
        "aws.events.rule-name": rule.name,
        "aws.events.event.ingestion-time": ingested,
        "aws.events.event": {**head, "time": ingested},
        "aws.events.event.json": event,
    }


def _template(target: Target) -> Callable[[Mapping[str, Any], Mapping[str, Any]], str | None]:
    transformer = target["InputTransformer"]
    paths = transformer.get("InputPathsMap", {})
    return _compiled(transformer["InputTemplate"], tuple(sorted(paths.items())))


@lru_cache(1024)
def _compiled(
    template: str, paths: tuple[tuple[str, str], ...]
) -> Callable[[Mapping[str, Any], Mapping[str, Any]], str | None]:
    return compile_template(template, dict(paths), reserved=RESERVED)
