"""The one dataset of an account and region, and the KMS key that encrypts it.

Whether there is such a key, and who may use it, isn't looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.metrics.errors import ResourceNotFoundException

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.metrics.service import Metrics


@operation("GetDataset")
def get_dataset(metrics: Metrics, request: Mapping[str, Any]) -> dict[str, Any]:
    """It is always there."""
    arn = _checked(metrics, request)
    key = metrics.configurations.dataset_key
    return {"DatasetId": "default", "Arn": arn, "KmsKeyArn": key}


@operation("AssociateDatasetKmsKey")
def associate_dataset_kms_key(metrics: Metrics, request: Mapping[str, Any]) -> None:
    """Another key takes the place of the one before."""
    _checked(metrics, request)
    metrics.configurations.dataset_key = request["KmsKeyArn"]


@operation("DisassociateDatasetKmsKey")
def disassociate_dataset_kms_key(metrics: Metrics, request: Mapping[str, Any]) -> None:
    """AWS's own key encrypts it again."""
    _checked(metrics, request)
    metrics.configurations.dataset_key = None


def _checked(metrics: Metrics, request: Mapping[str, Any]) -> str:
    """The ARN of the dataset, which the request must mean."""
    arn = metrics.scope.arn("cloudwatch", "dataset/default")
    if request["DatasetIdentifier"] not in ("default", arn):
        raise ResourceNotFoundException.dataset(request["DatasetIdentifier"])
    return arn
