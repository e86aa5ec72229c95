"""What people check, and report by PutExternalEvaluation.

Source: Config Developer Guide, "AWS Config Process Checks Within a Conformance Pack".
"""

from __future__ import annotations

from awsmon.config_recorder.rules.judging import (
    ACCOUNT,
    Given,
    NotApplicable,
    Reading,
    managed,
)

PROCESS_CHECK = "AWS_CONFIG_PROCESS_CHECK"


@managed(PROCESS_CHECK, ACCOUNT)
def process_check(_: Reading, __: Given) -> str | None:
    """It says nothing by itself."""
    raise NotApplicable
