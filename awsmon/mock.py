"""`mock_monitoring`: SDK calls answered by a session, as decorator, context manager or start/stop.

Lives here: the ways of entering and leaving. What is hooked into botocore is `sdk/`'s.
"""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from types import TracebackType

    from awsmon.monitoring import Monitoring
    from awsmon.one_time import OneTime

__all__ = ["MockMonitoring", "mock_monitoring"]

F = TypeVar("F", bound=Callable[..., Any])

_OF_MONITORING = {
    "now": None,
    "account": "123456789012",
    "region": "us-east-1",
    "seed": 0,
    "keep": 100_000,
}
_OWN = {"sleep": "virtual", "process_time": True, "wire": False, "from_snapshot": None}
_DEFAULTS: dict[str, Any] = {**_OF_MONITORING, **_OWN}
_lock = threading.Lock()
_active: _Active | None = None
on_leave: Callable[[Monitoring], object] | None = None
"""Who is told of a session that is left; the pytest plugin, where reports are wanted."""


class _Active:
    """The session that is on, how often it was entered, and what it was entered with."""

    def __init__(self, options: dict[str, Any]) -> None:
        from awsmon.monitoring import Monitoring  # not before it is needed

        self.options = options
        self._chosen = {**_DEFAULTS, **options}
        self.monitoring = Monitoring(**{name: self._chosen[name] for name in _OF_MONITORING})
        if self._chosen["from_snapshot"] is not None:
            self.monitoring.restore(self._chosen["from_snapshot"])
        self.entered = 0
        self._one_time = self._tie_time() if not self.monitoring.clock.flows else None

    def _tie_time(self) -> OneTime:
        from awsmon.one_time import OneTime

        return OneTime(
            self.monitoring.clock,
            sleep=self._chosen["sleep"] == "virtual",
            process_time=self._chosen["process_time"],
        )

    def enter(self) -> None:
        """Hook into botocore and the process's time."""
        from awsmon.sdk import intercept

        intercept.install(
            self.monitoring.backend, self.monitoring.faults, wire=self._chosen["wire"]
        )
        if self._one_time is not None:
            try:
                self._one_time.start()
            except BaseException:
                self.leave()
                raise

    def leave(self) -> None:
        """Put everything back."""
        from awsmon.sdk import intercept

        if self._one_time is not None:
            self._one_time.stop()
        intercept.uninstall()
        if on_leave is not None:
            on_leave(self.monitoring)


def _normal(options: dict[str, Any]) -> dict[str, Any]:
    """Every option, as given or by default, in one form."""
    from awsmon.core.clock import aware

    found = {**_DEFAULTS, **options}
    found["now"] = None if found["now"] is None else aware(found["now"], "now")
    return found


@overload
def mock_monitoring(function: F) -> F: ...
@overload
def mock_monitoring(**options: Any) -> MockMonitoring: ...


def mock_monitoring(function: F | None = None, **options: Any) -> F | MockMonitoring:
    """Answer SDK calls in this process by an in-memory monitoring plane.

    As ``@mock_monitoring`` or ``@mock_monitoring(...)`` on functions, coroutine functions,
    generators and classes; as ``with mock_monitoring(...) as mon``; or by ``start()`` and
    ``stop()``. An inner use shares the outer's state.

    Args:
        function: what is decorated, without parentheses.
        options: as for `Monitoring`: now, account, region, seed, keep. With ``now``, sleeping in
            the thread that entered advances the clock, ``sleep="real"`` opts out; and the process's
            own time follows it where the extra ``time`` is installed, ``process_time=False`` opts
            out. ``wire=True`` answers with the bytes of each service's protocol, which botocore
            parses: slower, and the same. ``from_snapshot=`` starts with what `Monitoring.snapshot`
            gave, its clock included.

    Raises:
        MisuseError: an option contradicts that of an outer use.
    """
    mock = MockMonitoring(**options)
    return mock if function is None else mock(function)


