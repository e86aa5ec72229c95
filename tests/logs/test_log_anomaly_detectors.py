"""Log anomaly detectors: what they learn, what they find, what one ignores of it.

Kinds of anomalies, severity and priority: CloudWatch Logs User Guide, "Log anomaly detection"; the
shape of an anomaly: the AWS CLI's example of list-anomalies.
"""

from __future__ import annotations

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.logs.conftest import NOW, refused

MINUTE = 60_000
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/app"


@pytest.fixture
def detector(monitoring, logs):
    """A detector that looks every five minutes and has learnt two hours of a quiet service."""
    for number in range(120):
        status = 404 if number == 7 else 200
        monitoring.logs.put(
            "/app", "web",
            [f"[INFO] GET /items/item{number:06} status={status} took {20 + number % 5} ms",
             f"[INFO] cache {'hit' if number % 3 else 'miss'} for tenant {number % 2}"],
        )  # fmt: skip
        monitoring.clock.advance(minutes=1)
    arn = logs.create_log_anomaly_detector(
        logGroupArnList=[GROUP], detectorName="app", evaluationFrequency="FIVE_MIN"
    )["anomalyDetectorArn"]
    monitoring.clock.advance(minutes=15)
    return arn


def found(logs, arn, **request):
    return logs.list_anomalies(anomalyDetectorArn=arn, **request)["anomalies"]


def request_line(number, *, status=200, took=22):
    return f"[INFO] GET /items/item{number:06} status={status} took {took} ms"


def test_it_trains_and_then_analyses(monitoring, logs):
    # given a group with events
    monitoring.logs.put("/app", "web", "hello")
    # when a detector is made
    arn = logs.create_log_anomaly_detector(
        logGroupArnList=[GROUP], anomalyVisibilityTime=30, tags={"a": "b"},
    )["anomalyDetectorArn"]  # fmt: skip
    # then it trains for fifteen minutes
    made = logs.get_log_anomaly_detector(anomalyDetectorArn=arn)
    assert made["anomalyDetectorStatus"] == "TRAINING"
    assert (made["creationTimeStamp"], made["anomalyVisibilityTime"]) == (NOW, 30)
    monitoring.clock.advance(minutes=15)
    [listed] = logs.list_log_anomaly_detectors(filterLogGroupArn=GROUP)["anomalyDetectors"]
    assert (listed["anomalyDetectorArn"], listed["anomalyDetectorStatus"]) == (arn, "ANALYZING")
    assert listed["logGroupArnList"] == [GROUP]
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "b"}
    # and is gone when it is deleted
    logs.delete_log_anomaly_detector(anomalyDetectorArn=arn)
    assert logs.list_log_anomaly_detectors()["anomalyDetectors"] == []


def test_what_is_usual_is_no_anomaly(monitoring, logs, detector):
    for number in range(60):
        monitoring.logs.put("/app", "web", request_line(number, took=20 + number % 5))
        monitoring.clock.advance(minutes=1)
    assert found(logs, detector) == []


def test_a_pattern_that_was_never_seen(monitoring, logs, detector):
    # when something new is logged
    monitoring.logs.put("/app", "web", ["ERROR no connection to 10.0.0.7"] * 2)
    monitoring.clock.advance(minutes=5)
    # then the window that it fell into has an anomaly, grave by its words
    [anomaly] = found(logs, detector)
    assert (anomaly["priority"], anomaly["state"], anomaly["active"]) == ("HIGH", "Active", True)
    assert anomaly["description"] == "New pattern"
    assert anomaly["patternString"] == "ERROR no connection to <*>"
    assert anomaly["patternRegex"] == r"\QERROR no connection to \E.*"
    start = NOW + 135 * MINUTE
    assert (anomaly["firstSeen"], anomaly["lastSeen"]) == (start, start + 5 * MINUTE)
    assert anomaly["histogram"] == {str(start): 2}
    assert anomaly["logSamples"][0] == {
        "timestamp": start,
        "message": "ERROR no connection to 10.0.0.7",
    }
    assert anomaly["patternTokens"] == [
        {"dynamicTokenPosition": 0, "isDynamic": False, "tokenString": "ERROR no connection to ",
         "enumerations": {}},
        {"dynamicTokenPosition": 1, "isDynamic": True, "tokenString": "<*>",
         "enumerations": {"10.0.0.7": 2}, "inferredTokenName": "IPAddress-1"},
    ]  # fmt: skip
    # and it is the same one in the next window, and over some windows later
    monitoring.logs.put("/app", "web", "ERROR no connection to 10.0.0.8")
    monitoring.clock.advance(minutes=5)
    [again] = found(logs, detector)
    assert again["anomalyId"] == anomaly["anomalyId"]
    assert len(again["histogram"]) == 2
    monitoring.clock.advance(minutes=10)
    assert found(logs, detector)[0]["active"] is False


