"""Calls to services that awsmon doesn't serve: answered by another active mock, or refused.

Lives here: `Others`, which sees such calls and tells them as `NeighbourCalled`, keeps anything from
reaching the network, and is the backend's port to the other mock. moto is the one that is known by
name; any mock that answers at botocore's ``before-send`` is let have its way.
"""

from __future__ import annotations

import functools
import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError, UnknownServiceError
from botocore.model import OperationNotFoundError

from awsmon.core.deliveries import Refused
from awsmon.core.errors import AwsmonError, NoMockForService
from awsmon.core.events import NeighbourCalled
from awsmon.core.scope import Identity, Scope, Session
from awsmon.sdk import moto_inside
from awsmon.sdk.calls import PARAMETERS, READS
from awsmon.sdk.requests import copied, packed, spelled
from awsmon.sdk.routes import CLAIMING, ROUTES, SHARED
from awsmon.sdk.sessions import FAKE_KEY, USER_AGENT, access_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.backend import Backend

__all__ = ["Others"]

_invoked_by: ContextVar[str | None] = ContextVar("awsmon_invoked_by", default=None)
_START_MOTO = (
    "For other services start moto's mock_aws as well (pip install 'awsmon[moto]'; inside or "
    "outside of mock_monitoring)."
)
_PASSING = {429, 500, 502, 503, 504}
_MISTAKEN = (ParamValidationError, UnknownServiceError, OperationNotFoundError)
_GLOBAL = {
    # botocore's regions of services that have none, and where their calls are recorded
    "aws-global": "us-east-1", "aws-cn-global": "cn-northwest-1",
    "aws-us-gov-global": "us-gov-west-1",
}  # fmt: skip
_THROTTLED = ("Throttl", "TooManyRequests", "ThroughputExceeded")  # in codes, whatever the status


