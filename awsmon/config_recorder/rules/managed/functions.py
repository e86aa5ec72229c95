"""Managed rules about Lambda's functions."""

from __future__ import annotations

from awsmon.config_recorder.rules.documents import allows_anybody, statements
from awsmon.config_recorder.rules.judging import (
    NUMBER,
    REQUIRED,
    Given,
    NotApplicable,
    Reading,
    managed,
)

_FUNCTION = "AWS::Lambda::Function"


@managed("LAMBDA_CONCURRENCY_CHECK", _FUNCTION, ConcurrencyLimitLow=NUMBER,
         ConcurrencyLimitHigh=NUMBER)  # fmt: skip
def concurrency(function: Reading, given: Given) -> str | None:
    """Functions have a concurrency of their own, within bounds."""
    reserved = function.get("concurrency.reservedConcurrentExecutions")
    low, high = given.number("ConcurrencyLimitLow"), given.number("ConcurrencyLimitHigh")
    if reserved is None:
        return "The function has no reserved concurrency."
    if (low is not None and reserved < low) or (high is not None and reserved > high):
        return f"The reserved concurrency is {reserved}."
    return None


@managed("LAMBDA_DLQ_CHECK", _FUNCTION, dlqArns=None)
def dead_letters(function: Reading, given: Given) -> str | None:
    """What can't be handled goes somewhere."""
    target, allowed = function["deadLetterConfig"].get("targetArn"), given.list("dlqArns")
    if not target:
        return "The function has no dead-letter queue."
    return f"The dead-letter queue is {target}." if allowed and target not in allowed else None


@managed("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED", _FUNCTION)
def no_public_access(function: Reading, _: Given) -> str | None:
    """Not everybody may call it; nor S3 for everybody."""
    for statement in statements(function.extra("Policy", {})):
        if allows_anybody(statement):
            return f"Statement {statement.get('Sid')} lets everybody in."
    return None


@managed("LAMBDA_FUNCTION_SETTINGS_CHECK", _FUNCTION, runtime=REQUIRED, role=None, timeout=3,
         memorySize=128)  # fmt: skip
def settings(function: Reading, given: Given) -> str | None:
    """Runtime, role, timeout and memory are as they should be."""
    if function.get("packageType") == "Image":
        raise NotApplicable
    if function["runtime"] not in given.list("runtime"):
        return f"runtime is {function['runtime']}."
    role = given.text("role")
    if role and function["role"] != role:
        return f"role is {function['role']}."
    for name in ("timeout", "memorySize"):
        if function[name] != given.number(name):
            return f"{name} is {function[name]}."
    return None


@managed("LAMBDA_INSIDE_VPC", _FUNCTION, subnetIds=None)
def inside_vpc(function: Reading, given: Given) -> str | None:
    """Functions are in a VPC, in some subnets of it."""
    subnets, allowed = function.get("vpcConfig.subnetIds") or [], given.list("subnetIds")
    if not subnets:
        return "The function is in no VPC."
    others = [each for each in subnets if allowed and each not in allowed]
    return f"The function is in {', '.join(others)}." if others else None
