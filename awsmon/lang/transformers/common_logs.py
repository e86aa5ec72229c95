"""The log formats that grok knows by one name: Apache's and NGINX's access logs, syslog.

Lives here: `COMMON`. Source: CloudWatch Logs User Guide, "Common log format examples".
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple

__all__ = ["COMMON", "CommonLog"]

_REQUEST = (
    r"(?P<remote_host>\S+) \S+ (?P<auth_user>\S+) \[(?P<timestamp>[^\]]+)\] "
    r'"(?P<http_method>[A-Z]+) (?P<request>\S+) HTTP/(?P<http_version>[0-9.]+)" '
    r"(?P<status_code>[0-9]{3}) (?P<response_size>[0-9]+|-)"
)
_AGENT = r'"(?P<referrer>[^"]*)" "(?P<agent>[^"]*)"'
_SYSLOG = (
    r"<(?P<pri>[0-9]{1,3})>(?P<version>[0-9]{1,3}) (?P<timestamp>\S+) (?P<hostname>\S+) "
    r"(?P<app>\S+) (?P<proc_id>\S+) (?P<msg_id>\S+) "
    r"(?:-|\[(?P<structured_data>[^\]]*)\]) ?(?P<message>.*)"
)
_NUMBERS = ("status_code", "response_size", "pri", "version")


class CommonLog(NamedTuple):
    """A format: its regular expression, and whether its times are those of web servers."""

    pattern: str
    web: bool

    def typed(self, found: dict[str, object]) -> dict[str, object]:
        """Numbers as such, times in ISO 8601; what is ``-`` is left out."""
        typed: dict[str, object] = {}
        for name, value in found.items():
            if value == "-":
                continue
            if name in _NUMBERS:
                typed[name] = int(str(value))
            elif name == "timestamp" and self.web:
                typed[name] = _iso(str(value))
            else:
                typed[name] = value
        return typed


def _iso(text: str) -> str:
    try:
        at = datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        return text
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


COMMON = {
    "APACHE_ACCESS_LOG": CommonLog(f"{_REQUEST}(?: {_AGENT})?", web=True),
    "NGINX_ACCESS_LOG": CommonLog(f"{_REQUEST} {_AGENT}", web=True),
    "SYSLOG5424": CommonLog(_SYSLOG, web=False),
}
