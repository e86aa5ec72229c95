"""Live Tail: start a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.logs.errors import InvalidParameterException
from awsmon.logs.linked import readable
from awsmon.logs.live_tail import Session
from awsmon.logs.patterns import checked

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import StartLiveTailRequestTypeDef

    from awsmon.logs.service import Logs


@operation("StartLiveTail")
def start_live_tail(logs: Logs, request: StartLiveTailRequestTypeDef) -> dict[str, Any]:
    """The answer's stream begins with what the session is about."""
    arns = request["logGroupIdentifiers"]
    streams = request.get("logStreamNames", [])
    prefixes = request.get("logStreamNamePrefixes", [])
    if streams and prefixes:
        raise InvalidParameterException.streams_or_prefixes()
    if (streams or prefixes) and len(arns) > 1:
        raise InvalidParameterException.streams_of_groups()
    for arn in arns:
        if not arn.startswith("arn:"):
            raise InvalidParameterException.not_an_arn(arn)
    groups = [readable(logs, arn) for arn in arns]
    pattern = request.get("logEventFilterPattern", "")
    if pattern.strip():
        checked(pattern)
    logs.live_tails.check_room()
    session_id, now = logs.ids.uuid(), logs.now
    start = {
        "requestId": logs.ids.request(),
        "sessionId": session_id,
        "logGroupIdentifiers": list(arns),
        "logStreamNames": list(streams) or None,
        "logStreamNamePrefixes": list(prefixes) or None,
        "logEventFilterPattern": request.get("logEventFilterPattern"),
    }
    session = Session(
        id=session_id, account=logs.scope.account,
        start={key: value for key, value in start.items() if value is not None},
        groups=frozenset(group.log_group_arn for group in groups), pattern=pattern,
        streams=frozenset(streams), prefixes=tuple(prefixes), started=now, told=now,
    )  # fmt: skip
    for owner in dict.fromkeys([logs, *map(logs.owner, groups)]):
        owner.live_tails.watch(session)
    return {"responseStream": logs.live_tails.reader(session)}
