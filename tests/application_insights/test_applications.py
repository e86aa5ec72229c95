"""Applications: created from groups and accounts, found, listed, changed, deleted, tagged."""

from __future__ import annotations

import boto3
import pytest

from tests.application_insights.conftest import (
    ACCOUNT,
    BALANCER,
    BASE,
    DATABASE,
    QUEUE,
    WEB,
    WORKER,
    created,
)

ARN = f"arn:aws:applicationinsights:{BASE}:application/resource-group/shop"


def refused(call, **parameters):
    """Code and message of an error."""
    with pytest.raises(Exception) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def info(insights, name="shop"):
    return insights.describe_application(ResourceGroupName=name)["ApplicationInfo"]


def test_a_new_application_looks_like_the_documented_one(insights):
    # when an application is created
    answer = insights.create_application(ResourceGroupName="myapp")
    # then it is what the AWS CLI's example shows
    assert answer["ApplicationInfo"] == {
        "AccountId": "123456789012",
        "ResourceGroupName": "myapp",
        "LifeCycle": "CREATING",
        "OpsCenterEnabled": False,
        "CWEMonitorEnabled": False,
        "Remarks": "",
        "AutoConfigEnabled": False,
        "DiscoveryType": "RESOURCE_GROUP_BASED",
        "AttachMissingPermission": False,
    }


def test_an_application_is_not_configured_until_something_is_monitored(monitoring, insights):
    # given an application
    created(monitoring, insights, WEB, DATABASE)
    # then nothing of it is monitored
    assert info(insights)["LifeCycle"] == "NOT_CONFIGURED"
    assert info(insights)["Remarks"] == (
        "Configuring application, detected 2 Unconfigured Components"
    )
    # when one component is
    insights.update_component_configuration(
        ResourceGroupName="shop", ComponentName=WEB, AutoConfigEnabled=True
    )
    # then it is active
    assert info(insights)["LifeCycle"] == "ACTIVE"


def test_automatic_creation_configures_what_is_found_first(monitoring, insights):
    # given an application that configures itself once
    created(monitoring, insights, WEB, AutoCreate=True)
    # when another resource comes
    monitoring.application_insights.declare("shop", [DATABASE])
    monitoring.clock.advance(seconds=10)
    # then only the first is monitored
    found = insights.list_components(ResourceGroupName="shop")["ApplicationComponentList"]
    assert {each["ComponentName"]: each["Monitor"] for each in found} == {
        WEB: True,
        DATABASE: False,
    }


def test_automatic_configuration_goes_on(monitoring, insights):
    # given an application that configures itself
    created(monitoring, insights, WEB, AutoConfigEnabled=True)
    # when another resource comes
    monitoring.application_insights.declare("shop", [DATABASE])
    monitoring.clock.advance(seconds=10)
    # then it is monitored too
    found = insights.list_components(ResourceGroupName="shop")["ApplicationComponentList"]
    assert [each["Monitor"] for each in found] == [True, True]
    assert info(insights)["Remarks"] == ""


def test_applications_are_listed_page_by_page(insights):
    for name in ("c", "a", "b"):
        insights.create_application(ResourceGroupName=name)
    first = insights.list_applications(MaxResults=2)
    second = insights.list_applications(MaxResults=2, NextToken=first["NextToken"])
    names = [
        each["ResourceGroupName"]
        for page in (first, second)
        for each in page["ApplicationInfoList"]
    ]
    assert names == ["a", "b", "c"]
    assert "NextToken" not in second
    assert refused(insights.list_applications, NextToken="x")[0] == "ValidationException"


def test_an_update_changes_what_it_names(insights):
    # given an application with topics
    topic = f"arn:aws:sns:{BASE}:ops"
    insights.create_application(
        ResourceGroupName="shop", OpsItemSNSTopicArn=topic, SNSNotificationArn=topic
    )
    # when some of it is changed
    insights.update_application(
        ResourceGroupName="shop", CWEMonitorEnabled=True, RemoveSNSTopic=True
    )
    # then the rest stays
    found = info(insights)
    assert found["CWEMonitorEnabled"] is True
    assert "OpsItemSNSTopicArn" not in found
    assert found["SNSNotificationArn"] == topic


def test_automatic_configuration_may_be_turned_on_later(monitoring, insights):
    created(monitoring, insights, WEB)
    insights.update_application(ResourceGroupName="shop", AutoConfigEnabled=True)
    [found] = insights.list_components(ResourceGroupName="shop")["ApplicationComponentList"]
    assert found["Monitor"] is True


def test_a_deleted_application_goes_a_little_later(monitoring, insights, cloudwatch):
    # given an application with an alarm
    created(monitoring, insights, WEB, AutoCreate=True)
    assert cloudwatch.describe_alarms()["MetricAlarms"]
    # when it is deleted
    insights.delete_application(ResourceGroupName="shop")
    # then its alarms are gone, and it is going
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    assert info(insights)["LifeCycle"] == "DELETING"
    assert refused(insights.delete_application, ResourceGroupName="shop")[0] == (
        "BadRequestException"
    )
    # and then it is gone
    monitoring.clock.advance(seconds=10)
    assert refused(insights.describe_application, ResourceGroupName="shop") == (
        "ResourceNotFoundException", "Application shop does not exist."
    )  # fmt: skip


def test_there_is_one_application_of_a_group(insights):
    insights.create_application(ResourceGroupName="shop")
    assert refused(insights.create_application, ResourceGroupName="shop") == (
        "ResourceInUseException", "Application shop already exists."
    )  # fmt: skip
    assert refused(insights.create_application)[0] == "ValidationException"


