"""HTTP requests that awsmon's services would make: built in full, and sent to this machine at most.

Lives here: `Request`, `request`, `read_answer` and `sent_to_loopback`. A request is a mapping, so
that a callable behind the target can read it; any other address than a loopback one is only
recorded.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsmon.core.deliveries import Delivery

__all__ = ["LOOPBACK", "Request", "read_answer", "request", "sent_to_loopback"]

TIMEOUT = 5
"""Seconds that AWS waits for an endpoint, too."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_AGAIN = {401, 407, 409, 429}


class Request(TypedDict):
    """What an endpoint gets.

    Attributes:
        method: as ``POST``.
        url: with its query.
        headers: by name.
        body: text; empty where the method carries none.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: str


def request(
    method: str, url: str, headers: Mapping[str, str], query: Iterable[tuple[str, str]], body: str
) -> Request:
    """A request; *query* is added to what the URL has."""
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *query]
    whole = urlunsplit((*parts[:3], urlencode(pairs), parts.fragment))
    return {"method": method, "url": whole, "headers": dict(headers), "body": body}


def read_answer(answer: Any) -> dict[str, Any]:
    """What an endpoint answered, as ``{"statusCode": 200, "body": ...}``.

    Args:
        answer: such a mapping; a status alone; anything else is the body of a 200.

    Raises:
        Refused: the status is none of success; permanent where AWS wouldn't try again.
    """
    if isinstance(answer, int) and not isinstance(answer, bool):
        answer = {"statusCode": answer}
    if not isinstance(answer, Mapping) or "statusCode" not in answer:
        answer = {"statusCode": 200, "body": answer}
    status = int(answer["statusCode"])
    if status >= 300:
        raise Refused(f"HTTP status {status}", code=str(status),
                      permanent=status < 500 and status not in _AGAIN)  # fmt: skip
    return {"statusCode": status, "body": _json(answer.get("body"))}


def _json(body: Any) -> Any:
    try:
        return json.loads(body) if isinstance(body, (str, bytes)) else body
    except ValueError:
        return body


def sent_to_loopback(delivery: Delivery) -> bool:
    """Send a request to this machine; False: it is for somewhere else, or is no request.

    Raises:
        OSError: nobody listens there, or nobody answers in time.
    """
    sent = delivery.sent
    if not isinstance(sent, dict) or urlsplit(sent.get("url", "")).hostname not in LOOPBACK:
        return False
    parts = urlsplit(sent["url"])
    secure = parts.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(parts.netloc, timeout=TIMEOUT)
    try:
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        connection.request(sent["method"], path, sent["body"].encode(), sent["headers"])
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
        delivery.answer = {"statusCode": response.status, "body": body}
    finally:
        connection.close()
    return True