class MockMonitoring:
    """One use of the mock; `start` gives the session, and may be called again after `stop`."""

    def __init__(self, **options: Any) -> None:
        for name in options:
            if name not in _DEFAULTS:
                raise MisuseError(f"mock_monitoring({name}=...): it takes {', '.join(_DEFAULTS)}.")
        if options.get("sleep", "virtual") not in ("virtual", "real"):
            raise MisuseError(f"sleep={options['sleep']!r}: expected 'virtual' or 'real'.")
        self._options = options

    def start(self) -> Monitoring:
        """Begin to answer SDK calls."""
        global _active
        with _lock:
            if _active is None:
                active = _Active(self._options)
                active.enter()
                _active = active
            self._agree(_active)
            _active.entered += 1
            return _active.monitoring

    def stop(self) -> None:
        """Leave; the last to leave has everything put back as it was.

        Raises:
            MisuseError: it was never started.
        """
        global _active
        with _lock:
            if _active is None:
                raise MisuseError("stop() without start(): no mock_monitoring is active.")
            _active.entered -= 1
            if _active.entered == 0:
                _active.leave()
                _active = None

    def _agree(self, active: _Active) -> None:
        if active.options is self._options:
            return
        theirs = _normal(active.options)
        for name, value in self._options.items():
            outer = theirs[name]
            if _normal({name: value})[name] != outer:
                raise MisuseError(
                    f"mock_monitoring({name}={value!r}) inside one with {name}={outer!r}: an inner "
                    "use shares the outer's state; give the option to the outer one, or none."
                )

    def __enter__(self) -> Monitoring:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, decorated: F) -> F:
        """Decorate a function, coroutine function, generator or class."""
        if inspect.isclass(decorated):
            return cast("F", self._class(decorated))
        return cast("F", self._function(decorated))

    # -- functions ---------------------------------------------------------------------------------

    def _function(self, function: Any) -> Any:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def coroutine(*args: Any, **kwargs: Any) -> Any:
                with self._again():
                    return await function(*args, **kwargs)

            return coroutine
        if inspect.isasyncgenfunction(function):

            @functools.wraps(function)
            async def async_generator(*args: Any, **kwargs: Any) -> Any:
                with self._again():
                    async for value in function(*args, **kwargs):
                        yield value

            return async_generator
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def generator(*args: Any, **kwargs: Any) -> Any:
                with self._again():
                    return (yield from function(*args, **kwargs))

            return generator

        @functools.wraps(function)
        def plain(*args: Any, **kwargs: Any) -> Any:
            with self._again():
                return function(*args, **kwargs)

        return plain

    def _again(self) -> MockMonitoring:
        """A use of its own for each call."""
        return MockMonitoring(**self._options)

    # -- classes -----------------------------------------------------------------------------------

    def _class(self, cls: Any) -> Any:
        """Each test of a class gets a session of its own, which its set-up and tear-down share."""
        unittest = sys.modules.get("unittest.case")  # not imported for those who don't use it
        if unittest is not None and issubclass(cls, unittest.TestCase):
            cls.run = self._function(cls.run)
            return cls
        if any(hasattr(cls, name) for name in ("setup_method", "teardown_method")):
            self._around_each_test(cls)
        inherited = {
            name: value
            for base in reversed(cls.__mro__[1:-1])
            for name, value in vars(base).items()
            if name.startswith("test")
        }
        for name, value in {**inherited, **vars(cls)}.items():
            if name.startswith("_") or name in ("setup_method", "teardown_method"):
                continue
            if inspect.isclass(value) and value.__qualname__ == f"{cls.__qualname__}.{name}":
                setattr(cls, name, self._class(value))
            elif inspect.isfunction(value):
                setattr(cls, name, self._function(value))
            elif isinstance(value, staticmethod):
                setattr(cls, name, staticmethod(self._function(value.__func__)))
        return cls

    def _around_each_test(self, cls: Any) -> None:
        """Enter before `setup_method` and leave after `teardown_method`; the test nests between."""
        set_up = getattr(cls, "setup_method", None)
        tear_down = getattr(cls, "teardown_method", None)
        started: list[MockMonitoring] = []

        def setup_method(self: Any, method: Any = None) -> None:
            started.append(again())
            started[-1].start()
            try:
                if set_up is not None:
                    _with_method(set_up, self, method)
            except BaseException:
                started.pop().stop()
                raise

        def teardown_method(self: Any, method: Any = None) -> None:
            try:
                if tear_down is not None:
                    _with_method(tear_down, self, method)
            finally:
                started.pop().stop()

        again = self._again
        cls.setup_method = setup_method
        cls.teardown_method = teardown_method


def _with_method(function: Callable[..., Any], instance: Any, method: Any) -> None:
    """Call a set-up or tear-down that may or may not take the test method."""
    if len(inspect.signature(function).parameters) > 1:
        function(instance, method)
    else:
        function(instance)
