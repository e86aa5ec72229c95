"""Component configurations, recommendations, workloads and log patterns."""

from __future__ import annotations

import json

import pytest

from awsmon.application_insights.configuration import read, written
from tests.application_insights.conftest import DATABASE, WEB, created, watched
from tests.application_insights.test_applications import refused

# recorded: the AWS CLI's example of DescribeComponentConfigurationRecommendation
RECOMMENDED = r"""{
  "alarmMetrics" : [ {
    "alarmMetricName" : "CPUUtilization",
    "monitor" : true
  }, {
    "alarmMetricName" : "StatusCheckFailed",
    "monitor" : true
  }, {
    "alarmMetricName" : "Processor % Processor Time",
    "monitor" : true
  }, {
    "alarmMetricName" : "Memory % Committed Bytes In Use",
    "monitor" : true
  }, {
    "alarmMetricName" : "LogicalDisk % Free Space",
    "monitor" : true
  }, {
    "alarmMetricName" : "Memory Available Mbytes",
    "monitor" : true
  } ],
  "logs" : [ {
    "logGroupName" : "APPLICATION-MYEC2",
    "logPath" : "",
    "logType" : "APPLICATION",
    "monitor" : true,
    "encoding" : "utf-8"
  } ],
  "windowsEvents" : [ {
    "logGroupName" : "WINDOWS_EVENTS-Application-MYEC2",
    "eventName" : "Application",
    "eventLevels" : [ "WARNING", "ERROR", "CRITICAL" ],
    "monitor" : true
  }, {
    "logGroupName" : "WINDOWS_EVENTS-System-MYEC2",
    "eventName" : "System",
    "eventLevels" : [ "WARNING", "ERROR", "CRITICAL" ],
    "monitor" : true
  }, {
    "logGroupName" : "WINDOWS_EVENTS-Security-MYEC2",
    "eventName" : "Security",
    "eventLevels" : [ "WARNING", "ERROR", "CRITICAL" ],
    "monitor" : true
  } ],
  "subComponents" : [ {
    "subComponentType" : "AWS::EC2::Volume",
    "alarmMetrics" : [ {
      "alarmMetricName" : "BurstBalance",
      "monitor" : true
    } ]
  } ]
}"""


def recommendation(insights, component=WEB, tier="DEFAULT", name="shop", **more):
    text = insights.describe_component_configuration_recommendation(
        ResourceGroupName=name, ComponentName=component, Tier=tier, **more
    )["ComponentConfiguration"]
    return json.loads(text)


def configuration(insights, component=WEB):
    return insights.describe_component_configuration(
        ResourceGroupName="shop", ComponentName=component
    )


def test_what_is_recommended_for_a_windows_instance_is_what_aws_recommends(monitoring, insights):
    # given a Windows instance
    monitoring.application_insights.declare("MYEC2", [WEB], windows=True)
    created(monitoring, insights, name="MYEC2")
    # when a recommendation is asked for
    answer = insights.describe_component_configuration_recommendation(
        ResourceGroupName="MYEC2", ComponentName=WEB, Tier="DEFAULT"
    )
    # then it is, letter for letter, that of the AWS CLI's example
    assert answer["ComponentConfiguration"] == RECOMMENDED


def test_a_recommendation_may_be_of_one_part_only(monitoring, insights):
    created(monitoring, insights, WEB)
    # when a part is asked for
    infra, work = (
        recommendation(insights, tier="JAVA_JMX", RecommendationType=kind)
        for kind in ("INFRA_ONLY", "WORKLOAD_ONLY")
    )
    # then it is that alone
    named = [each["alarmMetricName"] for each in infra["alarmMetrics"]]
    assert named == ["CPUUtilization", "StatusCheckFailed", "disk_used_percent", "mem_used_percent"]
    assert "logs" not in infra
    assert work["JMXPrometheusExporter"] == {"prometheusPort": "9404"}
    assert all(each["alarmMetricName"].startswith("java_") for each in work["alarmMetrics"])


def test_a_tier_with_several_workloads_on_an_instance_needs_a_name(monitoring, insights):
    created(monitoring, insights, WEB)
    asked = {"ResourceGroupName": "shop", "ComponentName": WEB, "Tier": "SAP_ASE_SINGLE_NODE"}
    call = insights.describe_component_configuration_recommendation
    assert refused(call, **asked)[0] == "ValidationException"
    assert call(**asked, WorkloadName="ASE")["ComponentConfiguration"]


