"""What a pipe may lead from, through and to.

Lives here: `check`, and how many records at once: `batch_size`, `window`.
Source: EventBridge User Guide, "EventBridge Pipes": sources, targets, "Batching and concurrency".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.arns import Arn
from awsmon.lang.event_pattern.parser import parse
from awsmon.lang.event_pattern.reader import PatternError
from awsmon.lang.input_template import compile_inline
from awsmon.lang.text import LanguageError
from awsmon.pipes.errors import ValidationException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.pipes.model import Pipe

__all__ = ["RESERVED", "batch_size", "check", "kind_of", "own_parameters", "window"]

SOURCES = {"sqs", "kinesis", "dynamodb", "mq", "kafka"}
ENRICHMENTS = {"lambda", "states", "events", "execute-api"}
TARGETS = {
    "batch", "codebuild", "codepipeline", "ecs", "events", "execute-api", "firehose", "inspector",
    "kinesis", "lambda", "logs", "redshift", "redshift-serverless", "sagemaker", "sns", "sqs",
    "states", "timestream",
}  # fmt: skip
RESERVED = (
    "aws.pipes.pipe-arn", "aws.pipes.pipe-name", "aws.pipes.source-arn", "aws.pipes.target-arn",
    "aws.pipes.enrichment-arn", "aws.pipes.event.ingestion-time", "aws.pipes.event",
    "aws.pipes.event.json",
)  # fmt: skip
_MOST_AT_ONCE = {
    # what takes several at a time, and how many; anything else takes one
    "logs": 10_000, "events": 10, "firehose": 500, "kinesis": 500, "lambda": 10_000,
    "states": 10_000, "sns": 10, "sqs": 10, "timestream": 100,
}  # fmt: skip
_USUAL = {"sqs": 10, "mq": 100, "kafka": 100, "kinesis": 100, "dynamodb": 100}
_STREAMS = {"kinesis": "KinesisStreamParameters", "dynamodb": "DynamoDBStreamParameters"}
_NEEDED = {
    "kinesis": "KinesisStreamParameters", "ecs": "EcsTaskParameters",
    "batch": "BatchJobParameters", "redshift": "RedshiftDataParameters",
    "timestream": "TimestreamParameters",
}  # fmt: skip


def kind_of(arn: str) -> str:
    """The service that stands behind an ARN; ``kafka`` also where it is the user's own."""
    found = Arn.maybe(arn)
    return "kafka" if found is None and arn.startswith("smk://") else found.service if found else ""


def own_parameters(pipe: Pipe) -> Mapping[str, Any]:
    """Those of the pipe's kind of source, as ``SqsQueueParameters``."""
    found = [value for name, value in pipe.source_parameters.items() if name != "FilterCriteria"]
    parameters: Mapping[str, Any] = found[0] if found else {}
    return parameters


def window(pipe: Pipe) -> int:
    """For how many seconds records are gathered."""
    return int(own_parameters(pipe).get("MaximumBatchingWindowInSeconds", 0))


def batch_size(pipe: Pipe) -> int:
    """How many records go through the pipe at once."""
    usual = _USUAL[kind_of(pipe.source)]
    return int(own_parameters(pipe).get("BatchSize", min(usual, _most(pipe))))


def _most(pipe: Pipe) -> int:
    steps = [pipe.target, *([pipe.enrichment] if pipe.enrichment else [])]
    return min(1 if ":api-destination/" in arn else _MOST_AT_ONCE.get(kind_of(arn), 1)
               for arn in steps)  # fmt: skip


def check(pipe: Pipe) -> None:
    """Whether such a pipe can be.

    Raises:
        ValidationException: it can't.
    """
    _check_source(pipe)
    if pipe.enrichment:
        if kind_of(pipe.enrichment) not in ENRICHMENTS:
            raise ValidationException.enrichment(pipe.enrichment)
        _check_template(pipe.enrichment_parameters)
    _check_target(pipe)
    if batch_size(pipe) > _most(pipe):
        raise ValidationException.batch(_most(pipe))


def _check_source(pipe: Pipe) -> None:
    kind = kind_of(pipe.source)
    if kind not in SOURCES:
        raise ValidationException.source(pipe.source)
    if kind in _STREAMS and _STREAMS[kind] not in pipe.source_parameters:
        raise ValidationException.parameters(_STREAMS[kind])
    for each in pipe.source_parameters.get("FilterCriteria", {}).get("Filters", ()):
        try:
            parse(each.get("Pattern", ""))
        except PatternError as error:
            raise ValidationException.pattern(error.message) from None


def _check_target(pipe: Pipe) -> None:
    kind, parameters = kind_of(pipe.target), pipe.target_parameters or {}
    if kind not in TARGETS:
        raise ValidationException.target(pipe.target)
    if kind in _NEEDED and _NEEDED[kind] not in parameters:
        raise ValidationException.parameters(_NEEDED[kind])
    _check_template(parameters)


def _check_template(parameters: Mapping[str, Any] | None) -> None:
    template = (parameters or {}).get("InputTemplate")
    if template:
        try:
            compile_inline(template, RESERVED)
        except LanguageError as error:
            raise ValidationException.template(error.message) from None
