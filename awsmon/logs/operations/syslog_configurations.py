"""Syslog configurations: put, list, delete. No messages come in by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.logs.connections import SyslogConfiguration
from awsmon.logs.errors import InvalidParameterException, ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.logs.service import Logs


@operation("PutSyslogConfiguration")
def put_syslog_configuration(logs: Logs, request: Mapping[str, Any]) -> None:
    """A log group may have several, one for each endpoint."""
    group = logs.identified(request["logGroupIdentifier"])
    endpoint = request.get("vpcEndpointId")
    logs.connections.syslog.setdefault(
        (group.log_group_arn, endpoint),
        SyslogConfiguration(
            log_group_arn=group.log_group_arn, vpc_endpoint_id=endpoint, created_at=logs.now
        ),
    )


@operation("ListSyslogConfigurations")
def list_syslog_configurations(logs: Logs, request: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a log group, of an endpoint, or all."""
    arn = None
    if "logGroupIdentifier" in request:
        arn = logs.identified(request["logGroupIdentifier"]).log_group_arn
    found = [
        each for each in logs.connections.syslog.values()
        if arn in (None, each.log_group_arn)
        and request.get("vpcEndpointId", each.vpc_endpoint_id) == each.vpc_endpoint_id
    ]  # fmt: skip
    page, token = paging.page(
        found, request.get("nextToken"), request.get("maxResults") or 50,
        of="ListSyslogConfigurations", bad_token=InvalidParameterException,
    )  # fmt: skip
    return {"syslogConfigurations": [each.to_aws() for each in page], "nextToken": token}


@operation("DeleteSyslogConfiguration")
def delete_syslog_configuration(logs: Logs, request: Mapping[str, Any]) -> None:
    """That of an endpoint, or the one without."""
    group = logs.identified(request["logGroupIdentifier"])
    key = group.log_group_arn, request.get("vpcEndpointId")
    if logs.connections.syslog.pop(key, None) is None:
        raise ResourceNotFoundException.syslog()
