"""Log groups: create, delete, describe, list; retention, keys, deletion protection."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.data_sources import data_source
from awsmon.logs.errors import (
    InvalidParameterException,
    ResourceNotFoundException,
    ValidationException,
)
from awsmon.logs.linked import everywhere
from awsmon.logs.permissions import check_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mypy_boto3_logs.type_defs import (
        AssociateKmsKeyRequestTypeDef,
        CreateLogGroupRequestTypeDef,
        DeleteLogGroupRequestTypeDef,
        DeleteRetentionPolicyRequestTypeDef,
        DescribeLogGroupsRequestTypeDef,
        DisassociateKmsKeyRequestTypeDef,
        ListAggregateLogGroupSummariesRequestTypeDef,
        ListLogGroupsRequestTypeDef,
        PutBearerTokenAuthenticationRequestTypeDef,
        PutLogGroupDeletionProtectionRequestTypeDef,
        PutRetentionPolicyRequestTypeDef,
    )

    from awsmon.logs.model import LogGroup
    from awsmon.logs.service import Logs

SUMMARY = ("arn", "creationTime", "logGroupArn", "logGroupClass", "logGroupName")
"""What is told of a group that was found by a pattern; recorded 2026."""


@operation("CreateLogGroup")
def create_log_group(logs: Logs, request: CreateLogGroupRequestTypeDef) -> None:
    """Names that begin with ``aws/`` are AWS's."""
    name = request["logGroupName"]
    if name.startswith("aws/"):
        raise InvalidParameterException.reserved_name()
    if key := request.get("kmsKeyId"):
        check_key(logs, key, logs.arn(name))
    logs.create(
        name,
        request.get("tags"),
        kms_key_id=request.get("kmsKeyId"),
        log_group_class=request.get("logGroupClass", "STANDARD"),
        deletion_protection_enabled=request.get("deletionProtectionEnabled", False),
    )


@operation("DeleteLogGroup")
def delete_log_group(logs: Logs, request: DeleteLogGroupRequestTypeDef) -> None:
    """With all that it has; refused under deletion protection."""
    group = logs[request["logGroupName"]]
    if group.deletion_protection_enabled:
        raise ValidationException.protected()
    logs.delete(group)


@operation("DescribeLogGroups")
def describe_log_groups(logs: Logs, request: DescribeLogGroupsRequestTypeDef) -> dict[str, Any]:
    """In order of name; found by a pattern, a group is told of in short."""
    prefix, pattern = request.get("logGroupNamePrefix"), request.get("logGroupNamePattern")
    if prefix is not None and pattern is not None:
        raise InvalidParameterException.exclusive("LogGroup name prefix", "LogGroup name pattern")
    wanted = _classes(request.get("logGroupClass"))
    named = _named(logs, request.get("logGroupIdentifiers"))
    found = [
        group for group in _everywhere(logs, request)
        if group.name.startswith(prefix or "") and (pattern or "") in group.name
        and (wanted is None or group.log_group_class in wanted)
        and (named is None or group.log_group_arn in named)
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("limit", 50), of="DescribeLogGroups",
        bad_token=InvalidParameterException.next_token, key=_key,
    )  # fmt: skip
    members = None if pattern is None else (*SUMMARY, "metricFilterCount")
    return {"logGroups": [_told(logs, group, members) for group in page], "nextToken": token}


def _key(group: LogGroup) -> str:
    """Groups of one name in several accounts stand side by side."""
    return f"{group.name}\0{group.log_group_arn}"


def _classes(wanted: str | None) -> set[str] | None:
    """Infrequent Access and Essentials stand for each other."""
    alike = {"INFREQUENT_ACCESS", "ESSENTIALS"}
    return None if wanted is None else alike if wanted in alike else {wanted}


def _named(logs: Logs, identifiers: Iterable[str] | None) -> set[str] | None:
    """The ARNs of the groups that are named, by name or ARN."""
    if identifiers is None:
        return None
    return {each if each.startswith("arn:") else logs.arn(each) for each in identifiers}


def _everywhere(logs: Logs, request: Mapping[str, Any]) -> list[LogGroup]:
    """The groups here and, if asked for, in the accounts linked to this one."""
    if not request.get("includeLinkedAccounts"):
        return list(logs)
    return sorted(everywhere(logs, request.get("accountIdentifiers", ())), key=_key)


def _told(logs: Logs, group: LogGroup, members: Iterable[str] | None) -> dict[str, Any]:
    logs.retention.expire(group)
    found = {**group.to_aws(), **logs.owner(group).policies.shown(group)}
    return found if members is None else {name: found[name] for name in members if name in found}


@operation("ListLogGroups")
def list_log_groups(logs: Logs, request: ListLogGroupsRequestTypeDef) -> dict[str, Any]:
    """Those that satisfy every filter, in order of name."""
    page, token = paging.page(
        list(_listed(logs, request)), request.get("nextToken"), request.get("limit", 50),
        of="ListLogGroups", bad_token=InvalidParameterException.next_token, key=_key,
    )  # fmt: skip
    return {
        "logGroups": [
            {"logGroupName": group.name, "logGroupArn": group.log_group_arn,
             "logGroupClass": group.log_group_class}
            for group in page
        ],
        "nextToken": token,
    }  # fmt: skip


