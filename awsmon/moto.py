"""For people who come from moto: its own decorator, with awsmon beside it.

    from awsmon.moto import mock_aws

Lives here: `mock_aws`, moto's name and signature; it starts both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto import mock_aws as _moto

from awsmon.mock import MockMonitoring

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["mock_aws"]


def mock_aws(func: Callable[..., Any] | None = None, config: Any = None) -> Any:
    """`mock_aws` as moto has it, with CloudWatch answered by awsmon.

    Args:
        func: what is decorated, without parentheses.
        config: moto's own configuration.
    """
    both = _Both(config)
    return both if func is None else both(func)


class _Both:
    """The mock of moto and ours, started and stopped together."""

    def __init__(self, config: Any) -> None:
        self._ours = MockMonitoring()
        self._theirs = _moto(config=config) if config is not None else _moto()

    def start(self, reset: bool = True) -> None:
        self._theirs.start(reset=reset)
        self._ours.start()

    def stop(self, remove_data: bool = True) -> None:
        self._ours.stop()
        self._theirs.stop(remove_data=remove_data)

    def __enter__(self) -> _Both:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __call__(self, func: Callable[..., Any]) -> Any:
        return self._ours(self._theirs(func))
