"""Log alarms: what they are made of, and judging them when their query was run.

Lives here: `LogAlarms`, which has a scheduled query made for each of them and hears of its runs.
A run that found nothing, or failed, is a missing datapoint. Source: API reference, PutLogAlarm; how
reasons and notifications of log alarms read is unverified.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from awsmon.alarms.contributors import judge
from awsmon.alarms.evaluation import evaluate
from awsmon.alarms.model import LogAlarm
from awsmon.alarms.reasons import reason, timestamp
from awsmon.core.neighbours import Bucket, ManagedQuery, WatchedSeries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.alarms.aggregations import Aggregation
    from awsmon.alarms.evaluation import Verdict
    from awsmon.alarms.service import Alarms
    from awsmon.core.events import ScheduledQueryFinished

__all__ = ["LogAlarms"]


class LogAlarms:
    """The log alarms of one account and region."""

    def __init__(self, alarms: Alarms) -> None:
        self._alarms = alarms
        self._by_query: dict[str, str] = {}

    def follow(self, alarm: LogAlarm, known: LogAlarm | None) -> None:
        """A new alarm, or a new configuration of one: its query is scheduled."""
        configuration = alarm.scheduled_query_configuration
        schedule = configuration["ScheduleConfiguration"]
        found = _aggregation(alarm)
        query = " | ".join(filter(None, [configuration["QueryString"], f"stats {found.text}"]))
        configuration["QueryARN"] = self._alarms.scheduled_queries.manage(
            ManagedQuery(
                arn=known.scheduled_query_configuration["QueryARN"] if known else None,
                owner=alarm.name, text=query, role=configuration["ScheduledQueryRoleARN"],
                groups=tuple(configuration.get("LogGroupIdentifiers", ())),
                schedule=schedule["ScheduleExpression"], start_offset=schedule["StartTimeOffset"],
                end_offset=schedule.get("EndTimeOffset", 0),
                tags={each["Key"]: each["Value"] for each in configuration.get("Tags", ())},
            )
        )  # fmt: skip
        alarm.labels = found.labels
        self._by_query[configuration["QueryARN"]] = alarm.name
        if known is not None and known.labels == alarm.labels:
            alarm.results, alarm.contributors = known.results, known.contributors

    def forget(self, alarm: LogAlarm, *, replaced: bool) -> None:
        """It hears of no more runs; deleted, its query goes too."""
        arn = alarm.scheduled_query_configuration["QueryARN"]
        del self._by_query[arn]
        if not replaced:
            self._alarms.scheduled_queries.unmanage(arn)

    def scheduled_query_finished(self, event: ScheduledQueryFinished) -> None:
        """Judge the alarm whose query it was."""
        if event.query not in self._by_query:
            return
        alarm = self._alarms[self._by_query[event.query]]
        assert isinstance(alarm, LogAlarm)
        alarm.evaluation_state = None if event.complete else "EVALUATION_FAILURE"
        alarm.results.append((event.triggered, _values(alarm, event.rows)))
        del alarm.results[: -alarm.evaluation_periods]
        full = len(alarm.results) == alarm.evaluation_periods and all(
            values for _, values in alarm.results
        )
        if alarm.warming_up(self._alarms.clock.now(), full=full):
            alarm.evaluation_state = "IN_WARM_UP"
        elif alarm.several:
            judge(self._alarms, alarm, _series(alarm))
        else:
            self._judge(alarm)

    def _judge(self, alarm: LogAlarm) -> None:
        verdict = evaluate(alarm, _window(alarm, ()))
        if verdict.state is not None and verdict.state is not alarm.state:
            data = self._data(alarm, verdict)
            self._alarms.enter(alarm, verdict.state, reason(alarm, verdict, alarm.state), data)

    def _data(self, alarm: LogAlarm, verdict: Verdict) -> str:
        told = {
            "version": "1.0",
            "queryDate": timestamp(self._alarms.clock.now()),
            "recentDatapoints": [bucket.value for bucket in verdict.considered],
            "threshold": alarm.threshold,
        }
        return json.dumps(told, separators=(",", ":"))

    def lines(self, alarm: LogAlarm) -> list[str]:
        """The log lines that go with a notification, of the query's latest run."""
        count = alarm.action_log_line_count or 0
        configuration = alarm.scheduled_query_configuration
        if not count:
            return []
        return self._alarms.scheduled_queries.lines(
            configuration["QueryARN"], configuration["QueryString"], count
        )


def _aggregation(alarm: LogAlarm) -> Aggregation:
    from awsmon.alarms.aggregations import aggregation  # Insights loads when somebody uses it

    return aggregation(alarm.scheduled_query_configuration["AggregationExpression"])


def _values(alarm: LogAlarm, rows: tuple[Mapping[str, str], ...]) -> dict[tuple[str, ...], float]:
    column = _aggregation(alarm).value
    found = {}
    for row in rows:
        try:
            value = float(row[column])
        except (KeyError, ValueError):
            continue
        found[tuple(row.get(label, "Other") for label in alarm.labels)] = value
    return found


def _window(alarm: LogAlarm, labels: tuple[str, ...]) -> list[Bucket | None]:
    return [
        Bucket(at, 1.0, values[labels]) if labels in values else None
        for at, values in alarm.results
    ]


def _series(alarm: LogAlarm) -> list[WatchedSeries]:
    """Each that some of the latest runs has a value of."""
    known = dict.fromkeys(labels for _, values in alarm.results for labels in values)
    return [
        WatchedSeries("", " ".join(labels), dict(zip(alarm.labels, labels, strict=True)),
                      _window(alarm, labels))
        for labels in known
    ]  # fmt: skip