@pytest.mark.parametrize(
    ("lines", "description", "priority"),
    [
        # 120 events in 27 windows of five minutes are 4.44 a window
        ([request_line(n) for n in range(60)], "1250% increase in count", "HIGH"),
        ([request_line(n) for n in range(20)], "350% increase in count", "MEDIUM"),
        ([request_line(1, took=900)], "Unexpected value 900 for Time 3", "HIGH"),
        ([request_line(1, took=60)], "Unexpected value 60 for Time 3", "LOW"),
        ([request_line(n, status=503) for n in range(4)], "Unexpected value 503 for Status 2",
         "HIGH"),
        (["[INFO] cache broken for tenant 1"], "Unexpected value broken for Token 1", "LOW"),
    ],
)  # fmt: skip
def test_each_kind_of_anomaly(monitoring, logs, detector, lines, description, priority):
    monitoring.logs.put("/app", "web", lines)
    monitoring.clock.advance(minutes=5)
    [anomaly] = found(logs, detector)
    assert (anomaly["description"], anomaly["priority"]) == (description, priority)


def test_a_few_http_errors_are_usual(monitoring, logs, detector):
    monitoring.logs.put("/app", "web", request_line(1, status=404))
    monitoring.clock.advance(minutes=5)
    assert found(logs, detector) == []


def test_an_anomaly_moves_an_alarm(monitoring, logs, detector):
    # given an alarm on anomalies of high priority
    cloudwatch = boto3.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="unusual", Namespace="AWS/Logs", MetricName="AnomalyCount", Statistic="Sum",
        Dimensions=[{"Name": "LogAnomalyDetector", "Value": "app"},
                    {"Name": "LogAnomalyPriority", "Value": "HIGH"}],
        Period=60, EvaluationPeriods=1, Threshold=0, ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )  # fmt: skip
    # when something of low priority is found, and then something of high priority
    monitoring.logs.put("/app", "web", "something new")
    monitoring.clock.advance(minutes=5)
    assert monitoring.alarms["unusual"].state == "OK"
    monitoring.logs.put("/app", "web", "FATAL disk is full")
    monitoring.clock.advance(minutes=6)
    # then
    assert monitoring.alarms["unusual"].state == "ALARM"


def test_an_anomaly_is_suppressed_for_a_time(monitoring, logs, detector):
    monitoring.logs.put("/app", "web", "ERROR it broke")
    monitoring.clock.advance(minutes=5)
    [anomaly] = found(logs, detector)
    # when it is suppressed for an hour
    logs.update_anomaly(
        anomalyDetectorArn=detector, anomalyId=anomaly["anomalyId"], suppressionType="LIMITED",
        suppressionPeriod={"value": 1, "suppressionUnit": "HOURS"},
    )  # fmt: skip
    monitoring.logs.put("/app", "web", "ERROR it broke")
    monitoring.clock.advance(minutes=5)
    # then nothing is added to it
    assert found(logs, detector, suppressionState="UNSUPPRESSED") == []
    [quiet] = found(logs, detector, suppressionState="SUPPRESSED")
    assert (quiet["state"], quiet["histogram"]) == ("Suppressed", anomaly["histogram"])
    assert quiet["suppressedUntil"] - quiet["suppressedDate"] == 60 * MINUTE
    assert quiet["isPatternLevelSuppression"] is False
    # and when the hour is over it is reported again
    monitoring.clock.advance(hours=1)
    monitoring.logs.put("/app", "web", "ERROR it broke")
    monitoring.clock.advance(minutes=5)
    [loud] = found(logs, detector)
    assert (loud["state"], len(loud["histogram"])) == ("Active", 2)


