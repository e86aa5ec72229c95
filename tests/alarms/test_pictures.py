"""Pictures of alarms: where along the foot of the chart which state's colour is."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone

import pytest

from awsmon import MisuseError
from tests.alarms.builders import alarm

image = pytest.importorskip("matplotlib.image")
np = pytest.importorskip("numpy")

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)
RED, GREEN, BLUE = (209, 50, 18), (29, 129, 2), (31, 119, 180)
LEFT, RIGHT = 56, 748
"""Columns at which a chart of 800 pixels begins and ends."""


@pytest.fixture
def mon(monitoring, cloudwatch):
    """An hour: errors in the minutes from 20 to 39, an alarm upon them and one upon that."""
    cloudwatch.put_metric_alarm(**alarm(missing="notBreaching"))
    cloudwatch.put_metric_alarm(**alarm("quiet", threshold=1000, missing="notBreaching"))
    cloudwatch.put_composite_alarm(
        AlarmName="both", AlarmRule="ALARM(too-many-errors) OR ALARM(quiet)"
    )
    values = [(NOON + minute * MINUTE, 9 if 20 <= minute < 40 else 1) for minute in range(60)]
    monitoring.metrics.put_series("App", "Errors", values)
    monitoring.clock.advance(minutes=60)
    return monitoring


def pixels(data):
    found = image.imread(io.BytesIO(data), format="png")
    return (found[:, :, :3] * 255).round().astype(int)


def columns(picture, color, rows=slice(None)):
    """The first and the last column that have a colour in these rows."""
    near = (abs(picture[rows] - np.array(color)).max(axis=2) < 12).any(axis=0).nonzero()[0]
    return near.min(), near.max()


def minutes(place, picture_from=LEFT, picture_to=RIGHT):
    return (place - picture_from) / (picture_to - picture_from) * 60


def test_the_states_are_bands_behind_the_metric(mon):
    # given an alarm that was in ALARM from 12:21 to 12:41
    assert [each.summary[-5:] for each in mon.alarms.history.since(mon.clock.now())
            if each.alarm_name == "too-many-errors" and each.item_type == "StateUpdate"
            ] == ["to OK", "ALARM", "to OK"]  # fmt: skip
    # when its picture is drawn
    picture = pixels(mon.alarms.picture("too-many-errors", start=NOON))
    # then the strip at the chart's foot is red just then, green before and after
    first, last = columns(picture, RED, slice(290, 300))
    assert minutes(first) == pytest.approx(21, abs=0.3)
    assert minutes(last) == pytest.approx(41, abs=0.3)
    assert columns(picture, GREEN, slice(290, 300)) == pytest.approx(
        (LEFT + (RIGHT - LEFT) / 60, RIGHT), abs=3
    )
    # and above it the metric is high where it was
    first, last = columns(picture, BLUE, slice(30, 100))
    assert (minutes(first), minutes(last)) == pytest.approx((20, 39), abs=1)


def test_a_composite_alarm_stands_over_the_alarms_of_its_rule(mon):
    picture = pixels(mon.alarms.picture("both", start=NOON))
    # in its own lane and in that of the alarm that decided, red is where it was in ALARM
    height = len(picture)
    lanes = [slice(40, 60), slice(70, 90)]
    spans = [columns(picture, RED, lane) for lane in lanes]
    assert spans[0] == spans[1]
    # the alarm that never went off has no red in its lane
    third = picture[98 : height - 62]
    assert not (abs(third - np.array(RED)).max(axis=2) < 12).any()


def test_an_alarm_that_is_not_there_cannot_be_drawn(mon):
    with pytest.raises(Exception, match="no alarm 'nobody'"):
        mon.alarms.picture("nobody")
    with pytest.raises(MisuseError, match="start must be before end"):
        mon.alarms.picture("both", start=NOON, end=NOON)


def test_what_was_before_the_shown_time_counts(mon):
    # given that nothing changes in the last ten minutes
    picture = pixels(mon.alarms.picture("too-many-errors", start=NOON + 50 * MINUTE))
    # then all of the strip is green
    first, last = columns(picture, GREEN, slice(290, 300))
    assert (first, last) == pytest.approx((LEFT, RIGHT), abs=3)
