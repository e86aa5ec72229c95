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
from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["resources"]

_TYPES = ("AWS::Config::ConfigRule", "AWS::Config::RemediationConfiguration")
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
    template = _read(text)
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise ConformancePackTemplateValidationException.why("Resources are missing")
    values = {**pseudo, **_parameters(template.get("Parameters") or {}, given)}
    resolving = _Resolving(values, template.get("Conditions") or {})
    found = []
    for name, each in template["Resources"].items():
        kind = each.get("Type")
        if kind not in _TYPES:
            raise ConformancePackTemplateValidationException.why(f"{name} has the type {kind}")
        if "Condition" in each and not resolving.condition(each["Condition"]):
            continue
        found.append((kind, resolving.value(each.get("Properties") or {})))
    return found


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
    except yaml.YAMLError as error:
        raise ConformancePackTemplateValidationException.why(str(error)) from None


def _parameters(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str]:
    unknown = {*given} - {*declared}
    if unknown:
        raise ConformancePackTemplateValidationException.why(
            f"Parameters: {sorted(unknown)} do not exist in the template"
        )
    found = {}
    for name, each in declared.items():
        if name not in given and "Default" not in each:
            raise ConformancePackTemplateValidationException.why(
                f"Parameters: [{name}] must have values"
            )
        found[name] = given.get(name, each.get("Default"))
    return found


class _Resolving:
    """Values in place of functions."""

    def __init__(self, values: Mapping[str, Any], conditions: Mapping[str, Any]) -> None:
        self._values, self._conditions = values, conditions

    def condition(self, name: str) -> bool:
        """Whether a condition holds."""
        if name not in self._conditions:
            raise ConformancePackTemplateValidationException.why(f"There is no condition {name}")
        return bool(self.value(self._conditions[name]))

    def value(self, node: Any) -> Any:
        """A node with what its functions give; members without a value are left out."""
        if isinstance(node, list):
            return [each for each in map(self.value, node) if each is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return self._function(name, argument)
        inner = {name: self.value(each) for name, each in node.items()}
        return {name: each for name, each in inner.items() if each is not _NOTHING}

    def _function(self, name: str, argument: Any) -> Any:
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
            return str(argument[0]).join(str(each) for each in self.value(argument[1]))
        if name == "Fn::Sub":
            text, more = (argument, {}) if isinstance(argument, str) else argument
            local = {key: self.value(each) for key, each in more.items()}
            return _NAMED.sub(
                lambda found: str(local[found[1]] if found[1] in local else self._ref(found[1])),
                text,
            )
        raise ConformancePackTemplateValidationException.why(f"{name} isn't supported")

    def _ref(self, name: str) -> Any:
        if name not in self._values:
            raise ConformancePackTemplateValidationException.why(f"There is no parameter {name}")
        return self._values[name]