def test_a_pattern_is_suppressed_for_good_and_no_longer(monitoring, logs, detector):
    monitoring.logs.put("/app", "web", request_line(1, took=900))
    monitoring.clock.advance(minutes=5)
    [anomaly] = found(logs, detector)
    pattern = {"anomalyDetectorArn": detector, "patternId": anomaly["patternId"]}
    # when its pattern is suppressed
    logs.update_anomaly(**pattern, suppressionType="INFINITE")
    # then other anomalies of the pattern aren't reported either
    monitoring.logs.put("/app", "web", [request_line(n) for n in range(60)])
    monitoring.clock.advance(minutes=5)
    [known] = found(logs, detector)
    assert (known["suppressed"], known["suppressedUntil"]) == (True, 0)
    assert known["isPatternLevelSuppression"] is True
    # until the suppression is ended
    logs.update_anomaly(**pattern)
    monitoring.logs.put("/app", "web", [request_line(n) for n in range(60)])
    monitoring.clock.advance(minutes=5)
    assert [each["suppressed"] for each in found(logs, detector)] == [False, False]


def test_what_is_accepted_or_visible_for_long_is_usual(monitoring, logs, detector):
    # given two new patterns
    monitoring.logs.put("/app", "web", ["new thing", "ERROR it broke again"])
    monitoring.clock.advance(minutes=5)
    first, second = found(logs, detector)
    # when one is taken for usual, and the other was visible for three weeks
    logs.update_anomaly(anomalyDetectorArn=detector, anomalyId=first["anomalyId"], baseline=True)
    assert found(logs, detector)[0]["state"] == "Baseline"
    monitoring.clock.advance(days=21)
    assert [each["state"] for each in found(logs, detector)] == ["Baseline", "Baseline"]
    # then neither is reported when it comes again
    monitoring.logs.put("/app", "web", ["new thing", "ERROR it broke again"])
    monitoring.clock.advance(minutes=5)
    assert [each["histogram"] for each in found(logs, detector)] == [
        first["histogram"], second["histogram"],
    ]  # fmt: skip


def test_it_pauses_and_goes_on(monitoring, logs, detector):
    logs.update_log_anomaly_detector(anomalyDetectorArn=detector, enabled=False)
    monitoring.logs.put("/app", "web", "ERROR while it rests")
    monitoring.clock.advance(minutes=5)
    made = logs.get_log_anomaly_detector(anomalyDetectorArn=detector)
    assert (made["anomalyDetectorStatus"], found(logs, detector)) == ("PAUSED", [])
    # when it goes on it looks at what comes then, as often as it now should
    logs.update_log_anomaly_detector(
        anomalyDetectorArn=detector, enabled=True, evaluationFrequency="ONE_MIN",
        filterPattern="-secret", anomalyVisibilityTime=7,
    )  # fmt: skip
    monitoring.logs.put("/app", "web", ["ERROR and when it woke", "ERROR secret"])
    monitoring.clock.advance(minutes=1)
    assert [each["patternString"] for each in found(logs, detector)] == ["ERROR and when it woke"]
    made = logs.get_log_anomaly_detector(anomalyDetectorArn=detector)
    assert (made["anomalyDetectorStatus"], made["evaluationFrequency"], made["filterPattern"],
            made["anomalyVisibilityTime"]) == ("ANALYZING", "ONE_MIN", "-secret", 7)  # fmt: skip


