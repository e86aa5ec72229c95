"""One call to a service of awsmon's, from its parameters to its answer.

Lives here: `carry_out`, which both paths share; they differ in how an answer is written: as what
botocore would have parsed (`shaping`), or as bytes (`wire`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from awsmon.core.errors import AwsError
from awsmon.core.events import ApiCalled
from awsmon.sdk import routes
from awsmon.sdk.requests import normaliser, packed
from awsmon.sdk.sessions import USER_AGENT, access_key
from awsmon.sdk.validation import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import OperationModel

    from awsmon.core.backend import Backend
    from awsmon.core.operation import Operation

__all__ = ["PARAMETERS", "READS", "carry_out"]

A = TypeVar("A")

PARAMETERS = "awsmon_parameters"
"""Where a call's own context keeps what it was given: ``before-call`` sees only bytes."""

UNRECORDED = {("logs", "PutLogEvents"): "logEvents"}
"""Members of requests that no record keeps, for their size: the events are in their stream."""

READS = ("Describe", "Get", "List", "Lookup", "Filter", "Test", "Search", "Select", "Head")
"""How operations begin that change nothing; no record keeps what they answered."""


class _Plan(NamedTuple):
    """What is known of an operation before any call."""

    package: str
    function: Operation
    check: Callable[[Mapping[str, Any]], None]
    normalise: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    reads: bool


_plans: dict[tuple[str, str], _Plan] = {}  # by name: every client has a model of its own


def _plan(model: OperationModel) -> _Plan:
    key = model.service_model.service_name, model.name
    package, function = routes.find(*key)
    made = _Plan(
        package,
        function,
        validator(model),
        normaliser(model),
        model.name.startswith(READS) or model.has_event_stream_output,
    )
    _plans[key] = made
    return made


def carry_out(
    backend: Backend,
    model: OperationModel,
    context: Mapping[str, Any],
    body: Any,
    signer: Any,
    answered: Callable[..., A],
    failed: Callable[..., A],
    *,
    fault: AwsError | None = None,
) -> A:
    """Run one operation under the lock, record it, and write its answer.

    Args:
        backend: the session's.
        model: of the operation.
        context: the call's own, with its parameters.
        body: of the request, as botocore wrote it.
        signer: of the client; its access key says who calls.
        answered: writes a result, as `shaping.answered`.
        failed: writes an error, as `shaping.failed`.
        fault: answer with this instead of running it.
    """
    service, name = model.service_model.service_name, model.name
    plan = _plans.get((service, name)) or _plan(model)
    identity, scope = backend.caller(access_key(signer._credentials), context.get("client_region"))
    parameters, result, error, ours = context[PARAMETERS], None, None, None
    with backend.door:
        dispatcher, at, request_id = backend.dispatcher, backend.clock.now(), backend.ids.request()
        cause = dispatcher.cause
        dispatcher.cause = number = backend.trace.begin(cause, at)
        try:
            if fault is not None:
                raise fault
            plan.check(parameters)
            owner = getattr(backend.at(scope), plan.package)
            result = plan.function(owner, plan.normalise(parameters))
            answer = answered(model, result, request_id=request_id, at=at)
        except AwsError as refused:
            error = (refused.code, refused.message or "")
            answer = failed(model, refused, request_id=request_id, at=at)
        except Exception as mistake:  # not AWS's: recorded like any call, and raised
            error, ours = (type(mistake).__name__, str(mistake)), mistake
        finally:
            dispatcher.cause = cause
        dispatcher.publish(
            ApiCalled(
                at=at, scope=scope, service=service, operation=name, identity=identity,
                request_id=request_id, error=error, user_agent=USER_AGENT,
                packed=(_recorded(service, model, parameters, body),
                        None if result is None or plan.reads else packed(result)),
            ),
            number=number,
        )  # fmt: skip
        if ours is not None:
            raise ours
    return answer


def _recorded(
    service: str, model: OperationModel, parameters: Mapping[str, Any], body: Any
) -> bytes:
    """What was asked, as bytes: as it was sent, where that is JSON and nothing is in the path."""
    left_out = UNRECORDED.get((service, model.name))
    if left_out is not None:
        return packed({key: value for key, value in parameters.items() if key != left_out})
    whole = type(body) is bytes and body[:1] == b"{" and model.http.get("requestUri") == "/"
    return body if whole else packed(parameters)
