"""Managed rules about CloudFormation's stacks."""

from __future__ import annotations

from awsmon.config_recorder.rules.judging import REQUIRED, Given, Lacking, Reading, managed

_STACK = "AWS::CloudFormation::Stack"


@managed("CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK", _STACK, periodic=True,
         cloudformationRoleArn=REQUIRED)  # fmt: skip
def undrifted(stack: Reading, _: Given) -> str | None:
    """A stack's resources are as its template has them."""
    status = stack["driftInformation.stackDriftStatus"]
    if status not in ("IN_SYNC", "DRIFTED"):
        raise Lacking("nobody has looked for drift")
    return "The stack has drifted." if status == "DRIFTED" else None


@managed("CLOUDFORMATION_STACK_NOTIFICATION_CHECK", _STACK, snsTopic1=None, snsTopic2=None,
         snsTopic3=None, snsTopic4=None, snsTopic5=None)  # fmt: skip
def notified(stack: Reading, given: Given) -> str | None:
    """A stack's events are told to a topic, or to one of some."""
    found = stack.get("notificationARNs") or []
    if not found:
        return "The stack notifies nobody."
    wanted = {given.text(f"snsTopic{number}") for number in range(1, 6)} - {None}
    return f"It notifies {', '.join(found)}." if wanted and not wanted & set(found) else None
