"""Event selectors of trails."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from awsmon.core.operation import operation
from awsmon.trail.selector_checks import check
from awsmon.trail.selectors import DEFAULT

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import (
        GetEventSelectorsRequestTypeDef,
        PutEventSelectorsRequestTypeDef,
    )

    from awsmon.trail.model import TrailSettings
    from awsmon.trail.service import Trail


def _shown(settings: TrailSettings) -> dict[str, Any]:
    return {
        "TrailARN": settings.trail_arn, "EventSelectors": settings.basic,
        "AdvancedEventSelectors": settings.advanced,
    }  # fmt: skip


@operation("PutEventSelectors")
def put_event_selectors(trail: Trail, request: PutEventSelectorsRequestTypeDef) -> dict[str, Any]:
    """Basic ones take the place of advanced ones, and the other way round."""
    settings = trail.own(request["TrailName"])
    basic: Any = request.get("EventSelectors")
    advanced: Any = request.get("AdvancedEventSelectors")
    check(basic, advanced)
    settings.earlier.append((trail.number, settings.basic, settings.advanced))
    settings.advanced = copy.deepcopy(advanced)
    settings.basic = None if basic is None else [{**DEFAULT[0], **each} for each in basic]
    settings.has_custom_event_selectors = True
    trail.changed()
    return _shown(settings)


@operation("GetEventSelectors")
def get_event_selectors(trail: Trail, request: GetEventSelectorsRequestTypeDef) -> dict[str, Any]:
    """Those that are in use."""
    return _shown(trail.find(request["TrailName"]))
