"""Whatever targets do, every event ends delivered, dead-lettered or given up with its reason."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon import Monitoring
from tests.event_bus.conftest import DEAD, QUEUE


@settings(max_examples=60)
@given(
    failures=st.lists(st.booleans(), max_size=40),
    count=st.integers(1, 8),
    attempts=st.integers(0, 4),
    with_letters=st.booleans(),
    slow=st.integers(0, 3),
)
def test_no_event_is_lost(failures, count, attempts, with_letters, slow):
    # given a queue that fails at random, and takes its time
    mon = Monitoring(now="2026-03-02T12:00:00Z")
    arrived, letters, outcomes = [], [], iter(failures)

    def target(body):
        mon.clock.advance(seconds=slow)
        if next(outcomes, False):
            raise ValueError("not now")
        arrived.append(body)

    mon.bind(QUEUE, target)
    mon.bind(DEAD, letters.append)
    more = {"DeadLetterConfig": {"Arn": DEAD}} if with_letters else {}
    mon.event_bus.rule("all", {"source": ["shop"]}).to(
        QUEUE, RetryPolicy={"MaximumRetryAttempts": attempts}, **more
    )
    # when events come and time passes
    for number in range(count):
        mon.event_bus.put("shop", "t", {"n": number})
    mon.settle()
    # then each is accounted for, once
    sent = mon.deliveries.to(QUEUE)
    assert len(sent) == count
    statuses = [delivery.status for delivery in sent]
    assert statuses.count("delivered") == len(arrived)
    assert statuses.count("dead-lettered") == len(letters)
    given_up = [delivery for delivery in sent if delivery.status == "failed"]
    assert len(arrived) + len(letters) + len(given_up) == count
    assert all(delivery.attempts[-1].error for delivery in given_up)
    assert all(len(delivery.attempts) <= attempts + 1 for delivery in sent)