def test_without_events_it_learns_from_the_first(monitoring, logs, stream):
    arn = logs.create_log_anomaly_detector(logGroupArnList=[GROUP])["anomalyDetectorArn"]
    monitoring.clock.advance(hours=1)
    status = logs.get_log_anomaly_detector(anomalyDetectorArn=arn)["anomalyDetectorStatus"]
    assert status == "TRAINING"
    monitoring.logs.put("/app", "web", "ERROR as ever")
    monitoring.clock.advance(minutes=5)
    monitoring.logs.put("/app", "web", ["ERROR as ever", "something else"])
    monitoring.clock.advance(minutes=5)
    assert [each["patternString"] for each in found(logs, arn)] == ["something else"]


def test_it_fails_when_its_group_goes(monitoring, logs, detector):
    monitoring.logs.put("/app", "web", "ERROR it broke")
    logs.delete_log_group(logGroupName="/app")
    monitoring.clock.advance(minutes=5)
    made = logs.get_log_anomaly_detector(anomalyDetectorArn=detector)
    assert made["anomalyDetectorStatus"] == "FAILED"


def test_masked_data_is_not_scanned(monitoring, logs, detector):
    identifiers = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
    operations = {"Audit": {"FindingsDestination": {}}}, {"Deidentify": {"MaskConfig": {}}}
    document = {
        "Name": "mask", "Version": "2021-06-01",
        "Statement": [{"DataIdentifier": identifiers, "Operation": each} for each in operations],
    }  # fmt: skip
    logs.put_data_protection_policy(logGroupIdentifier="/app", policyDocument=json.dumps(document))
    monitoring.logs.put("/app", "web", "mail to ann@example.com bounced")
    monitoring.clock.advance(minutes=5)
    [anomaly] = found(logs, detector)
    assert "ann@" not in str(anomaly)


@pytest.mark.parametrize(
    ("call", "request_", "code"),
    [
        ("create_log_anomaly_detector", {"logGroupArnList": [GROUP, GROUP + "2"]},
         "InvalidParameterException"),
        ("create_log_anomaly_detector", {"logGroupArnList": [GROUP + "2"]},
         "ResourceNotFoundException"),
        ("create_log_anomaly_detector", {"logGroupArnList": [GROUP]}, "LimitExceededException"),
        ("get_log_anomaly_detector", {"anomalyDetectorArn": "arn:x"}, "ResourceNotFoundException"),
        ("delete_log_anomaly_detector", {"anomalyDetectorArn": "arn:x"},
         "ResourceNotFoundException"),
        ("update_log_anomaly_detector", {"anomalyDetectorArn": "arn:x", "enabled": True},
         "ResourceNotFoundException"),
        ("list_anomalies", {"anomalyDetectorArn": "arn:x"}, "ResourceNotFoundException"),
        ("update_anomaly", {}, "InvalidParameterException"),
        ("update_anomaly", {"anomalyId": "a" * 36, "patternId": "b" * 32},
         "InvalidParameterException"),
        ("update_anomaly", {"anomalyId": "a" * 36}, "ResourceNotFoundException"),
    ],
)  # fmt: skip
def test_refusals(logs, detector, call, request_, code):
    if call == "update_anomaly":
        request_ = {"anomalyDetectorArn": detector, **request_}
    with pytest.raises(ClientError) as caught:
        getattr(logs, call)(**request_)
    assert refused(caught)[0] == code
    assert len(logs.list_log_anomaly_detectors()["anomalyDetectors"]) == 1


def test_a_limited_suppression_says_how_long(monitoring, logs, detector):
    monitoring.logs.put("/app", "web", "ERROR it broke")
    monitoring.clock.advance(minutes=5)
    [anomaly] = found(logs, detector)
    with pytest.raises(ClientError) as caught:
        logs.update_anomaly(
            anomalyDetectorArn=detector, anomalyId=anomaly["anomalyId"], suppressionType="LIMITED"
        )
    assert refused(caught)[0] == "InvalidParameterException"
    assert found(logs, detector) == [anomaly]
