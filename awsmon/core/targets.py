"""From an ARN to whatever stands behind it.

Lives here: `Bindings` (Python callables behind ARNs), `OtherMock` (the port to a neighbouring mock)
and the table of the API calls by which each kind of target is reached. When to try, and what a
failure means, is `deliveries.py`'s.
"""

from __future__ import annotations

import contextvars
import inspect
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from awsmon.core.arns import Arn
from awsmon.core.errors import MisuseError
from awsmon.core.scope import Scope

__all__ = [
    "Bindings", "FunctionContext", "OtherMock", "ServiceCall", "function_error", "sent_message",
    "service_call",
]  # fmt: skip

Handler = Callable[..., Any]


class OtherMock(Protocol):
    """Another mock that is active beside awsmon, as moto; `sdk/` plugs it in."""

    def ours(self, service: str) -> bool:
        """Whether awsmon itself answers calls of this boto3 client."""

    def serves(self, service: str) -> bool:
        """Whether the other mock would answer calls of this boto3 client."""

    def holds(self, service: str) -> bool:
        """Whether it serves this boto3 client, and anybody has used that service of it yet."""

    def call(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        scope: Scope,
        invoked_by: str,
    ) -> dict[str, Any]:
        """Make an ordinary SDK call in the name of an AWS service; raises what botocore raises."""


@dataclass(frozen=True, slots=True)
class FunctionContext:
    """The second argument of a Lambda handler, as far as it has a meaning here.

    Source: Lambda Developer Guide, "Using the Lambda context object to retrieve Python function
    information".
    """

    invoked_function_arn: str
    aws_request_id: str
    memory_limit_in_mb: int = 128
    function_version: str = "$LATEST"
    log_group_name: str = ""
    log_stream_name: str = ""
    remaining_ms: Callable[[], int] = lambda: 3000

    @property
    def scope(self) -> Scope:
        """The account and region in the ARN."""
        arn = Arn.parse(self.invoked_function_arn)
        return Scope(arn.account, arn.region)

    @property
    def function_name(self) -> str:
        """The name in the ARN; the ARN itself where it isn't a function's."""
        kind, _, name = Arn.parse(self.invoked_function_arn).resource.partition(":")
        return name.partition(":")[0] if kind == "function" else self.invoked_function_arn

    def get_remaining_time_in_millis(self) -> int:
        """Until the timeout, on the virtual clock; three seconds, Lambda's default, if unknown."""
        return self.remaining_ms()


class Bindings:
    """Python callables that stand behind ARNs.

    Attributes:
        around: goes around each call of a function's handler; it gives the context.
    """

    def __init__(self) -> None:
        self.around: Callable[[FunctionContext], AbstractContextManager[FunctionContext]]
        self.around = nullcontext
        self._handlers: dict[str, tuple[Handler, bool]] = {}

    def bind(self, arn: str, handler: Handler) -> None:
        """Put *handler* behind *arn*, in place of what stood there.

        Raises:
            MisuseError: it cannot be called with the payload, or with payload and context.
        """
        Arn.parse(arn)
        if not callable(handler):
            raise MisuseError(f"bind({arn!r}, {handler!r}): expected a callable.")
        self._handlers[arn] = (handler, _wants_context(arn, handler))

    def unbind(self, arn: str) -> None:
        """Take away what stands behind *arn*."""
        self._handlers.pop(arn, None)

    def handler(self, arn: str) -> Callable[[Any, str], Any] | None:
        """What stands behind *arn*, as a function of payload and request id.

        A function's version or alias leads to what was bound to the function itself.
        """
        bound = self._handlers.get(arn) or self._handlers.get(_unqualified(arn))
        if bound is None:
            return None
        handler, with_context = bound

        around = self.around if Arn.parse(arn).service == "lambda" else nullcontext

        def invoke(payload: Any, request_id: str) -> Any:
            with around(FunctionContext(arn, request_id)) as context:
                answer = handler(payload, *((context,) if with_context else ()))
                return _finished(answer) if inspect.isawaitable(answer) else answer

        return invoke


def _unqualified(arn: str) -> str:
    function, marker, name = arn.partition(":function:")
    return f"{function}{marker}{name.partition(':')[0]}"


