"""Where a configuration comes from: an object, a file, Systems Manager's Parameter Store.

Lives here: `read`. Source: CloudWatch User Guide, "Store the CloudWatch configuration file in
Systems Manager Parameter Store", and the options of ``amazon-cloudwatch-agent-ctl``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from awsmon.core.errors import MisuseError

__all__ = ["Found", "Source", "read"]

Source = str | os.PathLike[str] | Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What was read.

    Attributes:
        configurations: of the agent, in the order in which they are appended.
        old: the text of the old agent's configuration, where it is one.
        parameters: the names of those that were read.
    """

    configurations: tuple[Mapping[str, Any], ...]
    old: str | None = None
    parameters: tuple[str, ...] = ()


def read(sources: Source | Sequence[Source], parameter: Callable[[str], str]) -> Found:
    """Read one configuration, or several that are appended.

    Args:
        sources: objects; paths of files, with or without ``file:``; names of parameters, as
            ``ssm:AmazonCloudWatch-linux``.
        parameter: gives the value of a parameter.

    Raises:
        MisuseError: there is no such file, or what is there is no JSON.
    """
    several: list[Source] = (
        [sources] if isinstance(sources, (str, os.PathLike, Mapping)) else list(sources)
    )
    found, names = [], []
    for each in several:
        if isinstance(each, Mapping):
            found.append(each)
            continue
        name = os.fspath(each)
        if name.startswith("ssm:"):
            names.append(name.removeprefix("ssm:"))
            text = parameter(names[-1])
        else:
            text = _file(name.removeprefix("file:"))
        if text.lstrip().startswith(("[", "#", ";")):
            if len(several) > 1:
                raise MisuseError(f"{name}: the old agent's configuration stands alone.")
            return Found((), text, tuple(names))
        found.append(_object(text, name))
    return Found(tuple(found), None, tuple(names))


def _file(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except OSError as error:
        raise MisuseError(f"The agent's configuration {path!r}: {error.strerror}.") from error


def _object(text: str, name: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise MisuseError(f"The agent's configuration {name!r} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise MisuseError(f"The agent's configuration {name!r} is no object.")
    return found
