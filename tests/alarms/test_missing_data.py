"""The documented tables of missing data and M of N.

Source: CloudWatch User Guide, "How alarm state is evaluated when data is missing" (the 2023 tables,
and the rows that only the 2019 tables have). 0 is within the threshold, X breaches, - is missing;
the newest datapoint is on the right, and five are retrieved.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.alarms.builders import alarm

KEPT = "the state it was in"
OK, ALARM, NO_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

THREE_OF_THREE = [
    # data, missing, ignore, breaching, notBreaching
    ("0 - X - X", OK, OK, OK, OK),
    ("0 - - - -", OK, OK, OK, OK),
    ("- - - - -", NO_DATA, KEPT, ALARM, OK),
    ("0 X X - X", ALARM, ALARM, ALARM, ALARM),
    ("- - X - -", ALARM, KEPT, ALARM, OK),
    ("- - - - X", KEPT, KEPT, ALARM, OK),  # 2019: "Insufficient data", which it was before
    ("X - - - -", ALARM, KEPT, ALARM, OK),  # 2019
]
TWO_OF_THREE = [
    ("0 - X - X", ALARM, ALARM, ALARM, ALARM),
    ("0 0 X 0 X", ALARM, ALARM, ALARM, ALARM),
    ("0 - X - -", OK, OK, ALARM, OK),
    ("- - - - 0", OK, OK, ALARM, OK),
    ("- - - X -", ALARM, KEPT, ALARM, OK),
    ("- - - - X", KEPT, KEPT, ALARM, OK),  # 2019, as above
]
TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"]
CASES = [
    pytest.param(needed, data, treatment, expected, id=f"{needed} of 3, {data}, {treatment}")
    for needed, table in [(3, THREE_OF_THREE), (2, TWO_OF_THREE)]
    for data, *outcomes in table
    for treatment, expected in zip(TREATMENTS, outcomes, strict=True)
]


@pytest.mark.parametrize("before", [OK, ALARM, NO_DATA])
@pytest.mark.parametrize(("needed", "data", "treatment", "expected"), CASES)
def test_the_documented_outcome(monitoring, cloudwatch, before, needed, data, treatment, expected):
    # given five minutes of data, and an alarm that was put in a state just now
    start = monitoring.clock.now()
    monitoring.clock.advance(minutes=4, seconds=30)
    for minute, point in enumerate(data.split()):
        if point != "-":
            at = start + timedelta(minutes=minute)
            monitoring.metrics.put("App", "Errors", 10 if point == "X" else 0, at=at)
    cloudwatch.put_metric_alarm(**alarm(periods=3, needed=needed, missing=treatment))
    cloudwatch.set_alarm_state(AlarmName="too-many-errors", StateValue=before, StateReason="a test")
    # when it is evaluated
    monitoring.clock.advance(seconds=30)
    # then it is in the documented state
    state = monitoring.alarms["too-many-errors"].state
    assert state == (before if expected is KEPT else expected)
