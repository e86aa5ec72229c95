"""What is hooked into botocore while a session is active, at class level: every client is served,
however old, and botocore's own Stubber has the first word.

Lives here: `install`, `uninstall`, and the fast path, which answers at ``before-call``. The wire path is
`sending.py`'s, calls to services that awsmon doesn't serve are `others.py`'s, credentials and regions
`sessions.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.hooks import HierarchicalEmitter

from awsmon.patches import Patches
from awsmon.sdk import routes, shaping
from awsmon.sdk.calls import PARAMETERS, carry_out
from awsmon.sdk.others import Others
from awsmon.sdk.sending import Sending
from awsmon.sdk.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.core.backend import Backend
    from awsmon.sdk.faults import Faults

__all__ = ["install", "uninstall"]

_patches = Patches()
_backend: Backend | None = None
_faults: Faults | None = None
_wire = False


def _active() -> Backend | None:
    return _backend


_sessions = Sessions(_active)
_others = Others(_active)
_sending = Sending(_active, lambda: _faults)


def install(backend: Backend, faults: Faults, *, wire: bool) -> None:
    """Answer SDK calls of this process from *backend*.

    Args:
        backend: the session's.
        faults: what goes wrong on demand; calls that it concerns take the wire path.
        wire: have all calls take it.
    """
    global _backend, _faults, _wire
    _backend, _faults, _wire = backend, faults, wire
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
    _patches.make({(BaseClient, "_make_request"): _sending.requests})
    if wire:
        _open_the_wire()
    faults.wanted = _open_the_wire


def uninstall() -> None:
    """Put everything back as it was."""
    global _backend, _faults
    _backend = _faults = None
    _patches.undo()
    _sessions.forget()
    _others.forget()


def _open_the_wire() -> None:
    """Hook in at ``before-send`` too; most sessions never need it."""
    _patches.make({(HierarchicalEmitter, "emit"): _sending.emits})


def _keeping_parameters(original: Callable[..., Any]) -> Callable[..., Any]:
    def _emit_api_params(self: Any, api_params: Any, operation_model: Any, context: Any) -> Any:
        parameters = original(self, api_params, operation_model, context)
        context[PARAMETERS] = parameters
        return parameters

    return _emit_api_params


def _answering(original: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a ``before-call`` that nobody else answered."""

    def emit_until_response(self: Any, event_name: str, **kwargs: Any) -> Any:
        handled = original(self, event_name, **kwargs)
        if handled[1] is not None or _backend is None or not event_name.startswith("before-call."):
            return handled
        model = kwargs["model"]
        service = model.service_model.service_name
        if service not in routes.ROUTES or _wire or (_faults and _faults.concern(service, model)):
            return handled
        answer = carry_out(
            _backend, model, kwargs["context"], kwargs["params"]["body"], kwargs["request_signer"],
            shaping.answered, shaping.failed,
        )  # fmt: skip
        return None, answer

    return emit_until_response
