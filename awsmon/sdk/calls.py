"""One call to a service of awsmon's, from its parameters to its answer.

Lives here: `carry_out`, which both paths share; they differ in how an answer is written: as what botocore
would have parsed (`shaping`), or as bytes (`wire`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from awsmon.core.errors import AwsError
from awsmon.core.events import ApiCalled
from awsmon.core.scope import Scope
from awsmon.sdk import routes
from awsmon.sdk.requests import normaliser, packed
from awsmon.sdk.sessions import access_key
from awsmon.sdk.validation import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import OperationModel

    from awsmon.core.backend import Backend

__all__ = ["PARAMETERS", "READS", "carry_out"]

A = TypeVar("A")

PARAMETERS = "awsmon_parameters"
"""Where a call's own context keeps what it was given: ``before-call`` sees only bytes."""

READS = ("Describe", "Get", "List", "Lookup", "Filter", "Test", "Search", "Select", "Head")
"""How operations begin that change nothing; no record keeps what they answered."""


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
    package, function = routes.find(service, name)
    identity = backend.identity(access_key(signer._credentials))
    scope = Scope(identity.account, context.get("client_region") or backend.home.region)
    parameters, result, error = context[PARAMETERS], None, None
    with backend.door:
        dispatcher, at, request_id = backend.dispatcher, backend.clock.now(), backend.ids.request()
        cause = dispatcher.cause
        dispatcher.cause = number = backend.trace.begin(cause, at)
        try:
            if fault is not None:
                raise fault
            validator(model)(parameters)
            result = function(getattr(backend.at(scope), package), normaliser(model)(parameters))
            answer = answered(model, result, request_id=request_id, at=at)
        except AwsError as refused:
            error = (refused.code, refused.message or "")
            answer = failed(model, refused, request_id=request_id, at=at)
        finally:
            dispatcher.cause = cause
        dispatcher.publish(
            ApiCalled(
                at=at, scope=scope, service=service, operation=name, identity=identity,
                request_id=request_id, error=error,
                packed=(body if _is_json(body) else packed(parameters),
                        None if result is None or name.startswith(READS) else packed(result)),
            ),
            number=number,
        )  # fmt: skip
    return answer


def _is_json(body: Any) -> bool:
    return type(body) is bytes and body[:1] == b"{"
