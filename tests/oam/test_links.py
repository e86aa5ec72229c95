"""Links: what they are, whom a sink's policy admits, what they share."""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from awsmon import Monitoring, mock_monitoring
from awsmon.core.organization import ORGANIZATION
from tests.oam.conftest import HOME, LOGS, METRICS, OTHER, SOURCE, client, link, policy, refused

TRACES = "AWS::XRay::Trace"


def body(answer):
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def test_a_link_is_shown_as_it_was_made(source, sink):
    # when a source account links itself to a sink
    filters = {"LogGroupConfiguration": {"Filter": "LogGroupName LIKE '/app/%'"}}
    made = body(source.create_link(
        **link(sink, LOGS, METRICS, LinkConfiguration=filters, Tags={"a": "b"})))  # fmt: skip
    # then the link is the source account's, and shown with all it has
    assert made == {
        "Arn": f"arn:aws:oam:us-east-1:{SOURCE}:link/{made['Id']}",
        "Id": made["Id"],
        "Label": f"account-{SOURCE}",
        "LabelTemplate": "$AccountName",
        "LinkConfiguration": filters,
        "ResourceTypes": [LOGS, METRICS],
        "SinkArn": sink,
        "Tags": {"a": "b"},
    }
    assert body(source.get_link(Identifier=made["Arn"], IncludeTags=True)) == made
    assert "Tags" not in source.get_link(Identifier=made["Arn"])
    assert source.list_links()["Items"] == [
        {name: made[name] for name in ("Arn", "Id", "Label", "ResourceTypes", "SinkArn")}
    ]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("prod", "prod"),
        ("$AccountName", f"account-{SOURCE}"),
        ("$AccountEmail", f"account-{SOURCE}@example.com"),
        ("$AccountEmailNoDomain", f"account-{SOURCE}"),
        ("$AccountName ($AccountEmail)", f"account-{SOURCE} (account-{SOURCE}@example.com)"),
        ("$Account", "$Account"),
    ],
)
def test_a_labels_variables_are_resolved(source, sink, template, expected):
    made = source.create_link(**link(sink, label=template))
    assert (made["Label"], made["LabelTemplate"]) == (expected, template)


def test_in_govcloud_a_labels_variables_are_the_accounts_number(monitoring):
    # source: API reference, CreateLink
    region = "us-gov-west-1"
    oam = client(monitoring, HOME, region=region)
    sink = oam.create_sink(Name="central")["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=policy())
    made = client(monitoring, SOURCE, region=region).create_link(**link(sink))
    assert made["Label"] == SOURCE


def test_a_deleted_link_is_gone_on_both_sides(oam, source, sink):
    made = source.create_link(**link(sink))["Arn"]
    source.delete_link(Identifier=made)
    assert source.list_links()["Items"] == []
    assert oam.list_attached_links(SinkIdentifier=sink)["Items"] == []
    for call in (source.get_link, source.delete_link):
        with pytest.raises(ClientError) as error:
            call(Identifier=made)
        assert refused(error) == (
            "ResourceNotFoundException",
            f"Link {made} does not exist.",
            404,
        )


def test_a_link_is_updated(oam, source, sink):
    # given a link with a filter for metrics
    metrics = {"MetricConfiguration": {"Filter": "Namespace = 'App'"}}
    logs = {"LogGroupConfiguration": {"Filter": "LogGroupName = 'a'"}}
    made = source.create_link(**link(sink, METRICS, LinkConfiguration=metrics))["Arn"]
    # when it gets other types and a filter for log groups, then the first filter stays
    found = source.update_link(Identifier=made, ResourceTypes=[LOGS, LOGS], LinkConfiguration=logs)
    assert found["ResourceTypes"] == [LOGS]
    assert found["LinkConfiguration"] == {**metrics, **logs}
    assert "Tags" not in found
    [attached] = oam.list_attached_links(SinkIdentifier=sink)["Items"]
    assert attached["ResourceTypes"] == [LOGS]
    # and "*" takes a filter away
    everything = {member: {"Filter": "*"} for member in (*metrics, *logs)}
    found = source.update_link(
        Identifier=made, ResourceTypes=[LOGS], LinkConfiguration=everything, IncludeTags=True
    )
    assert "LinkConfiguration" not in found
    assert found["Tags"] == {}


# -- whom a policy admits --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "types", "admitted"),
    [  # source: API reference, PutSinkPolicy, examples
        (policy(types=[METRICS, LOGS], condition={"StringEquals": {"aws:PrincipalOrgID":
                ORGANIZATION}}), [METRICS], True),
        (policy(types=[METRICS, LOGS]), [METRICS, LOGS, TRACES], False),
        (policy(condition={"StringEquals": {"aws:PrincipalOrgID": "o-other"}}), [METRICS], False),
        (policy(condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths":
                [f"{ORGANIZATION}/*"]}}), [METRICS], True),
        (policy({"AWS": [SOURCE, OTHER]}, [METRICS]), [METRICS], True),
        (policy({"AWS": f"arn:aws:iam::{SOURCE}:root"}), [METRICS], True),
        (policy({"AWS": OTHER}), [METRICS], False),
        (policy(condition={"ForAnyValue:StringEquals": {"oam:ResourceTypes": [LOGS]}}), [METRICS],
         False),
        (policy(condition={"ForAnyValue:StringEquals": {"oam:ResourceTypes": [LOGS]}}),
         [METRICS, LOGS], True),
    ],
)  # fmt: skip
def test_a_sinks_policy_says_who_may_share_what(oam, source, sink, text, types, admitted):
    oam.put_sink_policy(SinkIdentifier=sink, Policy=text)
    if admitted:
        assert source.create_link(**link(sink, *types))["SinkArn"] == sink
        return
    with pytest.raises(ClientError) as error:
        source.create_link(**link(sink, *types))
    assert refused(error) == (
        "AccessDeniedException",
        f"User: arn:aws:iam::{SOURCE}:root is not authorized to perform: oam:CreateLink on "
        f"resource: {sink} because no resource-based policy allows the oam:CreateLink action",
        403,
    )