def _wants_context(arn: str, handler: Handler) -> bool:
    """Whether it takes a second argument: one it requires, or one that is called context."""
    try:
        signature = inspect.signature(handler)
    except (TypeError, ValueError):  # a builtin: one argument
        return False
    positional = [
        each
        for each in signature.parameters.values()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    second = positional[1] if len(positional) > 1 else None
    with_context = second is not None and (
        second.default is second.empty or second.name.strip("_") == "context"
    )
    try:
        signature.bind(*(None, None) if with_context else (None,))
    except TypeError:
        raise MisuseError(
            f"bind({arn!r}, {handler!r}): it is called with the payload, or with payload and "
            "context."
        ) from None
    return with_context


def _finished(answer: Awaitable[Any]) -> Any:
    import asyncio  # dear, and few handlers are coroutine functions
    from concurrent.futures import ThreadPoolExecutor

    async def result() -> Any:
        return await answer

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(result())
    with ThreadPoolExecutor(1) as aside:  # this thread's loop waits for us: use another's
        context = contextvars.copy_context()  # what it calls is caused by the delivery too
        return aside.submit(context.run, asyncio.run, result()).result()


def _arrived(_: Mapping[str, Any]) -> None:
    """Whatever the answer says."""


def function_error(answer: Mapping[str, Any]) -> str | None:
    """What a function's answer says of its own failure."""
    error: str | None = answer.get("FunctionError")
    return error


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """The API call that reaches a target.

    Attributes:
        service: the boto3 client.
        failed: what in the answer says that it failed all the same; None where nothing does.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    failed: Callable[[Mapping[str, Any]], str | None] = _arrived


def service_call(arn: Arn, payload: Any) -> ServiceCall | None:
    """The call that delivers *payload* to *arn*; None for a kind of target without one."""
    make = _CALLS.get(arn.service)
    return make(arn, payload) if make else None


def _text(payload: Any) -> str:
    return payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"))


def _publish(arn: Arn, payload: Any) -> ServiceCall:
    parameters = payload if isinstance(payload, Mapping) and "Message" in payload else {
        "TopicArn": str(arn), "Message": _text(payload)}  # fmt: skip
    return ServiceCall("sns", "Publish", parameters)


def _invoke(arn: Arn, payload: Any) -> ServiceCall:
    return ServiceCall(
        "lambda",
        "Invoke",
        {"FunctionName": str(arn), "InvocationType": "Event", "Payload": _text(payload).encode()},
        failed=function_error,
    )


def sent_message(
    arn: Arn, payload: Any, attributes: Mapping[str, str] | None = None, **more: Any
) -> ServiceCall:
    """To a queue.

    Args:
        arn: of the queue.
        payload: the body: text, or what becomes JSON.
        attributes: of the message, as text; those without a value are left out.
        more: members of SendMessage, as MessageGroupId.
    """
    url = f"https://sqs.{arn.region}.amazonaws.com/{arn.account}/{arn.resource}"
    parameters = {"QueueUrl": url, "MessageBody": _text(payload), **more}
    if attributes:
        parameters["MessageAttributes"] = {
            name: {"DataType": "String", "StringValue": value}
            for name, value in attributes.items() if value
        }  # fmt: skip
    return ServiceCall("sqs", "SendMessage", parameters)


def _put_record(arn: Arn, payload: Any) -> ServiceCall:
    """Into a Kinesis stream."""
    record = payload if isinstance(payload, Mapping) and "Data" in payload else {
        "Data": _text(payload).encode(), "PartitionKey": str(arn)}  # fmt: skip
    stream = arn.resource.removeprefix("stream/")
    return ServiceCall("kinesis", "PutRecord", {"StreamName": stream, **record})


def _put_firehose_record(arn: Arn, payload: Any) -> ServiceCall:
    name = {"DeliveryStreamName": arn.resource.removeprefix("deliverystream/")}
    if isinstance(payload, Mapping) and "Records" in payload:
        return ServiceCall("firehose", "PutRecordBatch", {**name, **payload})
    record = payload if isinstance(payload, Mapping) and "Record" in payload else {
        "Record": {"Data": _text(payload).encode()}}  # fmt: skip
    return ServiceCall("firehose", "PutRecord", {**name, **record})


def _put_object(arn: Arn, payload: Any) -> ServiceCall | None:
    """Into a bucket: the payload says under which key."""
    if not isinstance(payload, Mapping) or "Key" not in payload:
        return None
    return ServiceCall("s3", "PutObject", {"Bucket": arn.resource, **payload})


_INSTANCE_ACTIONS = {
    "stop": "StopInstances",
    "terminate": "TerminateInstances",
    "reboot": "RebootInstances",
    "recover": "RebootInstances",  # a reboot on other hardware, after which all is as it was
}


def _act_on_instances(arn: Arn, payload: Any) -> ServiceCall:
    """``arn:aws:automate:region:ec2:stop``, or the older form of Simple Workflow."""
    action = arn.resource.removeprefix("action/actions/AWS_EC2.InstanceId.").partition("/")[0]
    return ServiceCall("ec2", _INSTANCE_ACTIONS[action.lower()], payload)


def _open_ops_item(_: Arn, payload: Any) -> ServiceCall:
    return ServiceCall("ssm", "CreateOpsItem", payload)


def _start_incident(_: Arn, payload: Any) -> ServiceCall:
    return ServiceCall("ssm-incidents", "StartIncident", payload)


_CALLS: dict[str, Callable[[Arn, Any], ServiceCall | None]] = {
    "sns": _publish,
    "lambda": _invoke,
    "sqs": sent_message,
    "kinesis": _put_record,
    "firehose": _put_firehose_record,
    "s3": _put_object,
    "automate": _act_on_instances,
    "swf": _act_on_instances,
    "ssm": _open_ops_item,
    "ssm-incidents": _start_incident,
}
