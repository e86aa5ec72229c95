"""Templates of conformance packs: the part of CloudFormation that they may use.

Lives here: `resources`. Parameters, conditions, and the functions Ref, Fn::If, Fn::Equals, Fn::Not,
Fn::And, Fn::Or, Fn::Join and Fn::Sub. YAML needs the extra `packs`, PyYAML.
Source: Config Developer Guide, "Creating templates for custom conformance packs".
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.pack_errors import ConformancePackTemplateValidationException
from awsmon.config_recorder.template_forms import FORMS, fit
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["resources"]

_COUNTS = {"Fn::If": 3, "Fn::Equals": 2, "Fn::Not": 1, "Fn::Join": 2}
"""How many arguments a function takes."""
_NOTHING = object()
_NAMED = re.compile(r"\$\{([A-Za-z0-9:]+)\}")


def resources(
    text: str, given: Mapping[str, str], pseudo: Mapping[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    """Types and properties of a template's resources, in their order.

    Args:
        text: JSON or YAML.
        given: parameters.
        pseudo: as ``AWS::Region``.

    Raises:
        ConformancePackTemplateValidationException: it is no such template.
        MisuseError: it is YAML, and PyYAML isn't installed.
    """
    try:
        return _resources(_read(text), given, pseudo)
    except RecursionError:
        raise ConformancePackTemplateValidationException.why("It is nested too deeply") from None


def _resources(
    template: Any, given: Mapping[str, str], pseudo: Mapping[str, str]
) -> list[tuple[str, dict[str, Any]]]:
    told = _mapping(template, "The template")
    if not told.get("Resources"):
        raise ConformancePackTemplateValidationException.why("Resources are missing")
    parameters = _mapping(told.get("Parameters") or {}, "Parameters")
    conditions = _mapping(told.get("Conditions") or {}, "Conditions")
    resolving = _Resolving({**pseudo, **_parameters(parameters, given)}, conditions)
    found = []
    for name, value in _mapping(told["Resources"], "Resources").items():
        each = _mapping(value, name)
        kind = each.get("Type")
        if not isinstance(kind, str) or kind not in FORMS:
            raise ConformancePackTemplateValidationException.why(f"{name} has the type {kind}")
        if "Condition" in each and not resolving.condition(each["Condition"]):
            continue
        found.append((kind, fit(kind, resolving.value(each.get("Properties")), name)))
    return found


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value):
        raise ConformancePackTemplateValidationException.why(f"{what} must be an object")
    return value


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        import yaml
    except ImportError:
        raise MisuseError("PutConformancePack: a template in YAML needs PyYAML; install "
                          "awsmon[packs], or write the template as JSON.") from None  # fmt: skip

    class Loader(yaml.SafeLoader):
        """With CloudFormation's short forms."""

    def short(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", short)
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, ValueError) as error:
        raise ConformancePackTemplateValidationException.why(str(error)) from None


def _parameters(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    unknown = {*given} - {*declared}
    if unknown:
        raise ConformancePackTemplateValidationException.why(
            f"Parameters: {sorted(unknown)} do not exist in the template"
        )
    found = {}
    for name, value in declared.items():
        each = _mapping(value, f"Parameter {name}")
        if name not in given and isinstance(each.get("Default"), (dict, list, type(None))):
            raise ConformancePackTemplateValidationException.why(
                f"Parameters: [{name}] must have values"
            )
        found[name] = given.get(name, each.get("Default"))
    return found


def _list(name: str, argument: Any) -> list[Any]:
    if not isinstance(argument, list):
        raise ConformancePackTemplateValidationException.why(f"{name} needs a list")
    return argument


def _check_arguments(name: str, argument: Any) -> None:
    wanted = _COUNTS.get(name)
    if len(_list(name, argument)) != wanted and wanted is not None:
        raise ConformancePackTemplateValidationException.why(f"{name} needs {wanted} arguments")


def _pair(argument: Any) -> tuple[str, dict[str, Any]]:
    """What Fn::Sub takes beside a text alone: a text, and names with values."""
    match argument:
        case [str(text), dict(names)]:
            return text, names
    raise ConformancePackTemplateValidationException.why("Fn::Sub needs a text, and names")


class _Resolving:
    """Values in place of functions."""

    def __init__(self, values: Mapping[str, Any], conditions: Mapping[str, Any]) -> None:
        self._values, self._conditions = values, conditions

    def condition(self, name: Any) -> bool:
        """Whether a condition holds."""
        if not isinstance(name, str) or name not in self._conditions:
            raise ConformancePackTemplateValidationException.why(f"There is no condition {name}")
        return bool(self.value(self._conditions[name]))

    def value(self, node: Any) -> Any:
        """A node with what its functions give; members without a value are left out."""
        if isinstance(node, list):
            return [each for each in map(self.value, node) if each is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(_mapping(node, "Each of a template's objects")) == 1:
            ((name, argument),) = node.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return self._function(name, argument)
        inner = {name: self.value(each) for name, each in node.items()}
        return {name: each for name, each in inner.items() if each is not _NOTHING}

    def _function(self, name: str, argument: Any) -> Any:
        if name in (*_COUNTS, "Fn::And", "Fn::Or"):
            _check_arguments(name, argument)
        if name == "Ref":
            return _NOTHING if argument == "AWS::NoValue" else self._ref(argument)
        if name == "Condition":
            return self.condition(argument)
        if name == "Fn::If":
            return self.value(argument[1] if self.condition(argument[0]) else argument[2])
        if name == "Fn::Equals":
            return str(self.value(argument[0])) == str(self.value(argument[1]))
        if name == "Fn::Not":
            return not self.value(argument[0])
        if name in ("Fn::And", "Fn::Or"):
            found = [bool(self.value(each)) for each in argument]
            return all(found) if name == "Fn::And" else any(found)
        if name == "Fn::Join":
            return str(argument[0]).join(str(each) for each in _list(name, self.value(argument[1])))
        if name == "Fn::Sub":
            text, more = (argument, {}) if isinstance(argument, str) else _pair(argument)
            local = {key: self.value(each) for key, each in more.items()}
            return _NAMED.sub(
                lambda found: str(local[found[1]] if found[1] in local else self._ref(found[1])),
                text,
            )
        raise ConformancePackTemplateValidationException.why(f"{name} isn't supported")

    def _ref(self, name: Any) -> Any:
        if not isinstance(name, str) or name not in self._values:
            raise ConformancePackTemplateValidationException.why(f"There is no parameter {name}")
        return self._values[name]
