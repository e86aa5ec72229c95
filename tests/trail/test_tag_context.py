"""The tags in a store's events: of resources and of the principal.

Source of the form: CloudTrail User Guide, "Enrich CloudTrail events ...", and its prompt that asks
for ``eventContext.tagContext.principalTags``.
"""

from __future__ import annotations

import json

import pytest

from tests.trail.conftest import ACCOUNT, client
from tests.trail.test_event_data_stores import rows, store


def enriched(cloudtrail, *keys):
    of = store(cloudtrail)
    cloudtrail.put_event_configuration(
        EventDataStore=of, MaxEventSize="Large",
        ContextKeySelectors=[{"Type": "TagContext", "Equals": [*keys]}],
    )  # fmt: skip
    return of


@pytest.fixture
def told(monitoring, cloudtrail):
    """The tags in the newest event of a name."""

    def told(of, name):
        found = rows(
            monitoring, cloudtrail,
            "SELECT element_at(eventContext, 'tagContext'), element_at(eventContext, "
            f"'requestContext') FROM {of} WHERE eventName = '{name}' ORDER BY eventTime DESC",
        )  # fmt: skip
        assert found[0][1] == "{}"
        return json.loads(found[0][0])

    return told


def test_resources_have_the_tags_that_are_asked_for(monitoring, cloudtrail, told):
    of = enriched(cloudtrail, "team")
    logs = client("logs")
    # when a group is made, with tags
    logs.create_log_group(logGroupName="shop", tags={"team": "shop", "cost": "7"})
    logs.create_log_group(logGroupName="shop/other", tags={"team": "ops"})
    logs.put_retention_policy(logGroupName="shop", retentionInDays=7)
    # then its calls have those
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:shop"
    assert told(of, "PutRetentionPolicy") == {
        "resourceTags": [{"arn": group, "tags": {"team": "shop"}}]
    }
    # and other calls have none, nor does a deletion
    client("events").put_rule(Name="shop", ScheduleExpression="rate(1 hour)")
    assert told(of, "PutRule") == {}
    logs.delete_log_group(logGroupName="shop")
    assert told(of, "DeleteLogGroup") == {}


def test_a_resource_may_be_named_by_its_arn(monitoring, cloudtrail, told):
    of = enriched(cloudtrail, "team")
    arn = cloudtrail.create_event_data_store(
        Name="other", TagsList=[{"Key": "team", "Value": "sec"}]
    )["EventDataStoreArn"]
    cloudtrail.list_tags(ResourceIdList=[arn])
    assert told(of, "ListTags")["resourceTags"] == [{"arn": arn, "tags": {"team": "sec"}}]


def test_the_other_mocks_resources_and_principals(mon, cloudtrail, told):
    of = enriched(cloudtrail, "team", "operator")
    s3, iam = client("s3"), client("iam")
    s3.create_bucket(Bucket="shop")
    iam.create_user(UserName="awsmon", Tags=[{"Key": "operator", "Value": "ann"}])
    s3.put_bucket_tagging(Bucket="shop", Tagging={"TagSet": [{"Key": "team", "Value": "shop"}]})
    s3.put_bucket_versioning(Bucket="shop", VersioningConfiguration={"Status": "Enabled"})
    assert told(of, "PutBucketVersioning") == {
        "resourceTags": [{"arn": "arn:aws:s3:::shop", "tags": {"team": "shop"}}],
        "principalTags": {"operator": "ann"},
    }
    # and a query finds them
    assert rows(mon, cloudtrail, f"""
        SELECT eventName FROM {of} WHERE eventName LIKE 'PutBucket%'
        AND json_extract_scalar(element_at(eventContext, 'tagContext'),
                                '$.principalTags.operator') = 'ann'
        ORDER BY eventName""") == [["PutBucketTagging"], ["PutBucketVersioning"]]  # fmt: skip


def test_a_roles_sessions_have_the_tags_of_the_role(mon, cloudtrail, told):
    of = enriched(cloudtrail, "team")
    client("iam").create_role(
        RoleName="deploy", AssumeRolePolicyDocument="{}", Tags=[{"Key": "team", "Value": "ops"}]
    )
    mon.trail.add_call(
        "logs", "DeleteLogGroup", {"logGroupName": "/g"},
        user=f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/ann",
    )  # fmt: skip
    assert told(of, "DeleteLogGroup") == {"principalTags": {"team": "ops"}}