def test_applications_have_tags(insights):
    # given an application with a tag
    insights.create_application(ResourceGroupName="shop", Tags=[{"Key": "a", "Value": "1"}])
    # when tags are put and taken
    insights.tag_resource(
        ResourceARN=ARN, Tags=[{"Key": "a", "Value": "2"}, {"Key": "b", "Value": "3"}]
    )
    insights.untag_resource(ResourceARN=ARN, TagKeys=["b", "c"])
    # then they are so
    assert insights.list_tags_for_resource(ResourceARN=ARN)["Tags"] == [{"Key": "a", "Value": "2"}]
    many = [{"Key": str(number), "Value": ""} for number in range(50)]
    assert refused(insights.tag_resource, ResourceARN=ARN, Tags=many)[0] == "TooManyTagsException"
    assert refused(insights.list_tags_for_resource, ResourceARN=ARN + "s")[0] == (
        "ResourceNotFoundException"
    )


def test_a_monitoring_account_sees_applications_that_are_shared_with_it(monitoring):
    # given a source account with an application, linked to this one
    source = monitoring.at("210987654321")
    there = boto3.client("application-insights", **source.credentials)
    there.create_application(ResourceGroupName="theirs")
    insights, oam = (boto3.client(name) for name in ("application-insights", "oam"))
    asked = {"call": insights.list_applications, "AccountId": "210987654321"}
    assert refused(**asked)[0] == "AccessDeniedException"
    sink = oam.create_sink(Name="all")["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", '
        '"Action": "oam:*", "Resource": "*"}]}'
    ))  # fmt: skip
    boto3.client("oam", **source.credentials).create_link(
        LabelTemplate="$AccountName", SinkIdentifier=sink,
        ResourceTypes=["AWS::ApplicationInsights::Application"],
    )  # fmt: skip
    # when this one asks
    [found] = insights.list_applications(AccountId="210987654321")["ApplicationInfoList"]
    # then it sees it
    assert (found["AccountId"], found["ResourceGroupName"]) == ("210987654321", "theirs")
    assert insights.list_applications(AccountId=ACCOUNT)["ApplicationInfoList"] == []


def test_components_are_what_is_watched_of_each_kind(monitoring, insights):
    # given resources of several kinds
    created(monitoring, insights, WEB, BALANCER, DATABASE, QUEUE)
    # then each is a component
    found = insights.list_components(ResourceGroupName="shop", MaxResults=3)
    rest = insights.list_components(ResourceGroupName="shop", NextToken=found["NextToken"])
    assert [
        (each["ComponentName"], each["ResourceType"], each["Monitor"])
        for page in (found, rest) for each in page["ApplicationComponentList"]
    ] == [
        (WEB, "AWS::EC2::Instance", False),
        (BALANCER, "AWS::ElasticLoadBalancingV2::LoadBalancer", False),
        (DATABASE, "AWS::RDS::DBInstance", False),
        (QUEUE, "AWS::SQS::Queue", False),
    ]  # fmt: skip


def test_instances_are_grouped_and_ungrouped(monitoring, insights):
    # given two instances
    created(monitoring, insights, WEB, WORKER, DATABASE)
    # when they are grouped
    group = {"ResourceGroupName": "shop", "ComponentName": "servers"}
    insights.create_component(**group, ResourceList=[WEB, WORKER])
    # then they are one component
    found = insights.describe_component(**group)
    assert found["ResourceList"] == [WEB, WORKER]
    assert found["ApplicationComponent"]["OsType"] == "LINUX"
    assert names(insights) == [DATABASE, "servers"]
    # when the group gets another name and loses one of them
    insights.update_component(**group, NewComponentName="front", ResourceList=[WEB])
    # then that one stands alone again
    assert names(insights) == [WORKER, DATABASE, "front"]
    # when the group is dissolved
    insights.delete_component(ResourceGroupName="shop", ComponentName="front")
    # then so does the other
    assert names(insights) == [WEB, WORKER, DATABASE]


def names(insights, name="shop"):
    found = insights.list_components(ResourceGroupName=name)["ApplicationComponentList"]
    return [each["ComponentName"] for each in found]


@pytest.mark.parametrize(("resources", "name", "code"), [
    ([WEB], "servers", "ResourceInUseException"),
    ([WEB], "others", "ResourceInUseException"),
    ([DATABASE], "others", "ValidationException"),
    ([QUEUE], "others", "ValidationException"),
])  # fmt: skip
def test_only_standalone_instances_are_grouped(monitoring, insights, resources, name, code):
    # given a group
    created(monitoring, insights, WEB, WORKER, DATABASE)
    insights.create_component(ResourceGroupName="shop", ComponentName="servers", ResourceList=[WEB])
    # then no second is made of what isn't free, no instance, or not there
    assert refused(insights.create_component, ResourceGroupName="shop", ComponentName=name,
                   ResourceList=resources)[0] == code  # fmt: skip


def test_components_that_are_not_there_are_not_found(monitoring, insights):
    created(monitoring, insights, WEB)
    for call in (insights.describe_component, insights.delete_component):
        asked = {"ResourceGroupName": "shop", "ComponentName": "x"}
        assert refused(call, **asked)[0] == "ResourceNotFoundException"
    asked = {"ResourceGroupName": "shop", "ComponentName": "x", "NewComponentName": "y"}
    assert refused(insights.update_component, **asked)[0] == "ResourceNotFoundException"


def test_the_whole_survives_a_snapshot(monitoring, insights):
    # given an application that is being created, and a snapshot
    monitoring.application_insights.declare("shop", [WEB])
    insights.create_application(ResourceGroupName="shop", AutoCreate=True)
    kept = monitoring.snapshot()
    insights.delete_application(ResourceGroupName="shop")
    # when it is restored and time passes
    monitoring.restore(kept)
    monitoring.clock.advance(seconds=10)
    # then it is there
    assert info(insights)["LifeCycle"] == "ACTIVE"