def test_a_denial_is_told_as_one(oam, source, sink):
    statements = [json.loads(text)["Statement"][0] for text in
                  (policy(), policy({"AWS": SOURCE}, effect="Deny"))]  # fmt: skip
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    oam.put_sink_policy(SinkIdentifier=sink, Policy=text)
    with pytest.raises(ClientError) as error:
        source.create_link(**link(sink))
    assert refused(error)[1].endswith("with an explicit deny in a resource-based policy")


def test_without_a_policy_nobody_may_link(oam, source):
    sink = oam.create_sink(Name="central")["Arn"]
    with pytest.raises(ClientError) as error:
        source.create_link(**link(sink))
    assert refused(error)[0] == "AccessDeniedException"


def test_an_update_asks_the_policy_as_it_is_now(oam, source, sink):
    # given a link, and a policy that has become narrower since
    made = source.create_link(**link(sink, METRICS, LOGS))["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=policy(types=[METRICS]))
    # then the link stays, and may be updated to what the policy allows
    assert len(source.list_links()["Items"]) == 1
    with pytest.raises(ClientError) as error:
        source.update_link(Identifier=made, ResourceTypes=[LOGS])
    assert refused(error)[0] == "AccessDeniedException"
    source.update_link(Identifier=made, ResourceTypes=[METRICS])


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ("central", "SinkIdentifier central is not the ARN of a sink."),
        (f"arn:aws:oam:us-east-1:{HOME}:link/1",
         f"SinkIdentifier arn:aws:oam:us-east-1:{HOME}:link/1 is not the ARN of a sink."),
        (f"arn:aws:oam:us-east-1:{HOME}:sink/1",
         f"Sink arn:aws:oam:us-east-1:{HOME}:sink/1 does not exist."),
        ("arn:aws:oam:us-east-1:999999999999:sink/1",
         "Sink arn:aws:oam:us-east-1:999999999999:sink/1 does not exist."),
        (f"arn:aws:oam:eu-west-1:{HOME}:sink/1",
         f"Sink arn:aws:oam:eu-west-1:{HOME}:sink/1 is not in Region us-east-1."),
        (f"arn:aws:oam:us-east-1:{SOURCE}:sink/1",
         "The link and its sink must not be in the same account."),
    ],
)  # fmt: skip
def test_a_link_leads_to_a_sink_of_another_account_in_its_region(source, sink, identifier, message):
    with pytest.raises(ClientError) as error:
        source.create_link(**link(identifier))
    assert refused(error) == ("InvalidParameterException", message, 400)


