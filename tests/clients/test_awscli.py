"""The AWS CLI in process: what `aws cloudwatch ...` prints and returns (`.ci/clients`).

From 1.46 on awscli carries a copy of botocore: imported first, it is found as `botocore`; imported
after the installed one, it works with that. awscli 2 imports its copy as `awscli.botocore`.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from awsmon import mock_monitoring
from tests.alarms.builders import alarm

NOW = "2026-03-02T12:00:00Z"


def aws(*words):
    """The exit code of an ``aws`` command, run in this process."""
    clidriver = pytest.importorskip("awscli.clidriver")
    return clidriver.create_clidriver().main(list(words))


def put(value="9"):
    return aws(
        "cloudwatch", "put-metric-data", "--namespace", "App", "--metric-name", "Errors",
        "--value", value,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _the_data_of_the_command_line(monkeypatch):
    """Its import puts them into the environment, once; tests start without."""
    awscli = pytest.importorskip("awscli")
    data = Path(awscli.__file__ or __file__).parent / "data"
    monkeypatch.setenv("AWS_DATA_PATH", str(data))


def test_it_puts_a_datapoint_that_raises_an_alarm(capsys):
    with mock_monitoring(now=NOW) as mon:
        boto3.client("cloudwatch").put_metric_alarm(**alarm())
        assert put() == 0
        mon.clock.advance(minutes=1)
        assert aws("cloudwatch", "describe-alarms", "--output", "json") == 0
        [shown] = json.loads(capsys.readouterr().out)["MetricAlarms"]
    assert shown["StateValue"] == "ALARM"
    assert shown["StateUpdatedTimestamp"].startswith("2026-03-02T12:01:00")


@pytest.mark.parametrize("output", ["text", "table"])
def test_it_prints_as_text_and_as_a_table(capsys, output):
    with mock_monitoring(now=NOW):
        boto3.client("cloudwatch").put_metric_alarm(**alarm())
        assert aws("cloudwatch", "describe-alarms", "--output", output) == 0
        printed = capsys.readouterr().out
    assert "too-many-errors" in printed
    assert "2026-03-02" in printed


def test_it_pages_and_queries(capsys):
    with mock_monitoring(now=NOW):
        for number in range(5):
            boto3.client("cloudwatch").put_metric_alarm(**alarm(f"a{number}"))
        assert aws(
            "cloudwatch", "describe-alarms", "--page-size", "2", "--output", "text",
            "--query", "MetricAlarms[].AlarmName",
        ) == 0  # fmt: skip
        assert capsys.readouterr().out.split() == ["a0", "a1", "a2", "a3", "a4"]


def test_an_error_is_an_exit_code_and_a_line(capsys):
    with mock_monitoring(now=NOW):
        code = aws(
            "cloudwatch", "set-alarm-state", "--alarm-name", "none", "--state-value", "OK",
            "--state-reason", "x",
        )  # fmt: skip
    assert code in (254, 255)
    assert "(ResourceNotFound)" in capsys.readouterr().err


def test_on_the_wire_path_too(capsys):
    with mock_monitoring(now=NOW, wire=True) as mon:
        assert put() == 0
        assert aws("cloudwatch", "list-metrics", "--output", "json") == 0
        assert [metric.name for metric in mon.metrics] == ["Errors"]
    assert json.loads(capsys.readouterr().out)["Metrics"][0]["MetricName"] == "Errors"


def test_a_service_that_nobody_answers_is_refused(capsys):
    with mock_monitoring(now=NOW):
        assert aws("sqs", "list-queues") in (1, 255)
    assert "No mock answers" in capsys.readouterr().err


def test_the_command_line_imported_before_everything_else():
    pytest.importorskip("awscli.clidriver")
    code = (
        "import awscli.clidriver\n"
        "from awsmon import mock_monitoring\n"
        "with mock_monitoring(now='2026-03-02T12:00:00Z') as mon:\n"
        "    driver = awscli.clidriver.create_clidriver()\n"
        "    assert driver.main(['cloudwatch', 'put-metric-data', '--namespace', 'App',\n"
        "                        '--metric-name', 'x', '--value', '1']) == 0\n"
        "    assert [metric.name for metric in mon.metrics] == ['x']\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_validates_the_files_of_a_trail(capsys):
    moto = pytest.importorskip("moto")
    # given a trail that validates, and a call (the command line reads keys as the wire has them)
    with mock_monitoring(now=NOW, wire=True) as mon, moto.mock_aws():
        s3, trail = boto3.client("s3", "us-east-1"), boto3.client("cloudtrail", "us-east-1")
        s3.create_bucket(Bucket="records")
        arn = trail.create_trail(
            Name="main", S3BucketName="records", EnableLogFileValidation=True
        )["TrailARN"]  # fmt: skip
        trail.start_logging(Name="main")
        mon.clock.advance(hours=2, minutes=30)
        validate = (
            "cloudtrail", "validate-logs", "--trail-arn", arn, "--start-time", NOW,
            "--end-time", "2026-03-02T15:00:00Z", "--verbose",
        )  # fmt: skip
        # then its files are valid
        assert aws(*validate) == 0
        printed = capsys.readouterr().out
        assert "2/2 digest files valid" in printed
        assert "log files valid" in printed
        # until somebody changes one
        (key,) = [each["Key"] for each in s3.list_objects_v2(Bucket="records")["Contents"]
                  if "/CloudTrail/" in each["Key"]][:1]  # fmt: skip
        s3.put_object(Bucket="records", Key=key, Body=gzip.compress(b"{}"))
        assert aws(*validate) == 1
        assert "INVALID" in capsys.readouterr().out