def test_groups_are_recommended_for_what_is_in_them(monitoring, insights):
    created(monitoring, insights, WEB)
    insights.create_component(ResourceGroupName="shop", ComponentName="all", ResourceList=[WEB])
    instances, volumes = recommendation(insights, "all")["subComponents"]
    assert instances["subComponentType"] == "AWS::EC2::Instance"
    assert volumes["subComponentType"] == "AWS::EC2::Volume"


def test_a_database_is_recommended_its_own_metrics(monitoring, insights):
    created(monitoring, insights, DATABASE)
    found = recommendation(insights, DATABASE)
    assert [each["alarmMetricName"] for each in found["alarmMetrics"]][:2] == [
        "CPUUtilization", "ReadLatency"
    ]  # fmt: skip
    # and, as the User Guide's examples have it, its logs by type alone
    assert recommendation(insights, DATABASE, "ORACLE")["logs"] == [
        {"logType": "ORACLE_ALERT", "monitor": True},
        {"logType": "ORACLE_LISTENER", "monitor": False},
    ]


def test_a_configuration_is_told_in_the_services_own_form(monitoring, insights):
    # given a component
    created(monitoring, insights, WEB)
    assert configuration(insights)["Monitor"] is False
    # when it is configured as in the AWS CLI's example
    insights.update_component_configuration(
        ResourceGroupName="shop", ComponentName=WEB, ComponentConfiguration=(
            '{"logs": [], "alarmMetrics": [{"alarmMetricName": "CPUUtilization", "monitor": true}]}'
        ),
    )  # fmt: skip
    # then it is monitored, and told as there
    found = configuration(insights)
    assert (found["Monitor"], found["Tier"]) == (True, "DEFAULT")
    assert found["ComponentConfiguration"] == (
        '{\n  "alarmMetrics" : [ {\n    "alarmMetricName" : "CPUUtilization",\n'
        '    "monitor" : true\n  } ],\n  "logs" : [ ]\n}'
    )


def test_what_an_update_does_not_say_stays(monitoring, insights):
    # given a configured component
    created(monitoring, insights, WEB)
    watched(insights, logs=[])
    # when it is only turned off
    insights.update_component_configuration(
        ResourceGroupName="shop", ComponentName=WEB, Monitor=False
    )
    # then the configuration is still there
    found = configuration(insights)
    assert (found["Monitor"], found["ComponentConfiguration"]) == (False, '{\n  "logs" : [ ]\n}')


def test_nothing_is_monitored_without_a_configuration(monitoring, insights):
    created(monitoring, insights, WEB)
    assert refused(insights.update_component_configuration, ResourceGroupName="shop",
                   ComponentName=WEB, Monitor=True)[0] == "ValidationException"  # fmt: skip


@pytest.mark.parametrize(("text", "why"), [
    ("{", "it is not JSON."),
    ("[]", "the configuration is not an object."),
    ('{"metrics": []}', "the configuration has no member metrics."),
    ('{"alarmMetrics": {}}', "alarmMetrics is not a list."),
    ('{"alarmMetrics": [{}]}', "alarmMetricName is missing in alarmMetrics."),
    ('{"alarmMetrics": [{"alarmMetricName": "a", "monitor": 1}]}',
     "monitor is neither true nor false."),
    ('{"logs": [{"logGroupName": "g", "logType": "X"}]}', "X is not a valid logType."),
    ('{"logs": [{"logGroupName": 1, "logType": "IIS"}]}', "logGroupName is not a text."),
    ('{"logs": [{"logType": "IIS"}]}', "logGroupName is missing in logs."),
    ('{"windowsEvents": [{"logGroupName": "g", "eventName": "S", "eventLevels": ["BAD"]}]}',
     "BAD is not a valid eventLevels."),
    ('{"alarms": [{"alarmName": "a", "severity": "high"}]}', "high is not a valid severity."),
    ('{"subComponents": [{"subComponentType": "AWS::EC2::Vpc"}]}',
     "AWS::EC2::Vpc is not a valid subComponentType."),
    ('{"JMXPrometheusExporter": {"jmxURL": "a", "hostPort": "b"}}',
     "only one of jmxURL and hostPort can be specified."),
])  # fmt: skip
def test_a_configuration_that_is_none_is_refused(monitoring, insights, text, why):
    created(monitoring, insights, WEB)
    assert refused(
        insights.update_component_configuration, ResourceGroupName="shop", ComponentName=WEB,
        ComponentConfiguration=text,
    ) == ("ValidationException", f"Component configuration is not valid: {why}")  # fmt: skip


