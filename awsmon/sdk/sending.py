"""The wire path: calls answered at ``before-send`` with the bytes of their protocol.

Lives here: `Sending`. botocore builds and signs the request, retries, parses: all of its own
machinery runs. What goes wrong on demand (`faults.py`) goes wrong here, for other mocks'
services too.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from awsmon.sdk import wire
from awsmon.sdk.calls import carry_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.model import OperationModel

    from awsmon.core.backend import Backend
    from awsmon.sdk.faults import Faults
    from awsmon.sdk.wire import WireAnswer

__all__ = ["Sending", "calling"]


class _Call(NamedTuple):
    """The call that this thread, or task, is about."""

    client: Any
    model: OperationModel
    context: Any
    respond: Callable[[str, WireAnswer], Any]


_call: ContextVar[_Call | None] = ContextVar("awsmon_call", default=None)


@contextmanager
def calling(
    client: Any, model: Any, context: Any, respond: Callable[[str, WireAnswer], Any]
) -> Iterator[None]:
    """Inside it is known which call a request belongs to.

    Args:
        client: that made it.
        model: of the operation.
        context: the call's own.
        respond: makes of URL and answer what the emitter gives back.
    """
    token = _call.set(_Call(client, model, context, respond))
    try:
        yield
    finally:
        _call.reset(token)


class Sending:
    """Hooks around and inside the sending of a request.

    Args:
        active: gives the backend that is on, or None.
        faults: gives what goes wrong on demand.
        ours: whether awsmon answers a call.
    """

    def __init__(
        self,
        active: Callable[[], Backend | None],
        faults: Callable[[], Faults | None],
        ours: Callable[..., bool],
    ) -> None:
        self._active = active
        self._faults = faults
        self._ours = ours

    def requests(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Around ``BaseClient._make_request``."""

        def _make_request(client: Any, model: Any, request: Any, context: Any) -> Any:
            with calling(client, model, context, _response):
                return original(client, model, request, context)

        return _make_request

    def emits(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Around the emitter's ``emit``: ``before-send`` is ours before any other mock's."""

        def emit(emitter: Any, event_name: str, **kwargs: Any) -> Any:
            if event_name.startswith("before-send."):
                call, backend = _call.get(), self._active()
                if call is not None and backend is not None:
                    url = kwargs["request"].url
                    answer = self._answer(backend, call, url)
                    if answer is not None:
                        return call.respond(url, answer)
            return original(emitter, event_name, **kwargs)

        return emit

    def _answer(self, backend: Backend, call: _Call, url: str) -> WireAnswer | None:
        """The answer to one attempt; None: another mock's."""
        service = call.model.service_model.service_name
        faults = self._faults()
        fault = faults.strike(call.model, url, call.context) if faults else None
        if self._ours(service, call.model.name, call.context):
            signer = call.client._request_signer
            return carry_out(
                backend, call.model, call.context, None, signer, wire.encode, wire.encode_error,
                fault=fault,
            )  # fmt: skip
        if fault is not None:
            at, request_id = backend.clock.now(), backend.ids.request()
            return wire.encode_error(call.model, fault, request_id=request_id, at=at)
        return None


def _response(url: str, sent: WireAnswer) -> list[tuple[None, AWSResponse]]:
    headers = HTTPHeaders.from_dict(sent.headers)
    return [(None, AWSResponse(url, sent.status, headers, _Body(sent)))]


class _Body(BytesIO):
    """A body as urllib3 gives it."""

    def __init__(self, sent: WireAnswer) -> None:
        super().__init__(sent.body)
        self._live = sent.live

    def stream(self, **_: Any) -> Iterator[bytes]:
        while chunk := self.read(65_536):
            yield chunk
        yield from self._live
