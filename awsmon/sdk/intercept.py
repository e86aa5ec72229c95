"""What is hooked into botocore while a session is active.

At class level: every client is served, however old, and botocore's own Stubber has the first word.
Lives here: `install`, `uninstall`, the tables of what is replaced where, and the fast path, which
answers at ``before-call``. The wire path is `sending.py`'s, calls to services that awsmon doesn't
serve are `others.py`'s, credentials and regions `sessions.py`'s, aiobotocore `aio.py`'s.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

import boto3  # and with it all of botocore that is hooked
import botocore.useragent

from awsmon.patches import Patches
from awsmon.sdk import moto_events, moto_inside, moto_logs, shaping
from awsmon.sdk.calls import PARAMETERS, carry_out
from awsmon.sdk.imports import ImportWatch
from awsmon.sdk.others import Others
from awsmon.sdk.outlines import outline
from awsmon.sdk.sending import Sending
from awsmon.sdk.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from awsmon.core.backend import Backend
    from awsmon.sdk.faults import Faults

    _Table = Iterable[tuple[str, str, str, Callable[[Any], Any]]]

__all__ = ["install", "uninstall"]

_patches = Patches()
_watch = ImportWatch()
_emitters: list[Any] = []  # the classes that are hooked, of each copy of botocore
_backend: Backend | None = None
_faults: Faults | None = None
_wire = _wire_is_open = False


def _active() -> Backend | None:
    return _backend


_sessions = Sessions(_active)
_others = Others(_active)
_sending = Sending(_active, lambda: _faults, _others.ours)


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
    backend.outlines = outline
    _hook("botocore", _BOTOCORE)
    _patches.make(
        {
            (boto3, "_get_default_session"): _sessions.default,
            (boto3, "setup_default_session"): _sessions.set_up,
            # of the same few words at every call, and a quarter of botocore's own work at a call
            (botocore.useragent, "sanitize_user_agent_string_component"): functools.lru_cache(1024),
        }
    )
    if wire:
        _open_the_wire()
    faults.wanted = _open_the_wire
    _watch.start(_LATER)


def uninstall() -> None:
    """Put everything back as it was."""
    global _backend, _faults, _wire_is_open
    _backend = _faults = None
    _wire_is_open = False
    _watch.stop()
    _patches.undo()
    _emitters.clear()
    _sessions.forget()
    _others.forget()


def _open_the_wire() -> None:
    """Hook in at ``before-send`` too; most sessions never need it."""
    global _wire_is_open
    if not _wire_is_open:
        _wire_is_open = True
        _patches.make({(emitter, "emit"): _sending.emits for emitter in _emitters})


# -- what is replaced where ------------------------------------------------------------------------


def _hook(package: str, table: _Table) -> None:
    """Replace what the table names, in those modules of the package that are imported."""
    for module, owner, name, wrap in table:
        cls = getattr(sys.modules.get(f"{package}.{module}"), owner, None)
        if name in getattr(cls, "__dict__", ()):
            _patches.make({(cls, name): wrap})
            if owner == "HierarchicalEmitter":
                _emitters.append(cls)
                if _wire_is_open:
                    _patches.make({(cls, "emit"): _sending.emits})


def _hook_aiobotocore() -> None:
    from awsmon.sdk.aio import Aio

    aio = Aio(_active, _answer, _others.ours)
    _hook(
        "aiobotocore",
        [
            ("client", "AioBaseClient", "_emit_api_params", aio.keeping_parameters),
            ("hooks", "AioHierarchicalEmitter", "emit_until_response", aio.answering),
            ("client", "AioBaseClient", "_make_request", aio.requests),
            ("endpoint", "AioEndpoint", "_send", aio.sends),
            ("signers", "AioRequestSigner", "get_auth_instance", aio.signing),
            ("session", "AioSession", "get_credentials", aio.credentials),
            ("credentials", "AioRefreshableCredentials", "get_account_id", aio.account_id),
        ],
    )


def _hook_moto() -> None:
    _hook("moto.core", [("botocore_stubber", "BotocoreStubber", "__call__", _others.allows)])
    _sessions.adopt("before-send", sys.modules["moto.core.models"].botocore_stubber)


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
        if handled[1] is not None:
            return handled
        return _answer(event_name, kwargs) or handled

    return emit_until_response


def _answer(event_name: str, call: Mapping[str, Any]) -> tuple[None, Any] | None:
    """What a ``before-call`` is answered on the fast path; None: it isn't ours."""
    if _backend is None or not event_name.startswith("before-call."):
        return None
    model = call["model"]
    service = model.service_model.service_name
    if (
        not _others.ours(service, model.name, call["context"])
        or _wire
        or (_faults and _faults.concern(service, model))
    ):
        return None
    return None, carry_out(
        _backend, model, call["context"], call["params"]["body"], call["request_signer"],
        shaping.answered, shaping.failed,
    )  # fmt: skip


_BOTOCORE: _Table = [
    ("client", "BaseClient", "_emit_api_params", _keeping_parameters),
    ("hooks", "HierarchicalEmitter", "emit_until_response", _answering),
    ("client", "BaseClient", "_make_request", _others.requests),
    ("client", "BaseClient", "_make_request", _sending.requests),
    ("endpoint", "Endpoint", "_send", _others.sends),
    ("signers", "RequestSigner", "get_auth_instance", _sessions.signing),
    ("session", "Session", "get_credentials", _sessions.credentials),
    ("session", "Session", "get_config_variable", _sessions.variable),
    ("credentials", "RefreshableCredentials", "account_id", _sessions.account_id),
]
"""Module, class and attribute, and by what it is replaced: the later around the earlier."""

_LATER = {
    "aiobotocore.session": _hook_aiobotocore,
    "awscli.botocore.session": lambda: _hook("awscli.botocore", _BOTOCORE),
    "moto.core.models": _hook_moto,
    "moto.cloudwatch.models": lambda: _patches.make(moto_inside.patches(_active)),
    "moto.s3.notifications": lambda: _patches.make(moto_events.patches(_active)),
    "moto.logs.models": lambda: _patches.make(moto_logs.patches(_active)),
}
"""What is hooked as soon as it is imported: awscli 2 brings a botocore of its own."""
