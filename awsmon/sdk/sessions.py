"""Credentials, region and the default session, while awsmon is active.

Lives here: what botocore's own resolution answers when nobody configured anything. The environment
and boto3's default session are left alone, so that mocks may be stopped in any order.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import boto3
import botocore
from botocore.credentials import Credentials, EnvProvider

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.core.backend import Backend

__all__ = [
    "FAKE_KEY",
    "USER_AGENT",
    "Sessions",
    "access_key",
    "configured_by_environment",
    "plain_keys",
]

FAKE_KEY = "AKIAAWSMONAWSMONUSER"
"""The access key of who configured none."""

USER_AGENT = f"Boto3/{boto3.__version__} md/Botocore#{botocore.__version__}"
"""Of every call, in short."""


def access_key(credentials: Any) -> str | None:
    """The access key of what a client signs with; never resolved or refreshed for it."""
    if credentials is None:
        return None
    known = getattr(credentials, "__dict__", {})
    found = known.get("_access_key") or known.get("access_key")
    return found if isinstance(found, str) else None


def plain_keys(credentials: Any) -> tuple[str, str, str | None]:
    """Key, secret and token as they lie there, made up where there are none."""
    key = access_key(credentials)
    if key is None:
        return FAKE_KEY, "awsmon", None
    known = credentials.__dict__
    secret = known.get("_secret_key") or known.get("secret_key") or "awsmon"
    return key, secret, known.get("_token") or known.get("token")


def configured_by_environment(session: Any) -> bool:
    """Whether keys stand in the environment and no profile overrides them."""
    return session.get_config_variable("profile") is None and "AWS_ACCESS_KEY_ID" in os.environ


class Sessions:
    """Answers for botocore's and boto3's own look-ups.

    Args:
        active: gives the backend that is on, or None.
    """

    def __init__(self, active: Callable[[], Backend | None]) -> None:
        self._active = active
        self._session: Any = None

    def forget(self) -> None:
        """The session is over: the next one makes a default session of its own."""
        self._session = None

    def adopt(self, event: str, handler: Any) -> None:
        """A handler that sessions have by themselves from now on: the default one gets it too."""
        if self._session is not None:
            self._session.events.unregister(event, handler)
            self._session.events.register(event, handler)

    def credentials(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``Session.get_credentials``."""

        def get_credentials(session: Any) -> Any:
            if self._active() is None or session._credentials is not None:
                return original(session)
            if configured_by_environment(session):
                return EnvProvider().load()
            return Credentials(FAKE_KEY, "awsmon", method="awsmon")

        return get_credentials

    def signing(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``RequestSigner.get_auth_instance``: signing refreshes nothing.

        What is signed goes to another mock, or to ours on the wire path; clients of who configured
        no keys sign too.
        """

        def get_auth_instance(signer: Any, *args: Any, **kwargs: Any) -> Any:
            if self._active() is not None and not kwargs.get("request_credentials"):
                kwargs["request_credentials"] = Credentials(*plain_keys(signer._credentials))
            return original(signer, *args, **kwargs)

        return get_auth_instance

    def account_id(self, original: property) -> property:
        """Replaces ``RefreshableCredentials.account_id``, which some services' endpoints need."""

        def account_id(credentials: Any) -> Any:
            if self._active() is not None:
                return credentials._account_id
            return original.__get__(credentials)

        return property(account_id, original.fset)

    def variable(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``Session.get_config_variable``."""

        def get_config_variable(session: Any, name: str, *args: Any, **kwargs: Any) -> Any:
            found = original(session, name, *args, **kwargs)
            backend = self._active()
            if found is None and name == "region" and backend is not None:
                return backend.home.region
            return found

        return get_config_variable

    def default(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``boto3._get_default_session``."""

        def get_default_session() -> Any:
            if self._active() is None:
                return original()
            if self._session is None and boto3.DEFAULT_SESSION is None:
                self._session = boto3.Session()
            return self._session or original()

        return get_default_session

    def set_up(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``boto3.setup_default_session``."""

        def setup_default_session(**kwargs: Any) -> None:
            if self._active() is None:
                original(**kwargs)
            else:
                self._session = boto3.Session(**kwargs)

        return setup_default_session
