"""Hearing of imports: libraries that a user imports after the session began are hooked then.

Lives here: `ImportWatch`. It stands in ``sys.meta_path`` only while a session is active and
something that it waits for isn't imported yet. What is hooked is `intercept.py`'s.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["ImportWatch"]


class ImportWatch(MetaPathFinder):
    """Calls back once a module is there: at once, or right after its import."""

    def __init__(self) -> None:
        self._wanted: dict[str, Callable[[], None]] = {}

    def start(self, wanted: Mapping[str, Callable[[], None]]) -> None:
        """From now on.

        Args:
            wanted: module name to what is to be done.
        """
        for name, then in wanted.items():
            if sys.modules.get(name) is not None:
                then()
            else:
                self._wanted[name] = then
        if self._wanted:
            sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._wanted.clear()
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let the other finders find it, and its loader tell when it is done."""
        if fullname not in self._wanted:
            return None
        for finder in list(sys.meta_path):
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Telling(spec.loader, self)
                return spec
        return None

    def imported(self, name: str) -> None:
        """A module that was waited for is there."""
        then = self._wanted.pop(name, None)
        if then is not None:
            then()


class _Telling(Loader):
    """A module's loader, which the module gets back before it runs."""

    def __init__(self, loader: Loader, watch: ImportWatch) -> None:
        self._loader = loader
        self._watch = watch

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        spec: Any = module.__spec__
        spec.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._watch.imported(spec.name)
