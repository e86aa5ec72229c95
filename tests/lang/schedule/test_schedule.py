"""Schedule expressions: what they say, and when they are due."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon.lang.schedule.parser import parse, parse_five
from awsmon.lang.schedule.tree import At, Rate
from awsmon.lang.text import LanguageError

UTC = timezone.utc
YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def firings(schedule, count, after=YEAR, **how):
    """The first so many instants from *after* on, as text."""
    found, at = [], after - timedelta(microseconds=1)
    while len(found) < count and (at := schedule.next(at, **how)) is not None:
        found.append(f"{at:%Y-%m-%d %H:%M}".removeprefix("2026-"))
    return found


# The EventBridge User Guide's examples, the times by the calendar of 2026
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cron(0 10 * * ? *)", ["01-01 10:00", "01-02 10:00", "01-03 10:00"]),
        ("cron(15 12 * * ? *)", ["01-01 12:15", "01-02 12:15"]),
        ("cron(0 18 ? * MON-FRI *)", ["01-01 18:00", "01-02 18:00", "01-05 18:00"]),
        ("cron(0 8 1 * ? *)", ["01-01 08:00", "02-01 08:00", "03-01 08:00"]),
        ("cron(0/15 * * * ? *)", ["01-01 00:00", "01-01 00:15", "01-01 00:30", "01-01 00:45",
                                  "01-01 01:00"]),
        ("cron(0/10 * ? * MON-FRI *)", ["01-01 00:00", "01-01 00:10"]),
        ("cron(0/5 8-17 ? * MON-FRI *)", ["01-01 08:00", "01-01 08:05"]),
        ("cron(0/30 20-2 ? * MON-FRI *)", ["01-01 00:00", "01-01 00:30", "01-01 01:00",
                                           "01-01 01:30", "01-01 02:00", "01-01 02:30",
                                           "01-01 20:00"]),
        ("cron(0 9 L * ? *)", ["01-31 09:00", "02-28 09:00", "03-31 09:00"]),
        ("cron(0 9 ? * 6L *)", ["01-30 09:00", "02-27 09:00", "03-27 09:00"]),
        ("cron(0 9 ? * FRIL *)", ["01-30 09:00", "02-27 09:00"]),
        ("cron(0 9 ? * 6#3 *)", ["01-16 09:00", "02-20 09:00", "03-20 09:00"]),
        ("cron(0 9 ? * FRI#3 *)", ["01-16 09:00", "02-20 09:00"]),
        ("cron(0 9 ? * 2#5 *)", ["03-30 09:00", "06-29 09:00", "08-31 09:00", "11-30 09:00"]),
        ("cron(0 9 15W * ? *)", ["01-15 09:00", "02-16 09:00", "03-16 09:00", "04-15 09:00"]),
        ("cron(0 9 1W 8 ? *)", ["08-03 09:00"]),
        ("cron(0 9 31W 5 ? *)", ["05-29 09:00"]),
        ("cron(0 9 LW 1,2,5 ? *)", ["01-30 09:00", "02-27 09:00", "05-29 09:00"]),
        ("cron(0 0 29 2 ? *)", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("cron(0 0 31 * ? *)", ["01-31 00:00", "03-31 00:00", "05-31 00:00"]),
        ("cron(0 0 ? * L *)", ["01-03 00:00", "01-10 00:00"]),
        ("cron(0 0 ? * SUN *)", ["01-04 00:00", "01-11 00:00"]),
        ("cron(0 0 ? * 1 *)", ["01-04 00:00"]),
        ("cron(0 0 ? * SAT-MON *)", ["01-03 00:00", "01-04 00:00", "01-05 00:00", "01-10 00:00"]),
        ("cron(0 0 1 NOV-FEB ? *)", ["01-01 00:00", "02-01 00:00", "11-01 00:00", "12-01 00:00"]),
        ("cron(*/20 5 1,15 * ? 2027)", ["2027-01-01 05:00", "2027-01-01 05:20", "2027-01-01 05:40",
                                        "2027-01-15 05:00"]),
        ("cron(0-59/30 0 * * ? *)", ["01-01 00:00", "01-01 00:30", "01-02 00:00"]),
        ("cron(5,35 14 * * ? *)", ["01-01 14:05", "01-01 14:35", "01-02 14:05"]),
        ("cron(0 10 * * ? 2020-2030/4)", ["2028-01-01 10:00"]),
        ("cron(0 10 * * ? 2002-2005)", []),  # accepted, and never due
    ],
)  # fmt: skip
def test_crons_are_due(text, expected):
    schedule = parse(text)
    assert firings(schedule, len(expected) or 1) == expected
    assert str(schedule) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the API reference's examples, PutAlarmMuteRule
        ("cron(0 2 * * *)", ["01-01 02:00", "01-02 02:00"]),
        ("cron(0 2 * * SUN)", ["01-04 02:00", "01-11 02:00"]),
        ("cron(0 1 1 * *)", ["01-01 01:00", "02-01 01:00"]),
        ("cron(0 18 * * FRI)", ["01-02 18:00", "01-09 18:00"]),
        ("cron(0 23 * * *)", ["01-01 23:00"]),
        ("cron(0 0 * * 0)", ["01-04 00:00"]),
        ("cron(0 0 * * 1-5)", ["01-01 00:00", "01-02 00:00", "01-05 00:00"]),
        ("cron(0 0 13 * FRI)", ["01-02 00:00", "01-09 00:00", "01-13 00:00"]),
        ("at(2026-05-10T14:00)", ["05-10 14:00"]),
    ],
)
def test_crons_of_five_fields_are_due(text, expected):
    assert firings(parse_five(text), len(expected)) == expected


def test_rates_are_due_by_their_anchor():
    rate = parse("rate(5 minutes)")
    assert rate == Rate(5, "minute")
    assert firings(rate, 3, anchor=YEAR) == ["01-01 00:00", "01-01 00:05", "01-01 00:10"]
    assert rate.next(YEAR) == YEAR + timedelta(minutes=5)
    assert rate.next(YEAR, anchor=YEAR) == YEAR + timedelta(minutes=5)
    late = YEAR + timedelta(days=400, seconds=1)
    assert rate.next(late, anchor=YEAR) == late + timedelta(seconds=299)
    assert parse("rate(1 day)").interval == timedelta(hours=24)


def test_once_is_once():
    once = parse("at(2026-03-02T12:00:00)")
    assert once == At(datetime.fromisoformat("2026-03-02T12:00"))
    assert firings(once, 5) == ["03-02 12:00"]
    berlin = ZoneInfo("Europe/Berlin")
    assert firings(once, 5, zone=berlin) == ["03-02 11:00"]


# -- zones -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        # clocks in New York go forward on 8 March 2026 at 02:00, back on 1 November at 02:00
        ("cron(30 2 * * ? *)", datetime(2026, 3, 7, tzinfo=UTC), ["03-07 07:30", "03-09 06:30"]),
        ("cron(30 1 * * ? *)", datetime(2026, 10, 31, tzinfo=UTC),
         ["10-31 05:30", "11-01 05:30", "11-02 06:30"]),
        ("cron(0 9 * * ? *)", datetime(2026, 3, 7, tzinfo=UTC),
         ["03-07 14:00", "03-08 13:00", "03-09 13:00"]),
    ],
)  # fmt: skip
def test_clocks_that_are_put_forward_and_back(text, after, expected):
    zone = ZoneInfo("America/New_York")
    assert firings(parse(text), len(expected), after=after, zone=zone) == expected


# -- what is none ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        # recorded as refused by AWS (LocalStack's snapshots)
        "cron(0 1 * * * *)", "cron(7 20 * * NOT *)", "cron(INVALID)",
        "cron(0 dummy ? * MON-FRI *)", "cron(71 8 1 * ? *)",
        # documented
        "cron(0 10 ? * ? *)", "cron(0 10 * * MON *)", "cron(0 10 * * ?)", "cron()",
        "rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "rate(-1 hour)",
        "rate(5 seconds)", "rate(1.5 hours)", "rate( 10 minutes )", "rate(10)", "rate(minutes)",
        "", "nonsense", " rate(1 minute)", "rate(1 minute) ", "Rate(1 minute)",
        "cron(60 0 * * ? *)", "cron(0 24 * * ? *)", "cron(0 0 0 * ? *)", "cron(0 0 32 * ? *)",
        "cron(0 0 * 13 ? *)", "cron(0 0 ? * 8 *)", "cron(0 0 ? * 0 *)", "cron(0 0 * * ? 1969)",
        "cron(0 0 * * ? 2200)", "cron(0/0 0 * * ? *)", "cron(*-5 0 * * ? *)", "cron(1- 0 * * ? *)",
        "cron(0 0 ? * 6#6 *)", "cron(0 0 ? * 6#0 *)", "cron(0 0 ? * 2#1,3#2 *)",
        "cron(0 0 W * ? *)", "cron(0 0 40W * ? *)",
        "at(2026-02-30T00:00:00)", "at(2026-01-01)", "at(2026-01-01T00:00:00Z)",
        "at(2026-01-01 00:00:00)",
    ],
)  # fmt: skip
def test_what_is_no_schedule(text):
    with pytest.raises(LanguageError) as caught:
        parse(text)
    assert 0 <= caught.value.position <= len(text)


@pytest.mark.parametrize("text", ["cron(0 2 * * ? *)", "cron(0 2 ? * *)", "rate(1 day)",
                                  "cron(0 2 * * 7)", "cron(0 2 L * *)"])  # fmt: skip
def test_what_is_no_schedule_of_five_fields(text):
    with pytest.raises(LanguageError):
        parse_five(text)


def test_kinds_can_be_chosen():
    assert parse("rate(2 minute)", "rate", plural=False) == Rate(2, "minute")
    with pytest.raises(LanguageError, match="expected cron or rate"):
        parse("at(2026-01-01T00:00:00)", "cron", "rate")


# -- properties ------------------------------------------------------------------------------------


def fields(least, most):
    number = st.integers(least, most).map(str)
    return (
        st.just("*") | number | st.builds("{}-{}".format, number, number)
        | st.builds("{}/{}".format, number, st.integers(1, most))
        | st.lists(number, min_size=1, max_size=3).map(",".join)
    )  # fmt: skip


CRONS = st.tuples(fields(0, 59), fields(0, 23), st.booleans()).flatmap(
    lambda head: st.tuples(
        st.just(head[0]), st.just(head[1]),
        st.just("?") if head[2] else fields(1, 31), fields(1, 12),
        fields(1, 7) if head[2] else st.just("?"), st.just("*"),
    )
).map(lambda parts: f"cron({' '.join(parts)})")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(CRONS, st.integers(0, 366 * 24 * 60))
def test_next_is_later_and_on_a_minute_of_every_field(text, minutes):
    schedule = parse(text)
    after = YEAR + timedelta(minutes=minutes, seconds=7)
    due = [after]
    while len(due) < 4 and (following := schedule.next(due[-1])) is not None:
        due.append(following)
    assert all(early < late for early, late in pairwise(due))
    for at in due[1:]:
        assert (at.second, at.microsecond) == (0, 0)
        assert at.minute in schedule.minutes
        assert at.hour in schedule.hours
        assert at.month in schedule.months


@settings(max_examples=30, deadline=None)
@given(CRONS, st.integers(0, 300))
def test_next_misses_nothing_within_two_days(text, day):
    schedule = parse(text)
    start = YEAR + timedelta(days=day)
    due, at = set(), start - timedelta(seconds=1)
    while (at := schedule.next(at)) is not None and at < start + timedelta(days=2):
        due.add(at)
    for today in (start, start + timedelta(days=1)):
        days = schedule.days is None or any(
            rule.of(today.year, today.month) == today.day for rule in schedule.days
        )
        weekdays = schedule.weekdays is None or any(
            rule.number == today.isoweekday() % 7 for rule in schedule.weekdays
        )
        fits = days and weekdays and today.month in schedule.months
        for at in (today + timedelta(minutes=minute) for minute in range(24 * 60)):
            wanted = fits and at.minute in schedule.minutes and at.hour in schedule.hours
            assert (at in due) is wanted


@settings(max_examples=200)
@given(st.text() | st.lists(st.sampled_from(
    ["cron(", "rate(", "at(", ")", "0", "*", "?", "L", "W", "#", "MON", "-", "/", ",", " ", "1 day"]
)).map("".join))  # fmt: skip
def test_any_text_is_a_schedule_or_refused(text):
    for reader in (parse, parse_five):
        try:
            found = reader(text)
        except LanguageError as error:
            position = error.position
        else:
            assert reader(str(found)) == found
            position = 0
        assert 0 <= position <= len(text)
