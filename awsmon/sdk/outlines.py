"""What a service's model says of its requests and answers, for who may not know botocore.

Lives here: `outline`, the port that `core/outlines.py` describes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError

from awsmon.core.outlines import NOTHING, Outline, Outlines

__all__ = ["outline"]

_session = botocore.session.Session()


@cache
def _model(service: str) -> Any:
    return _session.get_service_model(service)


@cache
def outline(service: str, operation: str) -> Outlines:
    """The outlines of an operation; nothing is known of one that no model has."""
    try:
        model = _model(service)
        found = model.operation_model(operation)
    except (UnknownServiceError, OperationNotFoundError):
        return Outlines(NOTHING, NOTHING)
    return Outlines(
        _outline(found.input_shape, ()), _outline(found.output_shape, ()),
        protocol=model.metadata.get("protocol", ""),
        host=model.metadata.get("endpointPrefix", service), uri=found.http.get("requestUri", ""),
    )  # fmt: skip


def _outline(shape: Any, above: tuple[str, ...]) -> Outline:
    if shape is None or shape.name in above:
        return NOTHING
    above = (*above, shape.name)
    secret, wire = bool(shape.metadata.get("sensitive")), shape.serialization
    match shape.type_name:
        case "structure":
            members = {name: _outline(member, above) for name, member in shape.members.items()}
            return Outline("structure", secret, members=members, wire=wire)
        case "list":
            return Outline("list", secret, inner=_outline(shape.member, above), wire=wire)
        case "map":
            return Outline("map", secret, inner=_outline(shape.value, above), wire=wire)
    return Outline(shape.type_name, secret, wire=wire)
