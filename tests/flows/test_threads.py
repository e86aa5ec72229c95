"""One lock, users' code outside: nothing is lost, nothing deadlocks, whoever calls when."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import boto3
import pytest

from awsmon import mock_monitoring
from tests.alarms.builders import FUNCTION, alarm

NOW = "2026-03-02T12:00:00Z"
THREADS = 16
BATCH = 125
MINUTES = 5


def put_all(client, share, minute, at):
    """One thread's part of one minute: batches of datapoints, by boto3."""
    data = [{"MetricName": "Errors", "Value": 1.0, "Timestamp": at}] * BATCH
    for _ in range(share):
        client.put_metric_data(Namespace="App", MetricData=data)


def run(threads: int, batches: int) -> tuple[float, list[str], int]:
    """Put so many batches a minute, alarms firing, a handler calling boto3 from its own threads."""
    with mock_monitoring(now=NOW, process_time=False) as mon:
        client = boto3.client("cloudwatch")
        called = []

        def handler(event):
            def again():
                client.put_metric_data(
                    Namespace="App", MetricData=[{"MetricName": "Handled", "Value": 1}]
                )

            thread = threading.Thread(target=again)
            thread.start()
            thread.join(30)
            assert not thread.is_alive()
            called.append(event["alarmData"]["state"]["value"])

        mon.bind(FUNCTION, handler)
        client.put_metric_alarm(
            **alarm(threshold=batches * BATCH - 1, actions=[FUNCTION], OKActions=[FUNCTION])
        )
        for minute in range(MINUTES):
            share = batches if minute % 2 == 0 else 0
            at = mon.clock.now()
            with ThreadPoolExecutor(threads) as pool:
                for each in [
                    pool.submit(put_all, client, share // threads, minute, at)
                    for _ in range(threads)
                ]:
                    each.result()
            mon.metrics.put("App", "Errors", 0)
            mon.clock.advance(minutes=1)
        samples = client.get_metric_statistics(
            Namespace="App", MetricName="Errors", StartTime=NOW, Period=3600,
            EndTime=mon.clock.now() + timedelta(hours=1), Statistics=["Sum"],
        )["Datapoints"]  # fmt: skip
        history = [
            (item["Timestamp"].isoformat(), item["HistorySummary"])
            for item in client.describe_alarm_history()["AlarmHistoryItems"]
        ]
        return sum(point["Sum"] for point in samples), history, len(called)


@pytest.mark.slow
def test_sixteen_threads_put_as_one_does():
    # given 100,000 datapoints in five minutes, three of which breach
    batches = 272  # a minute; 272 * 125 * 3 = 102,000
    many, history, called = run(THREADS, batches)
    one, alone, called_alone = run(1, batches)
    # then nothing is lost, and the history is that of one thread
    assert many == one == 3 * batches * BATCH
    assert history == alone
    assert called == called_alone == 5
