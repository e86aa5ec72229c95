"""Configurations: where they come from, how several are joined, and what is wrong with one."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from awsmon import Monitoring
from awsmon.agent.errors import ConfigurationError
from awsmon.errors import MisuseError
from tests.agent.conftest import append, messages

MEM = {"mem": {"measurement": ["mem_used_percent"]}}
FROM_THE_GUIDE = {
    # source: User Guide, "Manually create or edit the CloudWatch agent configuration file"
    "agent": {"metrics_collection_interval": 10, "run_as_user": "cwagent", "debug": False,
              "logfile": "/opt/aws/amazon-cloudwatch-agent/logs/amazon-cloudwatch-agent.log"},
    "metrics": {
        "namespace": "MyCustomNamespace",
        "metrics_collected": {
            "cpu": {
                "resources": ["*"],
                "measurement": [
                    {"name": "cpu_usage_idle", "rename": "CPU_USAGE_IDLE", "unit": "Percent"},
                    {"name": "cpu_usage_nice", "unit": "Percent"},
                    "cpu_usage_guest",
                ],
                "totalcpu": False,
                "metrics_collection_interval": 10,
                "append_dimensions": {"customized_dimension_key_1": "value_1"},
            },
            "disk": {
                "resources": ["/", "/tmp"],
                "measurement": [{"name": "free", "rename": "DISK_FREE", "unit": "Gigabytes"},
                                "total", "used"],
                "ignore_file_system_types": ["sysfs", "devtmpfs"],
                "metrics_collection_interval": 60,
            },
            "netstat": {"measurement": ["tcp_established", "tcp_syn_sent", "tcp_close"],
                        "metrics_collection_interval": 60},
        },
        "append_dimensions": {"ImageId": "${aws:ImageId}", "InstanceId": "${aws:InstanceId}",
                              "InstanceType": "${aws:InstanceType}",
                              "AutoScalingGroupName": "${aws:AutoScalingGroupName}"},
        "aggregation_dimensions": [["ImageId"], ["InstanceId", "InstanceType"], ["d1"], []],
        "force_flush_interval": 30,
    },
    "logs": {
        "logs_collected": {"files": {"collect_list": [
            {"file_path": "/opt/aws/agent.log", "log_group_name": "amazon-cloudwatch-agent.log",
             "log_stream_name": "my_log_stream_name_1", "timezone": "UTC"},
            {"file_path": "/opt/aws/test.log", "log_group_name": "test.log",
             "log_stream_name": "my_log_stream_name_2", "timezone": "Local",
             "timestamp_format": "%H: %M: %S%y%b%-d", "retention_in_days": -1},
        ]}},
        "log_stream_name": "my_log_stream_name",
        "force_flush_interval": 15,
    },
}  # fmt: skip


def entry(**members):
    listed = [{"file_path": "/x.log", **members}]
    return {"logs": {"logs_collected": {"files": {"collect_list": listed}}}}


def plugins(**collected):
    return {"metrics": {"metrics_collected": collected}}


def test_the_guides_example_is_understood(monitoring):
    agent = monitoring.agent(FROM_THE_GUIDE, instance_id="i-1")
    metrics, logs = agent.plan.metrics, agent.plan.logs
    assert (metrics.namespace, metrics.interval) == ("MyCustomNamespace", 30)
    assert [(each.kind, each.interval) for each in metrics.plugins] == [
        ("cpu", 10), ("disk", 60), ("netstat", 60)]  # fmt: skip
    assert metrics.plugins[0].measurements == {
        "usage_idle": ("CPU_USAGE_IDLE", "Percent"), "usage_nice": ("cpu_usage_nice", "Percent"),
        "usage_guest": ("cpu_usage_guest", "Percent"),
    }  # fmt: skip
    assert [(each.group, each.stream, each.interval) for each in logs.files] == [
        ("amazon-cloudwatch-agent.log", "my_log_stream_name_1", 15),
        ("test.log", "my_log_stream_name_2", 15),
    ]


LISTED = "/logs/logs_collected/files/collect_list/0"


@pytest.mark.parametrize(
    ("configuration", "path", "what"),
    [
        ({}, "/", "there is nothing to do"),
        ({"metric": {}}, "/metric", "there is no such member; metrics?"),
        ({"agent": {"metrics_collection_interval": "60"}, **plugins(**MEM)},
         "/agent/metrics_collection_interval", "expected an integer, got a string"),
        ({"agent": {"metrics_collection_interval": 0}, **plugins(**MEM)},
         "/agent/metrics_collection_interval", "expected 1 to 172800, got 0"),
        ({"metrics": {}}, "/metrics", "metrics_collected is missing"),
        (plugins(mem={}), "/metrics/metrics_collected/mem", "measurement is missing"),
        (plugins(mem={"measurement": ["used_precent"]}),
         "/metrics/metrics_collected/mem/measurement/0", "used_percent?"),
        (plugins(mem={"measurement": [{"name": "free", "unit": "bytes"}]}),
         "/metrics/metrics_collected/mem/measurement/0/unit", "'bytes' is none of"),
        (plugins(cpu={"measurement": ["usage_idle"], "totalcpu": False}),
         "/metrics/metrics_collected/cpu", "nothing is measured"),
        (plugins(cpu={"measurement": ["usage_idle"], "resources": ["cpu0"]}),
         "/metrics/metrics_collected/cpu/resources/0", "'cpu0' is none of *"),
        (plugins(procstat=[{"measurement": ["pid"]}]),
         "/metrics/metrics_collected/procstat/0", "one of pid_file, exe, pattern is needed"),
        (plugins(mem={"measurement": ["free"], "service.name": "shop"}),
         "/metrics/metrics_collected/mem/service.name", "doesn't do this yet: entities of metrics"),
        (plugins(collectd={}), "/metrics/metrics_collected/collectd", "doesn't do this yet"),
        (plugins(LogicalDisk={}), "/metrics/metrics_collected/LogicalDisk", "Windows' counters"),
        ({"traces": {}, **plugins(**MEM)}, "/traces", "doesn't do this yet: traces"),
        ({"metrics": {"metrics_collected": MEM, "append_dimensions": {"InstanceId": "i-1"}}},
         "/metrics/append_dimensions/InstanceId", "'i-1' is none of ${aws:InstanceId}"),
        ({"metrics": {"metrics_collected": MEM, "append_dimensions": {"Team": "a"}}},
         "/metrics/append_dimensions/Team", "there is no such member"),
        ({"metrics": {"metrics_collected": MEM, "aggregation_dimensions": ["InstanceId"]}},
         "/metrics/aggregation_dimensions/0", "expected a list, got a string"),
        ({"logs": {"logs_collected": {"files": {"collect_list": [{}]}}}}, LISTED,
         "file_path is missing"),
        (entry(retention_in_days=8), f"{LISTED}/retention_in_days", "8 is none of -1, 1, 3, 5, 7"),
        (entry(timezone="CET"), f"{LISTED}/timezone", "'CET' is none of UTC, Local, LOCAL"),
        (entry(timestamp_format="%Q"), f"{LISTED}/timestamp_format", "%Q means nothing"),
        (entry(encoding="klingon"), f"{LISTED}/encoding", "there is no encoding 'klingon'"),
        (entry(multi_line_start_pattern="("), f"{LISTED}/multi_line_start_pattern",
         "'(' is no regular expression"),
        (entry(filters=[{"type": "drop", "expression": "x"}]), f"{LISTED}/filters/0/type",
         "'drop' is none of include, exclude"),
        (entry(log_group="x"), f"{LISTED}/log_group", "no such member; log_group_name?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(monitoring, configuration, path, what):
    with pytest.raises(ConfigurationError) as caught:
        monitoring.agent(configuration)
    [(where, words)] = caught.value.problems
    assert where == path
    assert what in words
    assert f"under {path}: " in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(monitoring):
    with pytest.raises(ConfigurationError) as caught:
        monitoring.agent({**plugins(mem={}, swap={}), **entry(timezone="CET")})
    assert len(caught.value.problems) == 3


def test_a_file_is_read_and_others_are_appended(monitoring, tmp_path):
    # source: User Guide, append-config: different names are joined
    (tmp_path / "a.json").write_text(json.dumps(plugins(**MEM)))
    (tmp_path / "b.json").write_text(json.dumps(plugins(swap={"measurement": ["free"]})))
    agent = monitoring.agent(
        [f"file:{tmp_path / 'a.json'}", tmp_path / "b.json", entry(), entry(file_path="/y.log")]
    )
    assert [each.kind for each in agent.plan.metrics.plugins] == ["mem", "swap"]
    assert [each.path for each in agent.plan.logs.files] == ["/x.log", "/y.log"]


def test_configurations_that_contradict_each_other_are_refused(monitoring):
    told = [{"agent": {"region": "us-east-1"}}, {"agent": {"region": "eu-west-1"}}]
    with pytest.raises(ConfigurationError, match="under /agent/region: 'us-east-1' in one"):
        monitoring.agent(told)


def test_a_group_has_one_retention(monitoring):
    told = [entry(log_group_name="g", retention_in_days=days, file_path=f"/{days}.log")
            for days in (7, 14)]  # fmt: skip
    with pytest.raises(ConfigurationError, match="14, but g has 7 elsewhere"):
        monitoring.agent(told)


@pytest.mark.parametrize("text", ["{", "3", '"x"'])
def test_a_file_that_is_none_is_told(monitoring, tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(MisuseError, match=r"a\.json' is no (JSON|object)"):
        monitoring.agent(tmp_path / "a.json")
    with pytest.raises(MisuseError, match=r"nowhere\.json': No such file"):
        monitoring.agent("nowhere.json")


@pytest.mark.slow
def test_a_parameter_of_systems_manager_is_read(monitoring, tmp_path):
    append(tmp_path / "app.log", "a\n")
    told = entry(file_path=str(tmp_path / "app.log"), log_group_name="app")
    with mock_aws():
        boto3.client("ssm").put_parameter(
            Name="AmazonCloudWatch-linux", Value=json.dumps(told), Type="String"
        )
        with monitoring.agent("ssm:AmazonCloudWatch-linux"):
            pass
        with pytest.raises(MisuseError, match=r"'AmazonCloudWatch-windows'.*ParameterNotFound"):
            monitoring.agent("ssm:AmazonCloudWatch-windows")
    assert messages() == ["a"]
    assert len(monitoring.trail.calls("ssm", name="GetParameter")) == 2


def test_without_boto3_answered_there_is_no_agent():
    with pytest.raises(MisuseError, match="inside of mock_monitoring"):
        Monitoring(now="2026-03-02T12:00:00Z").agent(plugins(**MEM))


def test_events_are_about_a_service(monitoring, tmp_path):
    append(tmp_path / "app.log", "a\n")
    told = entry(file_path=str(tmp_path / "app.log"), log_group_name="app",
                 **{"deployment.environment": "ec2:prod"})  # fmt: skip
    told["logs"]["service.name"] = "shop"
    with monitoring.agent(told) as agent:
        pass
    assert agent.plan.logs.files[0].entity == {
        "service.name": "shop", "deployment.environment": "ec2:prod",
    }  # fmt: skip
    assert messages() == ["a"]
    assert agent.log == []
