"""From a prompt in English to a query: what GenerateQuery makes of it, by a few rules.

Lives here: `generated`. AWS asks a language model; awsmon knows these words and no others: a time
(``past 3 days``, ``last month``, ``today``, ``yesterday``, ``since 2026-03-01``), services, names
of events, ``created``, ``deleted``, ``changed``, ``read``, ``failed``, ``denied``, ``root``,
``user ann``; and what is wanted: ``how many``, ``top 5 ...``, ``users``, ``services``, ``regions``,
``errors``, ``addresses``, or the events themselves.
Source for the prompts that it must know: API reference, GenerateQuery.
"""

from __future__ import annotations

import re

__all__ = ["generated"]

_SOURCES = {
    "athena": "athena", "cloudformation": "cloudformation", "cloudtrail": "cloudtrail",
    "cloudwatch": "monitoring", "config": "config", "console": "signin", "dynamodb": "dynamodb",
    "ec2": "ec2", "eventbridge": "events", "iam": "iam", "kinesis": "kinesis", "kms": "kms",
    "lambda": "lambda", "logs": "logs", "rds": "rds", "s3": "s3", "secretsmanager":
    "secretsmanager", "secrets": "secretsmanager", "sns": "sns", "sqs": "sqs", "ssm": "ssm",
    "sts": "sts",
}  # fmt: skip
_KINDS = {
    "users": "userIdentity.arn", "identities": "userIdentity.arn", "principals": "userIdentity.arn",
    "who": "userIdentity.arn", "services": "eventSource", "regions": "awsRegion",
    "accounts": "recipientAccountId", "errors": "errorCode", "addresses": "sourceIPAddress",
    "ips": "sourceIPAddress", "events": "eventName", "apis": "eventName", "calls": "eventName",
    "actions": "eventName",
}  # fmt: skip
_VERBS = {
    "created": ("Create", "Run", "Put"), "deleted": ("Delete", "Terminate", "Remove"),
    "changed": ("Update", "Modify", "Put", "Set"), "read": ("Get", "List", "Describe"),
}  # fmt: skip
_FAILED = {"error", "errors", "failed", "failures", "failing"}
_DENIED = {"denied", "unauthorized", "refused"}
_PAST = re.compile(r"(?:past|last) (?:(\d+) )?(hour|day|week|month)s?\b")
_SINCE = re.compile(r"since (\d{4}-\d\d-\d\d)\b")
_TOP = re.compile(r"\btop (?:(\d+) )?|\bmost\b")
_NAME = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][A-Za-z0-9]+)+\b")
_USER = re.compile(r"\buser (?!s\b)([\w.@-]+)")


def generated(prompt: str, table: str) -> str | None:
    """The statement; None: nothing in the prompt is known.

    Args:
        prompt: in English.
        table: the id of the event data store.
    """
    text = prompt.lower()
    words = set(re.findall(r"[a-z0-9]+", text))
    conditions = [*_what(words, text), *_names(prompt), *_when(words, text)]
    kind = next((_KINDS[word] for word in re.findall(r"[a-z0-9]+", text) if word in _KINDS), None)
    top, counted = _TOP.search(text), "how many" in text or "number of" in text
    if not conditions and not kind and not top and not counted:
        return None
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    if top:
        kind = kind or "eventName"
        return (f"SELECT {kind}, count(*) AS total FROM {table}{where} GROUP BY {kind} "
                f"ORDER BY total DESC LIMIT {top[1] or 10}")  # fmt: skip
    if counted:
        return f"SELECT count(*) AS total FROM {table}{where}"
    if kind and kind not in ("eventName", "errorCode"):
        return f"SELECT DISTINCT {kind} FROM {table}{where} ORDER BY 1"
    return (f"SELECT eventTime, eventSource, eventName, userIdentity.arn, errorCode "
            f"FROM {table}{where} ORDER BY eventTime DESC")  # fmt: skip


def _what(words: set[str], text: str) -> list[str]:
    found = []
    sources = sorted({f"'{_SOURCES[word]}.amazonaws.com'" for word in words & set(_SOURCES)})
    if sources:
        found.append(f"eventSource IN ({', '.join(sources)})")
    for word in sorted(words & set(_VERBS)):
        likes = " OR ".join(f"eventName LIKE '{each}%'" for each in _VERBS[word])
        found.append(f"({likes})")
    if words & _DENIED:
        found.append("(errorCode LIKE '%AccessDenied%' OR errorCode LIKE '%Unauthorized%')")
    elif words & _FAILED:
        found.append("errorCode IS NOT NULL")
    if "root" in words:
        found.append("userIdentity.type = 'Root'")
    user = _USER.search(text)
    if user:
        found.append(f"lower(userIdentity.userName) = '{user[1]}'")
    return found


def _names(prompt: str) -> list[str]:
    """Events that are named as CloudTrail names them."""
    found = {name for name in _NAME.findall(prompt) if name.lower() not in _SOURCES}
    names = ", ".join(f"'{name}'" for name in sorted(found))
    return [f"eventName IN ({names})"] if names else []


def _when(words: set[str], text: str) -> list[str]:
    past, since = _PAST.search(text), _SINCE.search(text)
    if past:
        return [f"eventTime > date_add('{past[2]}', -{past[1] or 1}, now())"]
    if since:
        return [f"eventTime >= '{since[1]} 00:00:00'"]
    if "today" in words:
        return ["eventTime >= date_trunc('day', now())"]
    if "yesterday" in words:
        return ["eventTime >= date_add('day', -1, date_trunc('day', now()))",
                "eventTime < date_trunc('day', now())"]  # fmt: skip
    return []