EXAMPLES = {
    # the User Guide's, "Component configuration examples", shortened where they repeat themselves
    "EC2": {
        "alarmMetrics": [{"alarmMetricName": "CPUUtilization", "monitor": True},
                         {"alarmMetricName": "StatusCheckFailed"}],
        "logs": [{"logGroupName": "my_log_group", "logPath": "C:\\LogFolder\\*",
                  "logType": "APPLICATION", "monitor": True},
                 {"logGroupName": "my_log_group_2", "logPath": "C:\\LogFolder2\\*",
                  "logType": "IIS", "encoding": "utf-8"}],
        "windowsEvents": [{"logGroupName": "my_log_group_3", "eventName": "Application",
                           "eventLevels": ["ERROR", "WARNING", "CRITICAL"], "monitor": True}],
        "alarms": [{"alarmName": "my_instance_alarm_1", "severity": "HIGH"},
                   {"alarmName": "my_instance_alarm_2", "severity": "LOW"}],
        "subComponents": [{"subComponentType": "AWS::EC2::Volume", "alarmMetrics": [
            {"alarmMetricName": "VolumeQueueLength", "monitor": "true"}]}],
    },
    "Java": {
        "alarmMetrics": [{"alarmMetricName": "java_lang_threading_threadcount", "monitor": True}],
        "logs": [], "JMXPrometheusExporter": {"hostPort": "8686", "prometheusPort": "9404"},
    },
    "ECS": {
        "alarmMetrics": [{"alarmMetricName": "CpuUtilized", "monitor": True}],
        "logs": [{"logGroupName": "/ecs/my-task-definition", "logType": "APPLICATION",
                  "monitor": True}],
        "subComponents": [{"subComponentType": "AWS::ElasticLoadBalancing::LoadBalancer",
                           "alarmMetrics": [{"alarmMetricName": "Latency", "monitor": True}]}],
    },
    "SAP HANA": {
        "subComponents": [{
            "subComponentType": "AWS::EC2::Instance",
            "alarmMetrics": [{"alarmMetricName": "hanadb_level_5_alerts_count", "monitor": True}],
            "logs": [{"logGroupName": "SAP_HANA_TRACE-my-resourge-group",
                      "logPath": "/usr/sap/HDB/HDB00/*/trace/*.trc", "logType": "SAP_HANA_TRACE",
                      "monitor": True, "encoding": "utf-8"}],
        }],
        "hanaPrometheusExporter": {"hanaSid": "HDB", "hanaPort": "30013",
                                   "hanaSecretName": "HANA_DB_CREDS", "prometheusPort": "9668"},
        "haClusterPrometheusExporter": {"prometheusPort": "9664"},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_documented_configurations_are_taken(monitoring, insights, name):
    created(monitoring, insights, WEB)
    watched(insights, **EXAMPLES[name])
    found = json.loads(configuration(insights)["ComponentConfiguration"])
    assert found.keys() == EXAMPLES[name].keys()


def test_what_is_written_can_be_read(monitoring, insights):
    assert written(read(RECOMMENDED)) == RECOMMENDED


def workload(name="SQL", tier="SQL_SERVER", **configuration):
    return {"WorkloadName": name, "Tier": tier, "Configuration": json.dumps(configuration)}


def test_workloads_are_added_described_changed_and_removed(monitoring, insights, cloudwatch):
    # given a component
    created(monitoring, insights, WEB)
    place = {"ResourceGroupName": "shop", "ComponentName": WEB}
    # when workloads are added
    added = insights.add_workload(
        **place, WorkloadConfiguration=workload(
            alarmMetrics=[{"alarmMetricName": "StatusCheckFailed"}]),
    )  # fmt: skip
    insights.update_workload(**place, WorkloadConfiguration=workload("JMX", "JAVA_JMX"))
    # then they are listed, with what is missing
    listed = insights.list_workloads(**place, MaxResults=1)
    [other] = insights.list_workloads(**place, NextToken=listed["NextToken"])["WorkloadList"]
    assert listed["WorkloadList"] == [
        {"WorkloadId": added["WorkloadId"], "ComponentName": WEB, "WorkloadName": "SQL",
         "Tier": "SQL_SERVER"}
    ]  # fmt: skip
    assert (other["WorkloadName"], other["MissingWorkloadConfig"]) == ("JMX", True)
    # and watched
    assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 1
    # when one is changed
    insights.update_workload(
        **place, WorkloadId=added["WorkloadId"], WorkloadConfiguration=workload(logs=[])
    )
    # then it is described so, and what it watched no more is forgotten
    found = insights.describe_workload(**place, WorkloadId=added["WorkloadId"])
    assert found["WorkloadConfiguration"]["Configuration"] == '{\n  "logs" : [ ]\n}'
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    # when it is removed
    insights.remove_workload(**place, WorkloadId=added["WorkloadId"])
    # then it is gone
    asked = {**place, "WorkloadId": added["WorkloadId"]}
    assert refused(insights.describe_workload, **asked)[0] == "ResourceNotFoundException"
    assert refused(insights.remove_workload, **asked)[0] == "ResourceNotFoundException"
    assert refused(insights.update_workload, **asked, WorkloadConfiguration=workload())[0] == (
        "ResourceNotFoundException"
    )


def test_a_component_has_five_workloads_at_most(monitoring, insights):
    # given five
    created(monitoring, insights, WEB)
    place = {"ResourceGroupName": "shop", "ComponentName": WEB}
    for number in range(5):
        insights.add_workload(**place, WorkloadConfiguration=workload(str(number)))
    # then a sixth is refused, and one of the same name
    for name, code in (("6", "ValidationException"), ("1", "ResourceInUseException")):
        assert refused(insights.add_workload, **place, WorkloadConfiguration=workload(name))[0] == (
            code
        )


def pattern(name="new", rank=750000, text="error", pattern_set="SAMPLE"):
    return {"ResourceGroupName": "shop", "PatternSetName": pattern_set, "PatternName": name,
            "Pattern": text, "Rank": rank}  # fmt: skip


def test_log_patterns_are_listed_by_set_and_rank(insights):
    # given an application with patterns
    insights.create_application(ResourceGroupName="shop")
    made = insights.create_log_pattern(**pattern())
    insights.create_log_pattern(**pattern("first", 1))
    insights.create_log_pattern(**pattern("other", 1, pattern_set="OTHER"))
    # then they are as the AWS CLI's examples show them
    assert made["LogPattern"] == {
        "PatternSetName": "SAMPLE", "PatternName": "new", "Pattern": "error", "Rank": 750000
    }  # fmt: skip
    found = insights.list_log_patterns(ResourceGroupName="shop", PatternSetName="SAMPLE")
    assert (found["ResourceGroupName"], found["AccountId"]) == ("shop", "123456789012")
    assert [each["PatternName"] for each in found["LogPatterns"]] == ["first", "new"]
    page = insights.list_log_pattern_sets(ResourceGroupName="shop", MaxResults=1)
    assert page["LogPatternSets"] == ["OTHER"]
    assert len(insights.list_log_patterns(ResourceGroupName="shop")["LogPatterns"]) == 3


def test_log_patterns_change_and_go(insights):
    # given a pattern
    insights.create_application(ResourceGroupName="shop")
    insights.create_log_pattern(**pattern())
    # when it is changed
    changed = {key: value for key, value in pattern(text="warn").items() if key != "Rank"}
    insights.update_log_pattern(**changed)
    # then what wasn't said stays
    asked = {"ResourceGroupName": "shop", "PatternSetName": "SAMPLE", "PatternName": "new"}
    found = insights.describe_log_pattern(**asked)["LogPattern"]
    assert (found["Pattern"], found["Rank"]) == ("warn", 750000)
    # when it is deleted, its set goes with it
    insights.delete_log_pattern(**asked)
    assert insights.list_log_pattern_sets(ResourceGroupName="shop")["LogPatternSets"] == []
    assert refused(insights.describe_log_pattern, **asked)[0] == "ResourceNotFoundException"
    assert refused(insights.delete_log_pattern, **asked)[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(("changes", "code"), [
    ({"name": "a", "text": "(?=x)"}, "ValidationException"),  # no DFA looks ahead
    ({"name": "a", "text": r"(a)\1"}, "ValidationException"),  # nor back
    ({"name": "a", "rank": 0}, "ValidationException"),  # AWS's own
    ({"name": "a", "rank": 1_000_001}, "ValidationException"),
    ({"name": "a"}, "ResourceInUseException"),  # of the same rank
    ({"rank": 5}, "ResourceInUseException"),  # of the same name
])  # fmt: skip
def test_log_patterns_that_cannot_be_are_refused(insights, changes, code):
    insights.create_application(ResourceGroupName="shop")
    insights.create_log_pattern(**pattern())
    assert refused(insights.create_log_pattern, **pattern(**changes))[0] == code