class Others:
    """What becomes of calls to services that awsmon doesn't serve.

    Args:
        active: gives the backend that is on, or None.
    """

    def __init__(self, active: Callable[[], Backend | None]) -> None:
        self._active = active
        self._clients: dict[tuple[str, Scope], Any] = {}

    def forget(self) -> None:
        """The session is over."""
        self._clients.clear()

    def ours(
        self, service: str, operation: str = "", context: Mapping[str, Any] | None = None
    ) -> bool:
        """Whether awsmon answers the calls of this client, or this call of it."""
        if service not in SHARED or not self.serves(service):
            return service in ROUTES
        backend = self._active()
        if service not in CLAIMING or context is None or backend is None:
            return False
        parameters = context.get(PARAMETERS, {})
        with backend.door:
            return any(
                getattr(backend.at(scope), service).claims(operation, parameters)
                for scope in {backend.home: None, **dict.fromkeys(backend.scopes)}
            )

    # -- seeing and stopping -----------------------------------------------------------------------

    def requests(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``BaseClient._make_request``: what another mock answers is told."""

        def _make_request(client: Any, model: Any, request: Any, context: Any) -> Any:
            backend = self._active()
            if backend is None:
                return original(client, model, request, context)
            _ready(client)
            service = model.service_model.service_name
            if self.ours(service, model.name, context):  # the wire path records it itself
                return original(client, model, request, context)
            if service in SHARED and service not in CLAIMING:
                moto_inside.show(backend)
            with backend.door:
                cause, at = backend.dispatcher.cause, backend.clock.now()
                number = backend.trace.begin(cause, at)
            try:
                with backend.caused_by(number):
                    http, parsed = original(client, model, request, context)
            except NoMockForService:
                raise
            except Exception as error:
                self._tell(backend, client, model, context, number, error=error)
                raise
            self._tell(backend, client, model, context, number, parsed=parsed)
            return http, parsed

        return _make_request

    def sends(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``Endpoint._send``: nothing leaves the process."""

        def _send(endpoint: Any, request: Any) -> Any:
            if self._active() is None:
                return original(endpoint, request)
            url = request.url.partition("?")[0]
            why = _why_not_moto(url) or _START_MOTO
            raise NoMockForService(
                f"No mock answers the request to {url} ({endpoint}); nothing was sent. awsmon "
                f"serves CloudWatch. {why} Or use botocore's Stubber, or mon.bind(arn, handler) "
                "for what awsmon delivers to."
            )

        return _send

    def allows(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``BotocoreStubber.__call__``: moto answers what its own lists let it answer.

        What it would pass through to AWS, refuse as not whitelisted or call not yet implemented is
        left to whoever comes next; nobody: `sends`.
        """

        def call(stubber: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
            if self._active() is not None and stubber.enabled and _why_not_moto(request.url):
                return None
            return original(stubber, event_name, request, **kwargs)

        return call

    def _tell(
        self, backend: Backend, client: Any, model: Any, context: Any, number: int, *,
        parsed: Mapping[str, Any] | None = None, error: Exception | None = None,
    ) -> None:  # fmt: skip
        service, name = model.service_model.service_name, model.name
        parameters = context.get(PARAMETERS, {})
        key = access_key(client._request_signer._credentials)
        code = (parsed or {}).get("Error")
        told = (code.get("Code", ""), code.get("Message", "")) if code else None
        if error is not None:
            told = (type(error).__name__, str(error))
        identity = backend.identity(key)
        if parsed and service in ("sts", "iam") and not told:
            _learn(backend, name, parameters, parsed, identity)
        region = context.get("client_region") or backend.home.region
        reads = name.startswith(READS) and name != "GetFederationToken"  # a write, says CloudTrail
        with backend.door:
            backend.dispatcher.publish(
                NeighbourCalled(
                    at=backend.clock.now(), service=service, operation=name, identity=identity,
                    scope=Scope(identity.account, _GLOBAL.get(region, region)),
                    request_id=(parsed or {}).get("ResponseMetadata", {}).get("RequestId", ""),
                    packed=(packed(parameters), None if reads else packed(copied(parsed))),
                    error=told, user_agent=USER_AGENT, invoked_by=_invoked_by.get(),
                ),
                number=number,
            )  # fmt: skip

    # -- the port (core.targets.OtherMock) ---------------------------------------------------------

    def serves(self, service: str) -> bool:
        """Whether moto is on, has this service, and may answer it."""
        backend, stubber = self._active(), _moto_stubber()
        if backend is None or stubber is None or not stubber.enabled:
            return False
        return not _why_not_moto(self._client(service, backend.home).meta.endpoint_url)

    def holds(self, service: str) -> bool:
        """Whether moto's models of the service were ever imported: else there is nothing in it."""
        module = "awslambda" if service == "lambda" else service.replace("-", "")
        return f"moto.{module}.models" in sys.modules and self.serves(service)

    def call(
        self,
        service: str,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        scope: Scope,
        invoked_by: str,
    ) -> dict[str, Any]:
        """Make an ordinary SDK call in the name of an AWS service.

        Raises:
            Refused: the answer was an error, or nobody answers after all; permanent unless trying
                again may help.
        """
        with _in_the_name_of(invoked_by):
            try:
                client = self._client(service, scope)
                model = client.meta.service_model.operation_model(operation)
                method = next(
                    python for python, name in client.meta.method_to_api_mapping.items()
                    if name == model.name
                )  # fmt: skip
                wanted = spelled(model.input_shape, parameters)
                answer: dict[str, Any] = getattr(client, method)(**wanted)
            except ClientError as error:
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
                code = error.response.get("Error", {}).get("Code", "")
                passing = status in _PASSING or any(each in code for each in _THROTTLED)
                raise Refused(str(error), permanent=not passing, code=code) from error
            except (NoMockForService, *_MISTAKEN) as error:
                raise Refused(str(error), permanent=True) from error
            except AwsmonError:
                raise
            except NotImplementedError as error:
                raise Refused(str(error), permanent=True) from error
            except Exception as error:  # the mock's own, which is a fault of the service
                why = f"{type(error).__name__}: {error}"
                raise Refused(why, code="InternalFailure") from error
        return answer

    def _client(self, service: str, scope: Scope) -> Any:
        client = self._clients.get((service, scope))
        if client is None:
            backend = self._active()
            home = backend is None or scope.account == backend.home.account
            key = FAKE_KEY if home or backend is None else backend.access_key(scope.account)
            client = self._clients[service, scope] = _client(service, scope, key)
        return client


def _ready(client: Any) -> None:
    """A client that is older than moto gets moto's hook."""
    stubber = _moto_stubber()
    if stubber is not None and not getattr(client, "_awsmon_hooked", False):
        client.meta.events.unregister("before-send", stubber)
        client.meta.events.register("before-send", stubber)
        client._awsmon_hooked = True


def _moto_stubber() -> Any:
    """The hook of moto into botocore; None where moto was never imported."""
    module = sys.modules.get("moto.core.models")
    return getattr(module, "botocore_stubber", None)


def _why_not_moto(url: str) -> str:
    """Why moto doesn't answer this URL by its own lists, in words; nothing where it does."""
    stubber = _moto_stubber()
    if stubber is None or not stubber.enabled:
        return _START_MOTO
    from moto.backend_index import backend_url_patterns
    from moto.core import config
    from moto.core.utils import get_equivalent_url_in_aws_domain

    parts, _ = get_equivalent_url_in_aws_domain(url)
    clean = f"{parts.scheme}://{parts.netloc}{parts.path}"
    service = next((name for name, pattern in backend_url_patterns if pattern.match(clean)), None)
    if config.passthrough_url(clean) or (service and config.passthrough_service(service)):
        return "moto is configured to pass it through to AWS, which awsmon lets nobody reach."
    if service is None:
        return "moto is active and doesn't serve it either."
    if not config.service_whitelisted(service):
        return f"moto is active, and its service_whitelist doesn't name {service!r}."
    return ""


@functools.cache
def _session() -> Any:
    """One for all clients: it and the models that it reads are most of what a client costs."""
    return botocore.session.Session()


_making = threading.Lock()  # a session makes one client at a time


def _client(service: str, scope: Scope, key: str) -> Any:
    """A client whose requests are filed under the scope's account, by moto too."""
    with _making:
        session = _session()
        names = {name.replace("-", ""): name for name in session.get_available_services()}
        client = session.create_client(
            service if service in names.values() else names.get(service, service),
            region_name=scope.region,
            aws_access_key_id=key,
            aws_secret_access_key="awsmon",
            config=Config(  # moto knows no endpoints by account
                retries={"total_max_attempts": 1}, account_id_endpoint_mode="disabled"
            ),
        )

    def name_the_account(request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = scope.account

    client.meta.events.register("request-created", name_the_account)
    return client


@contextmanager
def _in_the_name_of(service: str) -> Any:
    token = _invoked_by.set(service)
    try:
        yield
    finally:
        _invoked_by.reset(token)


def _learn(
    backend: Backend, operation: str, asked: Mapping[str, Any], parsed: Mapping[str, Any],
    caller: Identity,
) -> None:  # fmt: skip
    """Keys that the other mock gave out belong to whom it gave them."""
    if operation == "CreateAccessKey":
        made = parsed["AccessKey"]
        account = backend.home.account
        arn = f"arn:{backend.home.partition}:iam::{account}:user/{made['UserName']}"
        backend.identities[made["AccessKeyId"]] = Identity(
            account, arn, f"AIDA{made['AccessKeyId'][4:]}", made["AccessKeyId"]
        )
        return
    key = parsed.get("Credentials", {}).get("AccessKeyId")
    if key is None:
        return
    session = Session(
        backend.clock.now(), mfa="SerialNumber" in asked, provider=asked.get("ProviderId", ""),
        issuer=caller.arn if operation == "GetFederationToken" else "",
        source_identity=asked.get("SourceIdentity", ""),
    )  # fmt: skip
    if "AssumedRoleUser" in parsed:
        user = parsed["AssumedRoleUser"]
        arn, id_ = user["Arn"], user["AssumedRoleId"]
    elif "FederatedUser" in parsed:
        user = parsed["FederatedUser"]
        arn, id_ = user["Arn"], user["FederatedUserId"]
    else:  # GetSessionToken: the same user
        arn, id_ = caller.arn, caller.user_id
    backend.identities[key] = Identity(arn.split(":")[4], arn, id_, key, session)
