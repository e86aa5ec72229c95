"""aiobotocore, and aioboto3 upon it: the same hooks as into botocore, as coroutines.

Lives here: `Aio`. Imported once aiobotocore is. Nothing in it waits: what it awaits is
aiobotocore's own, and credentials, which are coroutines there, are read as they lie and never
resolved.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiobotocore.awsrequest import AioAWSResponse
from aiobotocore.credentials import AioCredentials, AioEnvProvider
from botocore.compat import HTTPHeaders

from awsmon.core.errors import NoMockForService
from awsmon.sdk.calls import PARAMETERS
from awsmon.sdk.sending import calling
from awsmon.sdk.sessions import FAKE_KEY, configured_by_environment, plain_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.backend import Backend
    from awsmon.sdk.wire import WireAnswer

__all__ = ["Aio"]


class Aio:
    """Coroutines in place of aiobotocore's.

    Args:
        active: gives the backend that is on, or None.
        answer: answers a ``before-call`` by its event name and what it carries, or None.
        ours: whether awsmon answers a client.
    """

    def __init__(
        self,
        active: Callable[[], Backend | None],
        answer: Callable[[str, Mapping[str, Any]], Any],
        ours: Callable[..., bool],
    ) -> None:
        self._active = active
        self._answer = answer
        self._ours = ours

    def keeping_parameters(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioBaseClient._emit_api_params``."""

        async def _emit_api_params(
            client: Any, api_params: Any, operation_model: Any, context: Any
        ) -> Any:
            parameters = await original(client, api_params, operation_model, context)
            context[PARAMETERS] = parameters
            return parameters

        return _emit_api_params

    def answering(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioHierarchicalEmitter.emit_until_response``."""

        async def emit_until_response(emitter: Any, event_name: str, **kwargs: Any) -> Any:
            handled = await original(emitter, event_name, **kwargs)
            if handled[1] is not None:
                return handled
            return self._answer(event_name, kwargs) or handled

        return emit_until_response

    def requests(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioBaseClient._make_request``: what we don't serve is refused unsigned."""

        async def _make_request(client: Any, model: Any, request: Any, context: Any) -> Any:
            if self._active() is None:
                return await original(client, model, request, context)
            service = model.service_model.service_name
            if not self._ours(service, model.name, context):
                raise _refusal(f"{service}.{model.name}")
            with calling(client, model, context, _response):
                return await original(client, model, request, context)

        return _make_request

    def sends(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioEndpoint._send``: nothing leaves the process."""

        async def _send(endpoint: Any, request: Any) -> Any:
            if self._active() is None:
                return await original(endpoint, request)
            raise _refusal(f"the request to {request.url.partition('?')[0]}")

        return _send

    def signing(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioRequestSigner.get_auth_instance``: signing refreshes nothing."""

        async def get_auth_instance(signer: Any, *args: Any, **kwargs: Any) -> Any:
            if self._active() is not None and not kwargs.get("request_credentials"):
                kwargs["request_credentials"] = AioCredentials(*plain_keys(signer._credentials))
            return await original(signer, *args, **kwargs)

        return get_auth_instance

    def credentials(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioSession.get_credentials``."""

        async def get_credentials(session: Any) -> Any:
            if self._active() is None or session._credentials is not None:
                return await original(session)
            if configured_by_environment(session):
                return await AioEnvProvider().load()
            return AioCredentials(FAKE_KEY, "awsmon", method="awsmon")

        return get_credentials

    def account_id(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Replaces ``AioRefreshableCredentials.get_account_id``."""

        async def get_account_id(credentials: Any) -> Any:
            if self._active() is not None:
                return credentials._account_id
            return await original(credentials)

        return get_account_id


def _refusal(what: str) -> NoMockForService:
    return NoMockForService(
        f"No mock answers {what}, called through aiobotocore; nothing was sent. awsmon serves "
        "CloudWatch, and moto's mock_aws doesn't answer aiobotocore: use aiobotocore's AioStubber "
        "for this client, or call the service through boto3 with mock_aws started as well."
    )


async def _response(url: str, sent: WireAnswer) -> list[tuple[None, AioAWSResponse]]:
    headers = HTTPHeaders.from_dict(sent.headers)
    return [(None, AioAWSResponse(url, sent.status, headers, _Body(sent.body)))]


class _Body:
    """A body as aiohttp gives it."""

    def __init__(self, body: bytes) -> None:
        self._body = BytesIO(body)

    async def read(self, size: int = -1) -> bytes:
        return self._body.read(size)
