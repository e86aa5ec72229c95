"""How long configuration items are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import (
    NoSuchRetentionConfigurationException,
)
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from mypy_boto3_config.type_defs import (
        DeleteRetentionConfigurationRequestTypeDef,
        DescribeRetentionConfigurationsRequestTypeDef,
        PutRetentionConfigurationRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_NAME = "default"


def _told(config: ConfigRecorder) -> dict[str, Any]:
    return {"Name": _NAME, "RetentionPeriodInDays": config.retention}


@operation("PutRetentionConfiguration")
def put_retention_configuration(
    config: ConfigRecorder, request: PutRetentionConfigurationRequestTypeDef
) -> dict[str, Any]:
    """One for each region."""
    config.retention = request["RetentionPeriodInDays"]
    return {"RetentionConfiguration": _told(config)}


@operation("DescribeRetentionConfigurations")
def describe_retention_configurations(
    config: ConfigRecorder, request: DescribeRetentionConfigurationsRequestTypeDef
) -> dict[str, Any]:
    """At most one."""
    there = config.retention is not None
    for name in request.get("RetentionConfigurationNames", ()):
        if name != _NAME or not there:
            raise NoSuchRetentionConfigurationException.named(name)
    page, token = pages.page(
        [_told(config)] if there else [], request, 20, "DescribeRetentionConfigurations"
    )
    return {"RetentionConfigurations": page, "NextToken": token}


@operation("DeleteRetentionConfiguration")
def delete_retention_configuration(
    config: ConfigRecorder, request: DeleteRetentionConfigurationRequestTypeDef
) -> None:
    """Items are kept as long as AWS keeps them unasked."""
    name = request["RetentionConfigurationName"]
    if name != _NAME or config.retention is None:
        raise NoSuchRetentionConfigurationException.named(name)
    config.retention = None
