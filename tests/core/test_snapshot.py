"""Snapshots: the whole state as bytes, and back."""

from __future__ import annotations

import pickle

import boto3
import pytest

from awsmon import MisuseError, Monitoring, mock_monitoring
from tests.alarms.builders import FUNCTION, TOPIC, alarm

NOW = "2026-03-02T12:00:00Z"


def build(mon):
    """An alarm in its first breaching minute, and a delivery that is to be tried again."""
    cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
    mon.bind(FUNCTION, fail)
    cloudwatch.put_metric_alarm(**alarm(actions=[TOPIC]), Tags=[{"Key": "a", "Value": "b"}])
    cloudwatch.put_metric_alarm(**alarm("failing", actions=[FUNCTION]))
    cloudwatch.set_alarm_state(AlarmName="failing", StateValue="ALARM", StateReason="x")
    mon.metrics.put("App", "Errors", 9)
    return cloudwatch


def fail(event):
    raise RuntimeError("no")


def seen(mon):
    """What a user can see of a session, a few minutes on."""
    mon.bind(FUNCTION, fail)
    mon.clock.advance(minutes=4)
    return (
        str(mon.trace()), [str(d) for d in mon.deliveries], [a.to_aws() for a in mon.alarms],
        mon.clock.now(), mon.metrics.get("App", "Errors", start=NOW), mon.backend.ids.uuid(),
    )  # fmt: skip


def test_a_restored_session_goes_on_as_the_original_does():
    with mock_monitoring(now=NOW) as mon:
        build(mon)
        snapshot = mon.snapshot()
        original = seen(mon)
        mon.restore(snapshot)
        assert mon.clock.now().isoformat() == "2026-03-02T12:00:00+00:00"
        assert seen(mon) == original
    with mock_monitoring(from_snapshot=snapshot) as copy:
        assert not copy.clock.flows
        assert seen(copy) == original


def test_a_copy_shares_nothing_with_its_source():
    with mock_monitoring(now=NOW) as mon:
        build(mon)
        snapshot = mon.snapshot()
    copies = [Monitoring(), Monitoring()]
    for copy in copies:
        copy.restore(snapshot)
    # when one copy goes on and changes
    copies[0].metrics.put("App", "Errors", 100)
    copies[0].alarms.delete("failing")
    copies[0].clock.advance(minutes=10)
    # then the other is as it was
    assert len(copies[1].alarms) == 2
    assert copies[1].alarms["too-many-errors"].state == "INSUFFICIENT_DATA"
    assert copies[1].clock.now().isoformat() == "2026-03-02T12:00:00+00:00"


def test_to_and_from_a_file(tmp_path):
    with mock_monitoring(now=NOW) as mon:
        build(mon)
        (tmp_path / "state").write_bytes(mon.snapshot())
    with mock_monitoring(from_snapshot=(tmp_path / "state").read_bytes()) as mon:
        cloudwatch = boto3.client("cloudwatch")
        assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 2
        arn = mon.alarms["too-many-errors"].arn
        assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]


def test_a_delivery_under_way_is_attempted_anew():
    # given a snapshot that a handler takes, which returns something that can't be pickled
    with mock_monitoring(now=NOW) as mon:
        taken = []

        def handler(event):
            taken.append(mon.snapshot())
            return (each for each in ())

        mon.bind(FUNCTION, handler)
        cloudwatch = boto3.client("cloudwatch", region_name="us-east-1")
        cloudwatch.put_metric_alarm(**alarm(actions=[FUNCTION]))
        cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue="ALARM", StateReason="x")
        mon.snapshot()
    # when it is restored elsewhere, and the function bound again
    copy, got = Monitoring(), []
    copy.restore(taken[0])
    copy.bind(FUNCTION, got.append)
    copy.settle()
    # then it arrives, once
    assert len(copy.deliveries) == len(got) == 1
    assert copy.deliveries[0].status == "delivered"


def test_a_snapshot_that_is_not_whole_changes_nothing():
    mon = Monitoring(now=NOW)
    state = mon.backend.state()
    del state["deliveries"]
    with pytest.raises(MisuseError, match="whole"):
        mon.restore(pickle.dumps((1, state)))
    assert mon.clock.now().isoformat() == "2026-03-02T12:00:00+00:00"


def test_flowing_time_flows_on_from_the_snapshot():
    first = Monitoring()
    first.clock.advance(days=100)
    second = Monitoring()
    second.restore(first.snapshot())
    assert abs((second.clock.now() - first.clock.now()).total_seconds()) < 5


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x80\x05N."])
def test_what_is_no_snapshot_is_refused(data):
    with pytest.raises(MisuseError, match="snapshot"):
        Monitoring().restore(data)
