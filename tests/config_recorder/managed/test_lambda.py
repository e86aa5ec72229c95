"""Managed rules about Lambda."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.config_recorder.conftest import ACCOUNT, client, compliance, judged, rules_of

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:letters"


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def function(name="plain", *, reserved=None, principal=None, **more):
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam = client("iam")
    role = iam.create_role(RoleName=f"of-{name}", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context): ...")
    lambda_ = client("lambda")
    lambda_.create_function(**{
        "FunctionName": name, "Runtime": "python3.12", "Role": role, "Handler": "handler.handle",
        "Code": {"ZipFile": code.getvalue()}, **more})  # fmt: skip
    if reserved is not None:
        lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    if principal:
        lambda_.add_permission(FunctionName=name, StatementId="s", Principal=principal,
                               Action="lambda:InvokeFunction")  # fmt: skip
    return name


def in_vpc():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    network = {"SubnetIds": [subnet], "SecurityGroupIds": [group]}
    return function("inside", VpcConfig=network)


RULES = [
    ("LAMBDA_CONCURRENCY_CHECK", lambda: function("good", reserved=5), function, {}),
    ("LAMBDA_CONCURRENCY_CHECK", lambda: function("good", reserved=5),
     lambda: function(reserved=50), {"ConcurrencyLimitHigh": "10"}),
    ("LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED", lambda: function("good", principal=ACCOUNT),
     lambda: function(principal="*"), {}),
    ("LAMBDA_FUNCTION_SETTINGS_CHECK", lambda: function("good", Timeout=3),
     lambda: function(Timeout=60), {"runtime": "python3.12,python3.13"}),
    ("LAMBDA_INSIDE_VPC", in_vpc, function, {}),
]  # fmt: skip


@rules_of(RULES)
def test_functions(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_a_dead_letter_queue_that_the_mock_does_not_tell_is_not_guessed(mon):
    def recorded(name, queue):
        target = {"deadLetterConfig": {"targetArn": queue} if queue else {}}
        mon.config_recorder.record("AWS::Lambda::Function", name, target)
        return name

    judged("LAMBDA_DLQ_CHECK", lambda: recorded("good", QUEUE), lambda: recorded("bad", None))
    told = function("untold", DeadLetterConfig={"TargetArn": QUEUE})
    assert compliance(client("config"))[told] == "INSUFFICIENT_DATA"
