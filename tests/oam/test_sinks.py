"""Sinks: one for each account and region, their policies, the links attached to them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.oam.conftest import HOME, LOGS, OTHER, SOURCE, client, link, policy, refused

NO_SINK = f"arn:aws:oam:us-east-1:{HOME}:sink/00000000-0000-4000-8000-000000000000"


def body(answer):
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def test_a_sink_is_shown_as_it_was_made(oam):
    # when a sink is made
    made = body(oam.create_sink(Name="central", Tags={"team": "ops"}))
    # then its ARN ends in its id, and it is shown with its tags where they are asked for
    assert made == {
        "Arn": f"arn:aws:oam:us-east-1:{HOME}:sink/{made['Id']}",
        "Id": made["Id"],
        "Name": "central",
        "Tags": {"team": "ops"},
    }
    assert body(oam.get_sink(Identifier=made["Arn"], IncludeTags=True)) == made
    del made["Tags"]
    assert body(oam.get_sink(Identifier=made["Arn"])) == made
    assert oam.list_sinks()["Items"] == [made]


def test_an_account_has_one_sink_in_a_region(monitoring, oam):
    oam.create_sink(Name="central")
    with pytest.raises(ClientError) as error:
        oam.create_sink(Name="another")
    assert refused(error) == (
        "ServiceQuotaExceededException",
        "An account can have one sink per Region.",
        429,
    )
    client(monitoring, HOME, region="eu-west-1").create_sink(Name="central")
    client(monitoring, OTHER).create_sink(Name="central")


def test_after_a_deletion_there_may_be_a_new_one(oam):
    old = oam.create_sink(Name="central")["Arn"]
    oam.delete_sink(Identifier=old)
    assert oam.list_sinks()["Items"] == []
    assert oam.create_sink(Name="central")["Arn"] != old


def test_a_sink_with_links_stays(oam, source, sink):
    # given a sink and a link to it
    made = source.create_link(**link(sink))["Arn"]
    # when the sink is to be deleted, then it is refused until the link has gone
    with pytest.raises(ClientError) as error:
        oam.delete_sink(Identifier=sink)
    assert refused(error) == (
        "ConflictException",
        f"Sink {sink} has attached links. Delete them before you delete the sink.",
        409,
    )
    source.delete_link(Identifier=made)
    oam.delete_sink(Identifier=sink)
    assert oam.list_sinks()["Items"] == []


def test_a_sink_that_isnt_there_is_not_found(oam, source, sink):
    for call in (
        lambda: oam.get_sink(Identifier=NO_SINK),
        lambda: oam.delete_sink(Identifier=NO_SINK),
        lambda: oam.get_sink_policy(SinkIdentifier=NO_SINK),
        lambda: oam.put_sink_policy(SinkIdentifier=NO_SINK, Policy=policy()),
        lambda: oam.list_attached_links(SinkIdentifier=NO_SINK),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == (
            "ResourceNotFoundException",
            f"Sink {NO_SINK} does not exist.",
            404,
        )
    with pytest.raises(ClientError) as error:
        source.get_sink(Identifier=sink)  # it is another account's
    assert refused(error)[0] == "ResourceNotFoundException"


def test_a_name_that_is_none_is_refused(oam):
    with pytest.raises(ClientError) as error:
        oam.create_sink(Name="a b")
    assert refused(error)[0] == "InvalidParameterException"


# -- policies --------------------------------------------------------------------------------------


def test_a_policy_is_kept_as_it_was_put(oam):
    sink = oam.create_sink(Name="central")
    with pytest.raises(ClientError) as error:
        oam.get_sink_policy(SinkIdentifier=sink["Arn"])
    assert refused(error) == (
        "ResourceNotFoundException",
        f"Sink {sink['Arn']} has no policy.",
        404,
    )
    for text in (policy(), policy({"AWS": SOURCE}, [LOGS])):
        expected = {"SinkArn": sink["Arn"], "SinkId": sink["Id"], "Policy": text}
        assert body(oam.put_sink_policy(SinkIdentifier=sink["Arn"], Policy=text)) == expected
        assert body(oam.get_sink_policy(SinkIdentifier=sink["Arn"])) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "The policy is not valid JSON."),
        (policy(effect="allow"), "Statement 1: Effect must be Allow or Deny."),
        (policy({"AWS": "1"}), "Statement 1: Principal AWS: '1' is invalid."),
    ],
)
def test_a_text_that_is_no_policy_is_refused(oam, sink, text, problem):
    with pytest.raises(ClientError) as error:
        oam.put_sink_policy(SinkIdentifier=sink, Policy=text)
    assert refused(error) == ("InvalidParameterException", f"Policy is invalid: {problem}", 400)


# -- attached links --------------------------------------------------------------------------------


def test_attached_links_are_those_of_every_source_account_page_by_page(monitoring, oam, sink):
    # given three source accounts
    made = [
        client(monitoring, account).create_link(**link(sink, LOGS))
        for account in ("333333333333", "111111111111", "222222222222")
    ]
    # then the sink's account sees them all, in order of ARN
    expected = [
        {"LinkArn": each["Arn"], "Label": each["Label"], "ResourceTypes": [LOGS]}
        for each in sorted(made, key=lambda each: each["Arn"])
    ]
    assert oam.list_attached_links(SinkIdentifier=sink)["Items"] == expected
    pages = oam.get_paginator("list_attached_links").paginate(
        SinkIdentifier=sink, PaginationConfig={"PageSize": 2}
    )
    assert [page["Items"] for page in pages] == [expected[:2], expected[2:]]


def test_a_made_up_token_is_refused(oam, source, sink):
    for call in (
        lambda: oam.list_sinks(NextToken="x"),
        lambda: source.list_links(NextToken="x"),
        lambda: oam.list_attached_links(SinkIdentifier=sink, NextToken="x"),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == ("InvalidParameterException", "NextToken is invalid.", 400)
