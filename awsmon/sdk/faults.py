"""What goes wrong on demand: throttling, errors, latency, broken connections.

Lives here: `Faults`, as ``mon.faults``. They strike on the wire path (`sending.py`), so that
botocore's own retries really run; its sleeping between them advances the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from awsmon.core.errors import AwsError, MisuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import OperationModel

    from awsmon.core.backend import Backend

__all__ = ["Faults"]

_THROTTLED = {"cloudwatch": "Throttling", "sns": "Throttling"}
"""Codes as the services' common errors name them; all others answer ThrottlingException."""


@dataclass(slots=True)
class _Fault:
    service: str
    operation: str | None
    rate: float
    left: int | None
    error: AwsError | None = None
    seconds: float = 0.0
    breaks: bool = False


class Faults:
    """What goes wrong on demand.

    Each takes a boto3 client's name, an operation's AWS name (None: all), the share of calls it
    strikes, and how often at most (None: no end). Chance comes from the session's seed.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._faults: list[_Fault] = []
        self.wanted: Callable[[], None] = lambda: None

    def throttle(
        self, service: str, operation: str | None = None, *, rate: float = 1.0,
        times: int | None = None,
    ) -> None:  # fmt: skip
        """Refuse calls as too many, in the service's own code."""
        code = _THROTTLED.get(service, "ThrottlingException")
        self.error(service, operation, code=code, message="Rate exceeded", rate=rate, times=times)

    def error(
        self, service: str, operation: str | None = None, *, code: str, message: str = "",
        status: int = 400, rate: float = 1.0, times: int | None = None,
    ) -> None:  # fmt: skip
        """Answer with an error of that code; a modelled one becomes its class."""
        kind = type(code, (AwsError,), {"code": code, "status": status})
        self._add(_Fault(service, operation, rate, times, error=kind(message or None)))

    def latency(
        self, service: str, operation: str | None = None, *, seconds: float, rate: float = 1.0,
        times: int | None = None,
    ) -> None:  # fmt: skip
        """Let virtual time pass before the answer; past the client's read timeout it times out."""
        self._add(_Fault(service, operation, rate, times, seconds=seconds))

    def disconnect(
        self, service: str, operation: str | None = None, *, rate: float = 1.0,
        times: int | None = None,
    ) -> None:  # fmt: skip
        """Close the connection before an answer comes; the call isn't carried out."""
        self._add(_Fault(service, operation, rate, times, breaks=True))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._faults.clear()

    def _add(self, fault: _Fault) -> None:
        if not 0 < fault.rate <= 1:
            raise MisuseError(f"rate={fault.rate}: expected a share above 0, at most 1.")
        self._faults.append(fault)
        self.wanted()

    # -- what sdk/ asks ----------------------------------------------------------------------------

    def concern(self, service: str, model: OperationModel) -> bool:
        """Whether any could strike this operation."""
        return any(
            fault.service == service and fault.operation in (None, model.name)
            for fault in self._faults
        )

    def strike(
        self, model: OperationModel, url: str, context: Mapping[str, Any]
    ) -> AwsError | None:
        """What goes wrong with one attempt: an error to answer with, or None.

        Raises:
            ConnectionClosedError: the connection breaks.
            ReadTimeoutError: the answer would come too late.
        """
        service = model.service_model.service_name
        for fault in self._faults:
            if fault.service != service or fault.operation not in (None, model.name):
                continue
            if fault.left == 0 or self._backend.ids.random.random() >= fault.rate:
                continue
            if fault.left is not None:
                fault.left -= 1
            if fault.breaks:
                raise ConnectionClosedError(endpoint_url=url)
            if fault.error is not None:
                return fault.error
            self._wait(fault.seconds, url, context)
        return None

    def _wait(self, seconds: float, url: str, context: Mapping[str, Any]) -> None:
        longest = context["client_config"].read_timeout
        self._backend.clock.advance(seconds=min(seconds, longest))
        if seconds > longest:
            raise ReadTimeoutError(endpoint_url=url, error="no answer in time")
