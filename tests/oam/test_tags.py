"""Tags on sinks and links."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.oam.conftest import link, refused

MANY = {f"k{number}": "v" for number in range(50)}


def test_tags_come_and_go(oam, source, sink):
    made = source.create_link(**link(sink, Tags={"a": "1"}))["Arn"]
    for client, arn in ((oam, sink), (source, made)):
        client.tag_resource(ResourceArn=arn, Tags={"a": "2", "b": "3"})
        assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"a": "2", "b": "3"}
        client.untag_resource(ResourceArn=arn, TagKeys=["a", "c"])
        assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "3"}
    assert oam.get_sink(Identifier=sink, IncludeTags=True)["Tags"] == {"b": "3"}


def test_a_resource_has_fifty_tags(oam, sink):
    oam.tag_resource(ResourceArn=sink, Tags=MANY)
    oam.tag_resource(ResourceArn=sink, Tags={"k0": "other"})
    with pytest.raises(ClientError) as error:
        oam.tag_resource(ResourceArn=sink, Tags={"one": "more"})
    assert refused(error) == (
        "TooManyTagsException",
        "A resource can have no more than 50 tags.",
        400,
    )


def test_what_isnt_there_has_no_tags(oam, source, sink):
    gone = sink
    oam.delete_sink(Identifier=gone)
    for call in (
        lambda: oam.tag_resource(ResourceArn=gone, Tags={"a": "b"}),
        lambda: oam.untag_resource(ResourceArn=gone, TagKeys=["a"]),
        lambda: oam.list_tags_for_resource(ResourceArn=gone),
        lambda: source.list_tags_for_resource(ResourceArn=gone),
    ):
        with pytest.raises(ClientError) as error:
            call()
        assert refused(error) == (
            "ResourceNotFoundException",
            f"Resource {gone} does not exist.",
            404,
        )


def test_the_tagging_api_sees_them(oam, sink):
    oam.tag_resource(ResourceArn=sink, Tags={"team": "ops"})
    tagging = boto3.client("resourcegroupstaggingapi", region_name="us-east-1")
    [found] = tagging.get_resources(ResourceTypeFilters=["oam:sink"])["ResourceTagMappingList"]
    assert found["ResourceARN"] == sink
