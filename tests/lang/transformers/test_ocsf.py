"""parseToOCSF: AWS's logs as OCSF events.

Source: the samples that AWS publishes with its mappings (github.com/ocsf/examples,
mappings/markdown/AWS/v1.5.0), as data, long values shortened; where a sample contradicts its record
(two times, the action of WAF) or has what no record says, the record counts. Times are compared as
instants, and observables without their order.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from awsmon.lang.text import LanguageError
from awsmon.lang.transformers.compiler import compile_transformer
from awsmon.lang.transformers.ocsf.flow_logs import network_activity
from awsmon.lang.transformers.ocsf.processor import Unbuilt

SAMPLES = json.loads((Path(__file__).parent / "ocsf_samples.json").read_text())
DEFAULT = "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070"  # noqa: E501


def transformed(source, message, version="V1.5", **more):
    config = {"parseToOCSF": {"eventSource": source, "ocsfVersion": version, **more}}
    text = message if isinstance(message, str) else json.dumps(message)
    found = compile_transformer([config]).transformed(text)
    return None if found is None else json.loads(found)


def comparable(node, name=""):
    """With instants as such, and observables in an order of ours."""
    if isinstance(node, dict):
        return {key: comparable(inner, key) for key, inner in node.items()}
    if isinstance(node, list):
        inner = [comparable(each) for each in node]
        return sorted(inner, key=str) if name == "observables" else inner
    return datetime.fromisoformat(node.replace("Z", "+00:00")) if name.endswith("_dt") else node


def test_a_flow_of_all_fields_is_as_aws_maps_it():
    sample = SAMPLES["VPCFlow"]
    found = network_activity(dict(sample["raw"]), "1.5.0")
    assert comparable(found) == comparable(sample["ocsf"])


@pytest.mark.parametrize("source", [each for each in SAMPLES if each != "VPCFlow"])
def test_a_record_is_as_aws_maps_it(source):
    sample = SAMPLES[source]
    found = transformed(source.partition(":")[0], sample["raw"])
    assert comparable(found) == comparable(sample["ocsf"])


def test_a_flow_log_in_its_default_format():
    # source: the example of the VPC user guide; without a direction, no side has the interface
    found = transformed("VPCFlow", f"{DEFAULT} ACCEPT OK", "V1.1")
    assert found["metadata"]["version"] == "1.1.0"
    assert (found["type_uid"], found["type_name"]) == (400106, "Network Activity: Traffic")
    assert found["src_endpoint"] == {"ip": "172.31.16.139", "port": 20641}
    assert found["dst_endpoint"] == {"ip": "172.31.16.21", "port": 22}
    assert found["traffic"] == {"packets": 20, "bytes": 4249}
    assert found["connection_info"]["direction_id"] == 0
    assert found["time"] == 1418530010000
    assert found["unmapped"] == {"interface_id": "eni-1235b8ca"}


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        # source: OCSF schema, Network Activity: activity_id, action_id, disposition
        ("REJECT OK", (5, "Refuse", 2, "Denied", "Blocked")),
        ("ACCEPT OK", (6, "Traffic", 1, "Allowed", "Allowed")),
    ],
)
def test_what_became_of_a_flow(end, expected):
    found = transformed("VPCFlow", f"{DEFAULT} {end}")
    names = ("activity_id", "activity_name", "action_id", "action", "disposition")
    assert tuple(found[name] for name in names) == expected


def test_an_interval_without_traffic_has_no_ports():
    # source: VPC User Guide, "No data and skipped records"
    found = transformed("VPCFlow", "2 123456789010 eni-1235b8ca - - - - - - - 1431280876 1431280934"
                        " - NODATA")  # fmt: skip
    assert (found["status_code"], found["activity_id"]) == ("NODATA", 0)
    assert "port" not in found.get("src_endpoint", {})


@pytest.mark.parametrize(
    ("path", "boundary", "number"),
    # source: VPC User Guide, "traffic-path"; OCSF, boundary_id
    [("1", "Same VPC", 4), ("4", "Intra-region VPC", 7), ("8", "Internet Gateway", 11),
     ("-", "Unknown", 0)],
)  # fmt: skip
def test_the_boundary_that_traffic_crosses(path, boundary, number):
    found = network_activity({"traffic_path": path, "flow_direction": "ingress",
                              "interface_id": "eni-1", "instance_id": "i-1"}, "1.5.0")  # fmt: skip
    information = found["connection_info"]
    assert (information["boundary"], information["boundary_id"]) == (boundary, number)
    assert found["dst_endpoint"] == {"interface_uid": "eni-1", "instance_uid": "i-1"}
    assert [each["value"] for each in found["observables"]] == ["i-1"]


def call(source, name, **more):
    return {"eventSource": f"{source}.amazonaws.com", "eventName": name,
            "eventTime": "2026-03-02T12:00:00Z", **more}  # fmt: skip


@pytest.mark.parametrize(
    ("record", "class_uid", "activity", "status"),
    [
        (call("dynamodb", "DeleteTable"), 6003, "Delete", "Success"),
        (call("dynamodb", "CreateTable", errorCode="AccessDenied"), 6003, "Create", "Failure"),
        (call("ec2", "ModifyVpcAttribute"), 6003, "Update", "Success"),
        (call("lambda", "Invoke"), 6003, "Invoke", "Success"),
        (call("signin", "ConsoleLogin", responseElements={"ConsoleLogin": "Failure"}), 3002,
         "Logon", "Failure"),
        (call("sts", "AssumeRole"), 3002, "Logon", None),
        (call("sts", "GetCallerIdentity"), 6003, "Read", "Success"),
        (call("iam", "CreateUser"), 3001, "Create", "Success"),
        (call("iam", "AttachRolePolicy"), 3001, "Attach Policy", "Success"),
        (call("iam", "ListUsers"), 6003, "Read", "Success"),
    ],
)  # fmt: skip
def test_which_class_a_call_is_of(record, class_uid, activity, status):
    found = transformed("CloudTrail", record)
    assert (found["class_uid"], found["activity_name"], found.get("status")) == (
        class_uid, activity, status,
    )  # fmt: skip
    assert found["type_uid"] == class_uid * 100 + found["activity_id"]


def test_a_session_that_was_assumed_and_a_user_that_was_made():
    # source: the mappings of Authentication and Account Change
    arn = "arn:aws:sts::123456789012:assumed-role/r/s"
    found = transformed("CloudTrail", call(
        "sts", "AssumeRole", requestParameters={"roleArn": "arn:r", "roleSessionName": "s"},
        responseElements={"credentials": {"accessKeyId": "ASIA"},
                          "assumedRoleUser": {"arn": arn, "assumedRoleId": "AROA:s"}},
        additionalEventData={"MFAUsed": "Yes"},
    ))  # fmt: skip
    assert found["session"] == {"credential_uid": "ASIA", "uid": arn, "uid_alt": "AROA:s"}
    assert (found["user"], found["is_mfa"]) == ({"uid": "arn:r", "name": "s"}, True)
    found = transformed("CloudTrail", call(
        "iam", "CreateUser", requestParameters={"userName": "ada"},
        responseElements={"user": {"userName": "ada", "userId": "AIDA"}},
    ))  # fmt: skip
    assert found["user"] == {"uid": "AIDA", "name": "ada"}


def test_resources_have_their_owner_by_version():
    record = call(
        "s3",
        "GetObject",
        recipientAccountId="111111111111",
        resources=[
            {"ARN": "arn:aws:s3:::b", "type": "AWS::S3::Bucket", "accountId": "123456789012"}
        ],
    )
    resource = {"uid": "arn:aws:s3:::b", "type": "AWS::S3::Bucket"}
    new, old = transformed("CloudTrail", record), transformed("CloudTrail", record, "V1.1")
    account = {"account": {"uid": "123456789012"}}
    assert new["resources"] == [{**resource, "owner": account}]
    assert old["resources"] == [{**resource, **account}]
    assert new["cloud"]["account"] == {"uid": "111111111111"}
    assert old["unmapped"] == {"recipientAccountId": "111111111111"}


@pytest.mark.parametrize(
    ("action", "expected"),
    # source: OCSF schema, action_id and disposition_id
    [("ALLOW", ("Allowed", 1, "Allowed", 1)), ("COUNT", ("Allowed", 1, "Count", 20)),
     ("CAPTCHA", ("Denied", 2, "Captcha", 22)), ("EXCLUDED", ("Unknown", 0, "Unknown", 0))],
)  # fmt: skip
def test_what_became_of_a_web_request(action, expected):
    found = transformed("AWSWAF", {"action": action, "httpRequest": {"httpMethod": "PROPFIND"}})
    names = ("action", "action_id", "disposition", "disposition_id")
    assert tuple(found[name] for name in names) == expected
    assert (found["type_name"], found["activity_name"]) == ("HTTP Activity: Other", "PROPFIND")


@pytest.mark.parametrize(
    ("verb", "activity"),
    [("list", "Read"), ("patch", "Update"), ("deletecollection", "Delete"), ("bind", "bind")],
)
def test_what_was_done_to_a_cluster(verb, activity):
    pods = {"spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    found = transformed("EKSAudit", {
        "verb": verb, "requestObject": pods, "sourceIPs": ["192.0.2.1", "10.0.0.1"],
        "objectRef": {"resource": "pods", "subresource": "log", "uid": "u"},
        "annotations": {"authorization.k8s.io/reason": "RBAC"},
    })  # fmt: skip
    assert found["activity_name"] == activity
    assert found["resources"] == [{"uid": "u", "type": "pods/log"}]
    assert found["src_endpoint"] == {"ip": "192.0.2.1", "intermediate_ips": ["10.0.0.1"]}
    assert found["api"]["request"]["containers"] == [{"name": "c", "image": {"name": "nginx"}}]
    assert found["policy"] == {"name": "RBAC"}


@pytest.mark.parametrize(
    ("source", "message"),
    [("CloudTrail", "no JSON"), ("CloudTrail", "[]"), ("Route53Resolver", ""),
     ("VPCFlow", "2 123456789010 eni-1")],
)  # fmt: skip
def test_what_is_no_record_stays_as_it_is(source, message):
    assert transformed(source, message) is None


def test_a_record_within_a_field():
    config = [{"parseJSON": {}}, {"parseToOCSF": {
        "source": "record", "eventSource": "CloudTrail", "ocsfVersion": "V1.5"}}]  # fmt: skip
    message = json.dumps({"record": json.dumps(call("iam", "ListUsers")), "more": 1})
    found = json.loads(compile_transformer(config).transformed(message))
    assert (found["class_uid"], "more" in found) == (6003, False)


@pytest.mark.parametrize(
    ("config", "error"),
    [
        ({"eventSource": "EKSAudit", "ocsfVersion": "V1.1"}, Unbuilt),
        ({"eventSource": "AWSWAF", "ocsfVersion": "V1.1"}, Unbuilt),
        ({"eventSource": "VPCFlow", "ocsfVersion": "V1.5", "mappingVersion": "1.4.0"}, Unbuilt),
        # source: User Guide, "parseToOCSF": not supported when ocsfVersion is V1.1
        ({"eventSource": "VPCFlow", "ocsfVersion": "V1.1", "mappingVersion": "1.5.0"},
         LanguageError),
        ({"eventSource": "VPCFlow", "ocsfVersion": "V9"}, LanguageError),
        ({"eventSource": "VPCFlow"}, LanguageError),
    ],
)  # fmt: skip
def test_what_is_refused(config, error):
    with pytest.raises(LanguageError) as caught:
        compile_transformer([{"parseToOCSF": config}])
    assert type(caught.value) is error
