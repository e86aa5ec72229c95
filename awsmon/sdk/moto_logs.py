"""What moto's own services write to, or look up in, moto's Logs, while awsmon is active.

Lives here: `patches`, for moto's `LogsBackend`. moto's Lambda, Batch and EventBridge put events
there, its Lambda and CloudFormation create groups and policies, its EC2 (flow logs) and Route 53
(query logging) look groups up. Which of moto's services do so is known from its source (5.1 to
5.2). They stamp their events with the wall clock; here these happen now, in virtual time.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from awsmon.sdk import routes
from awsmon.sdk.moto_inside import replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from awsmon.core.backend import Backend
    from awsmon.core.scope import Scope

__all__ = ["patches"]


def patches(
    active: Callable[[], Backend | None],
) -> Mapping[tuple[Any, str], Callable[[Callable[..., Any]], Any]]:
    """What to replace in ``moto.logs.models``."""
    models = sys.modules["moto.logs.models"]
    return {
        (models.LogsBackend, name): replacing(active, ours, _errors)
        for name, ours in _METHODS.items()
    }


def _errors(code: str, message: str) -> Exception:
    """Callers of moto's catch moto's own."""
    from moto.logs import exceptions

    known = getattr(exceptions, code, None)
    if known is exceptions.ResourceNotFoundException:
        return exceptions.ResourceNotFoundException(message)
    if code == "ResourceAlreadyExistsException":
        return exceptions.ResourceAlreadyExistsException()
    return exceptions.LogsClientError(code, message)


def _run(backend: Backend, scope: Scope, name: str, **request: Any) -> Any:
    package, function = routes.find("logs", name)
    given = {key: value for key, value in request.items() if value}
    return function(getattr(backend.at(scope), package), given)


def _create_log_group(
    backend: Backend, scope: Scope, log_group_name: str, tags: Mapping[str, str], **more: Any
) -> Any:
    """For CloudFormation, which looks at moto's form of a group."""
    _run(
        backend, scope, "CreateLogGroup",
        logGroupName=log_group_name, tags=dict(tags), kmsKeyId=more.get("kmsKeyId"),
        logGroupClass=more.get("LogGroupClass"),
    )  # fmt: skip
    days = more.get("RetentionInDays")
    if days:
        backend.at(scope).logs.set_retention(log_group_name, int(days))
    return _shown(scope, log_group_name, **more)


def _shown(scope: Scope, name: str, **more: Any) -> Any:
    return sys.modules["moto.logs.models"].LogGroup(scope.account, scope.region, name, **more)


def _ensure_log_group(backend: Backend, scope: Scope, log_group_name: str) -> None:
    logs = backend.at(scope).logs
    if log_group_name not in logs:
        logs.create(log_group_name)


def _ensure_log_stream(
    backend: Backend, scope: Scope, log_group_name: str, log_stream_name: str
) -> None:
    logs = backend.at(scope).logs
    group = logs[log_group_name]
    if log_stream_name not in group.streams:
        logs.create_stream(group, log_stream_name)


def _create_log_stream(
    backend: Backend, scope: Scope, log_group_name: str, log_stream_name: str
) -> None:
    logs = backend.at(scope).logs
    logs.create_stream(logs[log_group_name], log_stream_name)


def _put_log_events(
    backend: Backend, scope: Scope, log_group_name: str, log_stream_name: str,
    log_events: Iterable[Any],
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    logs = backend.at(scope).logs
    stream = logs[log_group_name].stream(log_stream_name)
    messages = [
        each["message"] if isinstance(each, dict) else str(each.message) for each in log_events
    ]
    logs.put(log_group_name, log_stream_name, [message for message in messages if message])
    return stream.token, {}


def _delete_log_group(backend: Backend, scope: Scope, log_group_name: str) -> None:
    _run(backend, scope, "DeleteLogGroup", logGroupName=log_group_name)


def _describe_log_groups(
    backend: Backend, scope: Scope, log_group_name_prefix: str | None = None, **_: Any
) -> tuple[list[Any], None]:
    """All at once: moto pages where AWS would."""
    logs = backend.at(scope).logs
    found = [group.name for group in logs if group.name.startswith(log_group_name_prefix or "")]
    return [_shown(scope, name) for name in found], None


def _list_tags(backend: Backend, scope: Scope, log_group_name: str) -> dict[str, str]:
    logs = backend.at(scope).logs
    return dict(logs.tags.of(logs[log_group_name].log_group_arn))


def _put_resource_policy(backend: Backend, scope: Scope, policy_name: str, policy_doc: str) -> Any:
    _run(backend, scope, "PutResourcePolicy", policyName=policy_name, policyDocument=policy_doc)
    return sys.modules["moto.logs.models"].LogResourcePolicy(policy_name, policy_doc)


def _delete_resource_policy(backend: Backend, scope: Scope, policy_name: str) -> None:
    _run(backend, scope, "DeleteResourcePolicy", policyName=policy_name)


_METHODS: dict[str, Callable[..., Any]] = {
    "create_log_group": _create_log_group,
    "ensure_log_group": _ensure_log_group,
    "delete_log_group": _delete_log_group,
    "describe_log_groups": _describe_log_groups,
    "create_log_stream": _create_log_stream,
    "ensure_log_stream": _ensure_log_stream,
    "put_log_events": _put_log_events,
    "list_tags_log_group": _list_tags,
    "put_resource_policy": _put_resource_policy,
    "delete_resource_policy": _delete_resource_policy,
}
