"""Transformers at work: `LogTransformer`, `Transformers`, `transformer_of`.

What processors do is `awsmon.lang.transformers`'s. A log group's own transformer counts before the
account's policy. Events that can't be transformed stay as they are, and count in the service's
metrics. Source: API reference, PutTransformer; User Guide, "Transform logs during ingestion".
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.core.resource import Resource, aws
from awsmon.logs.store import size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from awsmon.lang.transformers.compiler import Transformer
    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

__all__ = ["LogTransformer", "Transformers", "transformer_of"]

KIND = "TRANSFORMER_POLICY"


@dataclass(kw_only=True, slots=True, eq=False)
class LogTransformer(Resource):
    """A log group's transformer as GetTransformer shows it; times in milliseconds."""

    aws_shape: ClassVar[str] = "logs.GetTransformerResponse"
    aws_lower_camel: ClassVar[bool] = True

    log_group_identifier: str
    creation_time: int
    last_modified_time: int
    config: list[dict[str, Any]] = field(metadata=aws("transformerConfig"))


class Transformers:
    """What becomes of the events of the log groups of one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def transformed(self, group: LogGroup, stream: str, messages: Sequence[str]) -> dict[int, str]:
        """What becomes of messages that come in, by their places; without those that stay."""
        text = self._config(group)
        if text is None:
            return {}
        transformer = _compiled(text)
        scope = self._logs.scope
        metadata = {
            "@logGroupName": group.name, "@logGroupStream": stream, "@accountId": scope.account,
            "@regionName": scope.region,
        }  # fmt: skip
        results = [transformer.transformed(message, metadata) for message in messages]
        found = {place: each for place, each in enumerate(results) if each is not None}
        usage = self._logs.usage
        usage.count("TransformedLogEvents", group.name, len(found))
        usage.count("TransformedBytes", group.name, sum(map(size, found.values())))
        if len(found) < len(messages):
            usage.count("TransformationErrors", group.name, len(messages) - len(found))
        return found

    def _config(self, group: LogGroup) -> str | None:
        """The processors as JSON; None: events stay as they are."""
        if group.transformer is not None:
            return json.dumps(group.transformer.config)
        policy = self._logs.policies.applying(KIND, group)
        return policy.policy_document if policy and group.log_group_class == "STANDARD" else None


def transformer_of(config: Sequence[Mapping[str, Any]]) -> Transformer:
    """Processors, ready to work.

    Raises:
        LanguageError: they are none.
        NotImplementedByAwsmon: AWS has them, and they are not built.
    """
    from awsmon.lang.transformers.compiler import compile_transformer  # when it is needed
    from awsmon.lang.transformers.ocsf.processor import Unbuilt

    try:
        return compile_transformer(config)
    except Unbuilt as error:
        raise NotImplementedByAwsmon(f"logs: {error.message} isn't built yet.") from error


@lru_cache(maxsize=128)
def _compiled(config: str) -> Transformer:
    return transformer_of(json.loads(config))
