"""Transformers: put, get, delete, test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.lang.text import LanguageError
from awsmon.logs.errors import (
    InvalidOperationException,
    InvalidParameterException,
    ResourceNotFoundException,
)
from awsmon.logs.transformers import LogTransformer, transformer_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_logs.type_defs import (
        DeleteTransformerRequestTypeDef,
        GetTransformerRequestTypeDef,
        PutTransformerRequestTypeDef,
        TestTransformerRequestTypeDef,
    )

    from awsmon.lang.transformers.compiler import Transformer
    from awsmon.logs.service import Logs


@operation("PutTransformer")
def put_transformer(logs: Logs, request: PutTransformerRequestTypeDef) -> None:
    """It counts for events that come from now on."""
    group = logs.identified(request["logGroupIdentifier"])
    if group.log_group_class != "STANDARD":
        raise InvalidOperationException.log_class("PutTransformer", group.log_group_class)
    _checked(request["transformerConfig"])
    known = group.transformer
    group.transformer = LogTransformer.from_aws(
        request, log_group_identifier=group.log_group_arn,
        creation_time=known.creation_time if known else logs.now, last_modified_time=logs.now,
    )  # fmt: skip


def _checked(config: Sequence[Mapping[str, Any]]) -> Transformer:
    try:
        return transformer_of(config)
    except LanguageError as error:
        raise InvalidParameterException(error.message) from error


@operation("GetTransformer")
def get_transformer(logs: Logs, request: GetTransformerRequestTypeDef) -> dict[str, Any]:
    """A log group's own; account policies are described as such."""
    group = logs.identified(request["logGroupIdentifier"])
    if group.transformer is None:
        raise ResourceNotFoundException.transformer()
    return group.transformer.to_aws()


@operation("DeleteTransformer")
def delete_transformer(logs: Logs, request: DeleteTransformerRequestTypeDef) -> None:
    """What was transformed stays so."""
    group = logs.identified(request["logGroupIdentifier"])
    if group.transformer is None:
        raise ResourceNotFoundException.transformer()
    group.transformer = None


@operation("TestTransformer")
def test_transformer(logs: Logs, request: TestTransformerRequestTypeDef) -> dict[str, Any]:  # noqa: ARG001
    """A message that can't be transformed has no transformed one."""
    transformer = _checked(request["transformerConfig"])
    return {
        "transformedLogs": [
            {"eventNumber": number, "eventMessage": message,
             "transformedEventMessage": transformer.transformed(message)}
            for number, message in enumerate(request["logEventMessages"], 1)
        ]
    }  # fmt: skip
