"""When a rate is unusual: properties, with numbers of a generator that isn't awsmon's."""

from __future__ import annotations

import math
import random

import pytest

from awsmon.trail.rates import (
    BASELINE,
    SCALES,
    Rate,
    burst,
    drop,
    quiet_at_least,
    quiet_at_most,
)

FIRST = 30_000_000  # a minute that is a multiple of every scale
FIRST -= FIRST % SCALES[-1]


def calls(generator, rate, minutes):
    """The minutes of a Poisson process: each once for each call."""
    at = generator.expovariate(rate)
    while at < minutes:
        yield int(at)
        at += generator.expovariate(rate)


def poisson(generator, rate, minutes, first=FIRST, into=None):
    found = into or Rate()
    for minute in calls(generator, rate, minutes):
        found.add(first + minute)
    return found


def quiet(rate, minute):
    """Whether it has been quiet for too long, at a minute."""
    known = Rate()
    for at, count in rate.minutes(minute - 2 * BASELINE, minute):
        for _ in range(count):
            known.add(at)
    until = quiet_at_most(known)
    return until is not None and until <= minute


@pytest.mark.parametrize("rate", [0.002, 0.03, 1, 4])
def test_a_constant_random_rate_is_hardly_ever_unusual(rate):
    # given four weeks of calls at a constant random rate
    generator = random.Random(f"constant {rate}")
    found = poisson(generator, rate, 4 * BASELINE)
    # when every window of the last three weeks is judged
    wrong, windows = 0, 3 * BASELINE // SCALES[0]
    for scale in SCALES:
        for start in range(FIRST + BASELINE, FIRST + 4 * BASELINE, scale):
            wrong += burst(found, start, scale, start) or drop(found, start, scale, start)
    # then there is at most one in a thousand
    assert wrong <= windows / 1000


@pytest.mark.parametrize(("rate", "minutes"), [(0.05, 2880), (1, 200)])
def test_a_constant_random_rate_is_never_quiet_for_too_long(rate, minutes):
    generator = random.Random(f"quiet {rate}")
    found = poisson(generator, rate, BASELINE + minutes)
    known, wrong, before = Rate(), 0, None
    for minute, count in found.minutes(FIRST, FIRST + BASELINE + minutes):
        if before is not None and minute > FIRST + BASELINE and minute > quiet_at_least(known):
            until = quiet_at_most(known)
            wrong += until is not None and until < minute
        for _ in range(count):
            known.add(minute)
        before = minute
    assert wrong == 0


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("rate", "within"), [(0.05, 2 * 1440), (1, 120), (8, 5)])
def test_a_tripling_is_found(rate, within, seed):
    generator = random.Random(f"tripling {rate} {seed}")
    found = poisson(generator, rate, BASELINE)
    start = FIRST + BASELINE
    poisson(generator, 3 * rate, within, start, found)
    assert any(
        burst(found, at, scale, start)
        for scale in SCALES for at in range(start, start + within - scale + 1, scale)
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("rate", "within"), [(0.05, 1440), (1, 60), (8, 10)])
def test_a_stop_is_found(rate, within, seed):
    generator = random.Random(f"stop {rate} {seed}")
    found = poisson(generator, rate, BASELINE)
    assert quiet(found, found.newest + within)


def test_a_fall_to_a_third_is_found():
    generator = random.Random(7)
    found = poisson(generator, 4, BASELINE)
    poisson(generator, 4 / 3, 60, FIRST + BASELINE, found)
    assert drop(found, FIRST + BASELINE, 60, FIRST + BASELINE)


@pytest.mark.parametrize(("every", "count"), [(5, 1), (60, 40), (1440, 300)])
def test_a_job_is_usual_and_found_when_it_stops(every, count):
    # given a job that makes its calls every so often, all at once
    found = Rate()
    for minute in range(FIRST, FIRST + BASELINE + 2880, every):
        for _ in range(count):
            found.add(minute)
    # then none of its times is unusual
    for scale in SCALES:
        for start in range(FIRST + BASELINE, FIRST + BASELINE + 2880, max(scale, every)):
            assert not burst(found, start, scale, start)
            assert not drop(found, start, scale, start)
    # and when it misses its time twice, that is
    assert not quiet(found, found.newest + every)
    assert quiet(found, found.newest + 2 * every)


def test_what_was_unusual_is_in_no_baseline():
    # given a rate that was ten times as high for a day
    generator = random.Random(11)
    found = poisson(generator, 2, 5 * 1440)
    poisson(generator, 20, 1440, FIRST + 5 * 1440, found)
    poisson(generator, 2, 1440, FIRST + 6 * 1440, found)
    now = FIRST + BASELINE
    assert found.baseline(now)[0] > 40_000
    # when that day is left out
    found.left_out.append((FIRST + 5 * 1440, FIRST + 6 * 1440))
    # then the baseline is what it was
    count, minutes = found.baseline(now)
    assert minutes == BASELINE - 1440
    assert count / minutes == pytest.approx(2, rel=0.05)


def test_what_nobody_did_before():
    # source: User Guide, an insight of six calls where the baseline's average is 0
    found = Rate()
    for _ in range(6):
        found.add(FIRST)
    assert burst(found, FIRST, 5, FIRST)
    # two aren't a burst
    found = Rate()
    for _ in range(2):
        found.add(FIRST)
    assert not burst(found, FIRST, 5, FIRST)


def test_ninety_days_are_kept():
    found = Rate()
    for day in range(400):
        found.add(FIRST + day * 1440)
    assert found.count(FIRST, FIRST + 400 * 1440) <= 181
    assert found.count(FIRST + 310 * 1440, FIRST + 400 * 1440) == 90


def test_time_that_goes_back_leaves_the_order():
    found = Rate()
    for minute in (FIRST + 5, FIRST, FIRST + 6):
        found.add(minute)
    assert found.minutes(FIRST, FIRST + 10) == [(FIRST + 5, 2), (FIRST + 6, 1)]


def test_chances_add_up():
    from awsmon.trail import rates

    chances = [rates._chance(count, 12, BASELINE, 60) for count in range(60)]
    assert math.isclose(sum(chances), 1)