def test_one_link_to_a_sink_is_enough(source, sink):
    source.create_link(**link(sink))
    with pytest.raises(ClientError) as error:
        source.create_link(**link(sink, LOGS))
    assert refused(error) == ("ConflictException", f"A link to sink {sink} already exists.", 409)


def test_a_source_account_has_five_links(monitoring, source):
    sinks = []
    for number in range(6):
        oam = client(monitoring, f"{number:012}")
        sinks.append(oam.create_sink(Name="central")["Arn"])
        oam.put_sink_policy(SinkIdentifier=sinks[-1], Policy=policy())
    for sink in sinks[:5]:
        source.create_link(**link(sink))
    with pytest.raises(ClientError) as error:
        source.create_link(**link(sinks[5]))
    assert refused(error) == (
        "ServiceQuotaExceededException",
        "A source account can be linked to at most 5 monitoring accounts.",
        429,
    )
    pages = list(source.get_paginator("list_links").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["Items"]) for page in pages] == [2, 2, 1]
    assert {each["SinkArn"] for page in pages for each in page["Items"]} == set(sinks[:5])


def test_a_monitoring_account_has_so_many_sources(monitoring, sink, monkeypatch):
    monkeypatch.setattr("awsmon.oam.service.MOST_SOURCES", 1)
    client(monitoring, SOURCE).create_link(**link(sink))
    with pytest.raises(ClientError) as error:
        client(monitoring, OTHER).create_link(**link(sink))
    assert refused(error) == (
        "ServiceQuotaExceededException",
        "A monitoring account can be linked to at most 1 source accounts.",
        429,
    )


def test_a_filter_that_is_none_is_refused(source, sink):
    # given a link
    made = source.create_link(**link(sink))["Arn"]
    wrong = {"MetricConfiguration": {"Filter": "Namespace LIKE 'AWS'"}}
    # when it is updated with a filter that is none, and others are made with one
    for call in (
        lambda: source.update_link(
            Identifier=made, ResourceTypes=[METRICS], LinkConfiguration=wrong
        ),
        lambda: source.create_link(**link(sink, LinkConfiguration=wrong)),
    ):
        with pytest.raises(ClientError) as error:
            call()
        # then it is told where the mistake is
        assert refused(error) == (
            "InvalidParameterException",
            "MetricConfiguration.Filter is invalid: Expected one %, at the end of the name at "
            "position 15",
            400,
        )


# -- accounts --------------------------------------------------------------------------------------


def test_an_assumed_role_acts_for_its_account():
    with mock_aws(), mock_monitoring(now="2026-03-02T12:00:00Z"):
        # given a sink here, and a role of another account
        oam = boto3.client("oam", region_name="us-east-1")
        sink = oam.create_sink(Name="central")["Arn"]
        oam.put_sink_policy(SinkIdentifier=sink, Policy=policy({"AWS": SOURCE}))
        keys = boto3.client("sts", region_name="us-east-1").assume_role(
            RoleArn=f"arn:aws:iam::{SOURCE}:role/deploy", RoleSessionName="ann"
        )["Credentials"]
        # when somebody who has assumed it makes a link
        source = boto3.client(
            "oam", region_name="us-east-1", aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"],
        )  # fmt: skip
        made = source.create_link(**link(sink))
        # then it is that account's
        assert made["Arn"].split(":")[4] == SOURCE
        [attached] = oam.list_attached_links(SinkIdentifier=sink)["Items"]
        assert attached["LinkArn"] == made["Arn"]


def test_a_snapshot_keeps_both_sides_of_a_link(monitoring, oam, source, sink):
    # given a link in a snapshot
    made = source.create_link(**link(sink))["Arn"]
    copy = Monitoring()
    copy.restore(monitoring.snapshot())
    # when it is deleted in the copy
    place = copy.at(account=SOURCE)
    place._services.oam.detach(made)
    # then the copy's sink has lost it, and the original's has not
    assert copy._services.oam.sinks[0].links == {}
    assert len(oam.list_attached_links(SinkIdentifier=sink)["Items"]) == 1
