"""Credentials, region and the default session, while awsmon is active.

Lives here: what botocore's own resolution answers when nobody configured anything. The environment
and boto3's default session are left alone, so that mocks may be stopped in any order.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.credentials import Credentials, EnvProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.backend import Backend

__all__ = ["Sessions", "access_key"]

FAKE_KEY = "AKIAAWSMONAWSMONUSER"


def access_key(credentials: Any) -> str | None:
    """The access key of what a client signs with; never resolved or refreshed for it."""
    if credentials is None:
        return None
    known = getattr(credentials, "__dict__", {})
    found = known.get("_access_key") or known.get("access_key")
    return found if isinstance(found, str) else None


class Sessions:
    """Answers for botocore's and boto3's own look-ups.

    Args:
        active: gives the backend that is on, or None.
    """

    def __init__(self, active: Callable[[], Backend | None]) -> None:
        self._active = active
        self._session: Any = None

    def patches(self) -> Mapping[tuple[Any, str], Callable[[Callable[..., Any]], Any]]:
        """What to replace where, each as a function of the original."""
        session = botocore.session.Session
        return {
            (session, "get_credentials"): self._credentials,
            (session, "get_config_variable"): self._variable,
            (boto3, "_get_default_session"): self._default_session,
            (boto3, "setup_default_session"): self._set_up,
        }

    def forget(self) -> None:
        """The session is over: the next one makes a default session of its own."""
        self._session = None

    def _credentials(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def get_credentials(session: Any) -> Any:
            if self._active() is None or session._credentials is not None:
                return original(session)
            if session.get_config_variable("profile") is None and "AWS_ACCESS_KEY_ID" in os.environ:
                return EnvProvider().load()
            return Credentials(FAKE_KEY, "awsmon", method="awsmon")

        return get_credentials

    def _variable(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def get_config_variable(session: Any, name: str, *args: Any, **kwargs: Any) -> Any:
            found = original(session, name, *args, **kwargs)
            backend = self._active()
            if found is None and name == "region" and backend is not None:
                return backend.home.region
            return found

        return get_config_variable

    def _default_session(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def get_default_session() -> Any:
            if self._active() is None:
                return original()
            if self._session is None and boto3.DEFAULT_SESSION is None:
                self._session = boto3.Session()
            return self._session or original()

        return get_default_session

    def _set_up(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def setup_default_session(**kwargs: Any) -> None:
            if self._active() is None:
                original(**kwargs)
            else:
                self._session = boto3.Session(**kwargs)

        return setup_default_session
