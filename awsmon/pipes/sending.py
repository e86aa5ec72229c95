"""From records to deliveries: to an enrichment, and to a target.

Lives here: `to_enrichment`, `to_target`, `enriched` and `failures`. Lambda and Step Functions get
all records of a batch as one array, whatever its size; anything else gets them one by one.
Source: EventBridge User Guide, "EventBridge Pipes": enrichment, targets, input transformation.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.core.clock import aware, stamp
from awsmon.core.deliveries import ASYNCHRONOUS, ONCE, Delivery
from awsmon.core.errors import MisuseError
from awsmon.core.target_calls import target_call, target_payload
from awsmon.core.targets import ServiceCall, function_error
from awsmon.lang.input_template import compile_inline
from awsmon.lang.json_path import resolved
from awsmon.pipes.records import opened
from awsmon.pipes.settings import RESERVED, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from awsmon.core.scope import Scope
    from awsmon.pipes.model import Pipe, Record

__all__ = ["enriched", "failures", "to_enrichment", "to_target"]

_WHOLE = {"lambda", "states"}
_NAMES = {
    "SqsQueueParameters": "SqsParameters",
    "KinesisStreamParameters": "KinesisParameters",
    "EcsTaskParameters": "EcsParameters",
    "BatchJobParameters": "BatchParameters",
}
SYNCHRONOUS = "REQUEST_RESPONSE"


# -- what is sent ----------------------------------------------------------------------------------


def _inputs(
    pipe: Pipe, records: Sequence[Any], parameters: Mapping[str, Any], at: datetime
) -> list[Any]:
    """Each record as it is, or as its template has it."""
    template = parameters.get("InputTemplate")
    if not template:
        return list(records)
    render = compile_inline(template, RESERVED)
    return [render(opened(record), _reserved(pipe, record, at)) for record in records]


def _reserved(pipe: Pipe, record: Any, at: datetime) -> dict[str, Any]:
    return {
        "aws.pipes.pipe-arn": pipe.arn,
        "aws.pipes.pipe-name": pipe.name,
        "aws.pipes.source-arn": pipe.source,
        "aws.pipes.enrichment-arn": pipe.enrichment or "",
        "aws.pipes.target-arn": pipe.target,
        "aws.pipes.event.ingestion-time": stamp(at),
        "aws.pipes.event": record,
        "aws.pipes.event.json": record,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(
        value, separators=(",", ":"), ensure_ascii=False)  # fmt: skip


def to_enrichment(pipe: Pipe, records: Sequence[Record], scope: Scope, at: datetime) -> Delivery:
    """The call that a pipe waits for."""
    assert pipe.enrichment
    parameters = pipe.enrichment_parameters or {}
    inputs = _inputs(pipe, records, parameters, at)
    whole = kind_of(pipe.enrichment) in _WHOLE
    payload = inputs if whole else inputs[0]
    return Delivery(
        at=at, scope=scope, sender="pipes", subject=pipe.arn, target_arn=pipe.enrichment,
        payload=payload, request=_asked(pipe.enrichment, payload), reads=_reply,
    )  # fmt: skip


def _asked(arn: str, payload: Any) -> ServiceCall | None:
    """A call that answers."""
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    if kind_of(arn) == "lambda":
        return ServiceCall(
            "lambda", "Invoke",
            {"FunctionName": arn, "InvocationType": "RequestResponse", "Payload": text.encode()},
            failed=function_error,
        )  # fmt: skip
    if kind_of(arn) == "states":
        parameters = {"stateMachineArn": arn, "input": text}
        return ServiceCall("stepfunctions", "StartSyncExecution", parameters, failed=_not_done)
    return None


def _not_done(answer: Mapping[str, Any]) -> str | None:
    return None if answer.get("status") == "SUCCEEDED" else str(answer.get("error", "it failed"))


def to_target(
    pipe: Pipe, records: Sequence[Any], scope: Scope, at: datetime, ids: Sequence[str]
) -> list[Delivery]:
    """What leaves for the target; *ids* are for events and executions, one for each record."""
    parameters = pipe.target_parameters or {}
    inputs = _inputs(pipe, records, parameters, at)
    if kind_of(pipe.target) in _WHOLE:
        return [_whole(pipe, inputs, parameters, scope, at, ids[0])]
    return [
        _single(pipe, value, opened(record), parameters, scope, at, id_)
        for value, record, id_ in zip(inputs, records, ids, strict=True)
    ]


def _delivery(pipe: Pipe, scope: Scope, at: datetime, **more: Any) -> Delivery:
    return Delivery(at=at, scope=scope, sender="pipes", subject=pipe.arn, target_arn=pipe.target,
                    **more)  # fmt: skip


def _whole(
    pipe: Pipe, inputs: list[Any], parameters: Mapping[str, Any], scope: Scope, at: datetime,
    id_: str,
) -> Delivery:  # fmt: skip
    function = kind_of(pipe.target) == "lambda"
    name = "LambdaFunctionParameters" if function else "StepFunctionStateMachineParameters"
    usual = SYNCHRONOUS if function else "FIRE_AND_FORGET"
    if parameters.get(name, {}).get("InvocationType", usual) == SYNCHRONOUS:
        return _delivery(pipe, scope, at, payload=inputs, policy=ONCE, reads=_reply,
                         request=_asked(pipe.target, inputs))  # fmt: skip
    call = target_call(pipe.target, _text(inputs), {}, key=id_, name=id_)
    policy = ASYNCHRONOUS if function else ONCE
    return _delivery(pipe, scope, at, payload=inputs, policy=policy, request=call)


def _single(
    pipe: Pipe, value: Any, record: Any, parameters: Mapping[str, Any], scope: Scope,
    at: datetime, id_: str,
) -> Delivery:  # fmt: skip
    """Dynamic parameters are read off the record."""
    found = {
        _NAMES.get(name, name): resolved(each, record)
        for name, each in parameters.items() if name.endswith("Parameters")
    }  # fmt: skip
    if ":event-bus/" in pipe.target:
        payload = _event(
            pipe, value, found.get("EventBridgeEventBusParameters", {}), scope, at, id_
        )
        return _delivery(pipe, scope, at, payload=payload)
    if kind_of(pipe.target) == "logs":
        payload = _log_event(value, found.get("CloudWatchLogsParameters", {}), at)
        return _delivery(pipe, scope, at, payload=payload)
    call = target_call(pipe.target, _text(value), found, key=id_, name=id_)
    payload = target_payload(pipe.target, _text(value), call)
    return _delivery(pipe, scope, at, payload=payload, request=call)


def _event(
    pipe: Pipe, value: Any, wanted: Mapping[str, Any], scope: Scope, at: datetime, id_: str
) -> dict[str, Any]:
    """What PutEvents would make; the defaults name the pipe and its source."""
    time = wanted.get("Time")
    return {
        "version": "0", "id": id_,
        "detail-type": wanted.get("DetailType", f"Event from aws:{kind_of(pipe.source)}"),
        "source": wanted.get("Source", f"Pipe {pipe.name}"), "account": scope.account,
        "time": stamp(_instant(time) or at), "region": scope.region,
        "resources": list(wanted.get("Resources", ())),
        "detail": value if isinstance(value, dict) else {"data": value},
    }  # fmt: skip


def _instant(text: Any) -> datetime | None:
    try:
        return aware(text) if isinstance(text, str) else None
    except MisuseError:
        return None


def _log_event(value: Any, wanted: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    given = str(wanted.get("Timestamp", ""))
    time = int(given) if given.isdigit() else int(at.timestamp() * 1000)
    stream = wanted.get("LogStreamName")
    return {"timestamp": time, "message": _text(value), **({"stream": stream} if stream else {})}


# -- what is answered ------------------------------------------------------------------------------


def _reply(answer: Any) -> Any:
    """What a function returned, whoever called it."""
    if isinstance(answer, dict) and hasattr(answer.get("Payload"), "read"):
        text = answer["Payload"].read()
        return (json.loads(text) if text else None) or ""
    if isinstance(answer, dict) and "executionArn" in answer:
        return json.loads(answer.get("output") or '""')
    return "" if answer is None else answer


def enriched(answer: Any) -> list[Any]:
    """The records that an enrichment gave; none: the target isn't invoked."""
    if isinstance(answer, dict) and set(answer) == {"statusCode", "body"}:
        answer = answer["body"]
    if answer in (None, "", {}, []):
        return []
    return answer if isinstance(answer, list) else [answer]


def failures(answer: Any) -> set[str]:
    """The ids of the records that a target says it couldn't do."""
    found = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    return {str(each.get("itemIdentifier")) for each in found or () if isinstance(each, dict)}
