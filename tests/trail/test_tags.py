"""Tags that trails, stores, dashboards and channels can't have."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.trail.conftest import BASE

ARN = f"arn:aws:cloudtrail:{BASE}:trail/main"


def tags(number, start=0):
    return [{"Key": f"k{each}", "Value": "v"} for each in range(start, start + number)]


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]["Code"]


def trail(cloudtrail, **more):
    return cloudtrail.create_trail(Name="main", S3BucketName="records", **more)


def store(cloudtrail, **more):
    return cloudtrail.create_event_data_store(Name="audit", **more)


def dashboard(cloudtrail, **more):
    return cloudtrail.create_dashboard(Name="seen", **more)


# Source: botocore, the errors of each operation; InvalidTagParameterException: "duplicate tags or
# too many tags"
@pytest.mark.parametrize(("make", "too_many"), [
    (trail, "TagsLimitExceededException"),
    (store, "InvalidTagParameterException"),
    (dashboard, "InvalidTagParameterException"),
])  # fmt: skip
def test_what_is_made_has_at_most_fifty_tags_each_once(cloudtrail, make, too_many):
    assert refused(make, cloudtrail=cloudtrail, TagsList=tags(51)) == too_many
    assert refused(make, cloudtrail=cloudtrail, TagsList=tags(1) * 2) == (
        "InvalidTagParameterException"
    )
    # nothing of that name was made
    make(cloudtrail, TagsList=tags(50))


def test_fifty_tags_are_all_that_a_trail_gets(cloudtrail):
    trail(cloudtrail, TagsList=tags(49))
    add = cloudtrail.add_tags
    assert refused(add, ResourceId=ARN, TagsList=tags(2, 49)) == "TagsLimitExceededException"
    assert refused(add, ResourceId=ARN, TagsList=tags(1) * 2) == "InvalidTagParameterException"
    add(ResourceId=ARN, TagsList=tags(2, 48))
    (found,) = cloudtrail.list_tags(ResourceIdList=[ARN])["ResourceTagList"]
    assert len(found["TagsList"]) == 50


@pytest.mark.parametrize("name", ["main", "arn:aws:s3:::records"])
def test_only_arns_of_cloudtrail_have_tags(cloudtrail, name):
    trail(cloudtrail)
    code = "CloudTrailARNInvalidException"
    assert refused(cloudtrail.add_tags, ResourceId=name, TagsList=tags(1)) == code
    assert refused(cloudtrail.remove_tags, ResourceId=name, TagsList=tags(1)) == code
    assert refused(cloudtrail.list_tags, ResourceIdList=[name]) == code