def _listed(logs: Logs, request: Mapping[str, Any]) -> Iterator[LogGroup]:
    pattern = request.get("logGroupNamePattern")
    fits = re.compile(pattern.replace(".", r"\.")).search if pattern else None
    wanted = _classes(request.get("logGroupClass"))
    tags, indexed = request.get("logGroupTags"), set(request.get("fieldIndexNames", ()))
    for group in _everywhere(logs, request):
        if (
            (fits is None or fits(group.name))
            and (wanted is None or group.log_group_class in wanted)
            and _comes_from(logs, group, request.get("dataSources"))
            and (not tags or _tagged(logs, group, tags))
            and (not indexed or indexed <= logs.owner(group).indexes.names(group))
        ):
            yield group


def _comes_from(logs: Logs, group: LogGroup, sources: Iterable[Mapping[str, str]] | None) -> bool:
    """Whether a group's data source is one of several, of which a name or a type may be given."""
    if not sources:
        return True
    names = {each["name"] for each in sources}
    kinds = {each["type"] for each in sources if "type" in each}
    found = data_source(logs, group)
    return found is not None and found[0] in names and (not kinds or found[1] in kinds)


def _tagged(logs: Logs, group: LogGroup, filters: Iterable[Mapping[str, Any]]) -> bool:
    tags = logs.owner(group).tags.of(group.log_group_arn)
    return all(
        each["key"] in tags and (not each.get("values") or tags[each["key"]] in each["values"])
        for each in filters
    )


@operation("ListAggregateLogGroupSummaries")
def list_aggregate_log_group_summaries(
    logs: Logs, request: ListAggregateLogGroupSummariesRequestTypeDef
) -> dict[str, Any]:
    """How many groups each data source has; the format of custom sources is ``DEFAULT``."""
    counts = Counter(
        source for group in _listed(logs, request) if (source := data_source(logs, group))
    )
    with_format = request["groupBy"] == "DATA_SOURCE_NAME_TYPE_AND_FORMAT"
    page, token = paging.page(
        sorted(counts.items()), request.get("nextToken"), request.get("limit", 50),
        of="ListAggregateLogGroupSummaries", bad_token=InvalidParameterException.next_token,
    )  # fmt: skip
    return {
        "aggregateLogGroupSummaries": [
            {"logGroupCount": count, "groupingIdentifiers": [
                {"key": "dataSource.Name", "value": name},
                {"key": "dataSource.Type", "value": kind},
                *([{"key": "dataSource.Format", "value": "DEFAULT"}] if with_format else []),
            ]}
            for (name, kind), count in page
        ],
        "nextToken": token,
    }  # fmt: skip


# -- settings --------------------------------------------------------------------------------------


@operation("PutRetentionPolicy")
def put_retention_policy(logs: Logs, request: PutRetentionPolicyRequestTypeDef) -> None:
    """Events that are older go at once."""
    logs.set_retention(request["logGroupName"], request["retentionInDays"])


@operation("DeleteRetentionPolicy")
def delete_retention_policy(logs: Logs, request: DeleteRetentionPolicyRequestTypeDef) -> None:
    """Events are kept for ever, from now on."""
    logs.set_retention(request["logGroupName"], None)


@operation("PutLogGroupDeletionProtection")
def put_log_group_deletion_protection(
    logs: Logs, request: PutLogGroupDeletionProtectionRequestTypeDef
) -> None:
    """DeleteLogGroup and DeleteLogStream are refused while it is on."""
    group = logs.identified(request["logGroupIdentifier"])
    group.deletion_protection_enabled = request["deletionProtectionEnabled"]


@operation("AssociateKmsKey")
def associate_kms_key(logs: Logs, request: AssociateKmsKeyRequestTypeDef) -> None:
    """Of a group, or of the results of all queries to come; nothing is encrypted in memory."""
    resource = _encrypted(logs, request)
    check_key(logs, request["kmsKeyId"], resource)
    _set_key(logs, resource, request["kmsKeyId"])


@operation("DisassociateKmsKey")
def disassociate_kms_key(logs: Logs, request: DisassociateKmsKeyRequestTypeDef) -> None:
    """Of a group, or of the results of queries."""
    _set_key(logs, _encrypted(logs, request), None)


def _encrypted(logs: Logs, request: Mapping[str, Any]) -> str:
    """The ARN of what a key is for."""
    name, identifier = request.get("logGroupName"), request.get("resourceIdentifier")
    if name is not None and identifier is not None:
        raise InvalidParameterException.exclusive("LogGroup name", "resource identifier")
    if name is None and identifier is None:
        raise InvalidParameterException.one_of("logGroupName", "resourceIdentifier")
    return identifier or logs.arn(name or "")


def _set_key(logs: Logs, resource: str, key: str | None) -> None:
    if resource == logs.scope.arn("logs", "query-result:*"):
        logs.query_result_key = key
        return
    group = logs.identified(resource)
    if key is None and group.kms_key_id is None:
        raise ResourceNotFoundException.key()
    group.kms_key_id = key


@operation("PutBearerTokenAuthentication")
def put_bearer_token_authentication(
    logs: Logs, request: PutBearerTokenAuthenticationRequestTypeDef
) -> None:
    """It is shown; who sends events with a token isn't asked for it."""
    group = logs.identified(request["logGroupIdentifier"])
    group.bearer_token_authentication_enabled = request["bearerTokenAuthenticationEnabled"]
