"""The fast path: SDK calls answered at botocore's ``before-call``.

Lives here: what is hooked into botocore, at class level, so that every client is served however old
it is, and botocore's own Stubber has the first word. Calls to services that awsmon doesn't serve
are `others.py`'s, credentials and regions `sessions.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.hooks import HierarchicalEmitter

from awsmon.core.errors import AwsError
from awsmon.core.events import ApiCalled
from awsmon.core.scope import Scope
from awsmon.patches import Patches
from awsmon.sdk import routes, shaping
from awsmon.sdk.others import Others
from awsmon.sdk.requests import copied, normaliser
from awsmon.sdk.sessions import Sessions, access_key
from awsmon.sdk.validation import validator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import OperationModel

    from awsmon.core.backend import Backend

__all__ = ["install", "uninstall"]

_READS = ("Describe", "Get", "List", "Lookup", "Test", "Filter", "Search", "Select", "StartQuery")
_KEPT = "awsmon_parameters"

_backend: Backend | None = None
_patches = Patches()


def _active() -> Backend | None:
    return _backend


_sessions = Sessions(_active)
_others = Others(_active)


def install(backend: Backend) -> None:
    """Answer SDK calls of this process from *backend*."""
    global _backend
    _backend = backend
    backend.other_mock = _others
    _patches.make(
        {
            (BaseClient, "_emit_api_params"): _keeping_parameters,
            (HierarchicalEmitter, "emit_until_response"): _answering,
            (BaseClient, "_make_request"): _others.requests,
            (Endpoint, "_send"): _others.sends,
            **_sessions.patches(),
        }
    )


def uninstall() -> None:
    """Put everything back as it was."""
    global _backend
    _backend = None
    _patches.undo()
    _sessions.forget()
    _others.forget()


def _keeping_parameters(original: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a call was given in its own context: ``before-call`` sees only bytes."""

    def _emit_api_params(self: Any, api_params: Any, operation_model: Any, context: Any) -> Any:
        parameters = original(self, api_params, operation_model, context)
        context[_KEPT] = parameters
        return parameters

    return _emit_api_params


def _answering(original: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a ``before-call`` that nobody else answered."""

    def emit_until_response(self: Any, event_name: str, **kwargs: Any) -> Any:
        handled = original(self, event_name, **kwargs)
        if handled[1] is not None or _backend is None or not event_name.startswith("before-call."):
            return handled
        model = kwargs["model"]
        if model.service_model.service_name not in routes.ROUTES:
            return handled
        return None, answer(_backend, model, kwargs["context"], kwargs["request_signer"])

    return emit_until_response


def answer(
    backend: Backend, model: OperationModel, context: Mapping[str, Any], signer: Any
) -> tuple[Any, dict[str, Any]]:
    """Carry out one call: the HTTP answer for handlers, and what botocore would have parsed."""
    service, name = model.service_model.service_name, model.name
    package, function = routes.find(service, name)
    identity = backend.identity(access_key(signer._credentials))
    scope = Scope(identity.account, context.get("client_region") or backend.home.region)
    parameters = context[_KEPT]
    result, error = None, None
    with backend.door:
        dispatcher, now = backend.dispatcher, backend.clock.now()
        request_id = backend.ids.uuid()
        cause = dispatcher.cause
        number = backend.trace.begin(cause, now)
        dispatcher.cause = number
        try:
            validator(model)(parameters)
            request = normaliser(model)(parameters)
            result = function(getattr(backend.at(scope), package), request)
            answered = shaping.answered(model, result, request_id=request_id, at=now)
        except AwsError as refused:
            error = (refused.code, refused.message or "")
            answered = shaping.failed(model, refused, request_id=request_id, at=now)
        finally:
            dispatcher.cause = cause
        dispatcher.publish(
            ApiCalled(
                at=now, scope=scope, service=service, operation=name, identity=identity,
                request_id=request_id, parameters=copied(parameters), error=error,
                result=None if name.startswith(_READS) else copied(result),
            ),
            number=number,
        )  # fmt: skip
    return answered
