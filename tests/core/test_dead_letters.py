"""Dead letters say what they were meant for and why they didn't arrive."""

from __future__ import annotations

import pickle
from datetime import timedelta

from awsmon import Monitoring
from awsmon.core.deliveries import Delivery, RetryPolicy
from awsmon.core.targets import ServiceCall

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:fix"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:dead"


def test_a_dead_letter_tells_how_often_it_was_tried_and_what_ended_that():
    # given a target that always fails
    mon = Monitoring(now="2026-03-02T12:00:00Z")
    mon.bind(FUNCTION, lambda event: 1 / 0)
    letters = []
    mon.bind(QUEUE, letters.append)
    # when a delivery with two more tries runs out of them
    with mon.backend.door:
        delivery = mon.backend.deliveries.send(
            Delivery(
                at=mon.clock.now(),
                scope=mon.backend.home,
                sender="events",
                subject="rule",
                target_arn=FUNCTION,
                payload={"a": 1},
                policy=RetryPolicy((timedelta(seconds=1),) * 2, "MaximumRetryAttempts"),
                dead_letter_arn=QUEUE,
                dead_letter_attributes={"RULE_ARN": "rule", "TARGET_ARN": FUNCTION},
            )
        )
    mon.clock.advance(seconds=2)
    # then the queue has it, with what went wrong beside it
    assert delivery.status == "dead-lettered"
    assert letters == [{"a": 1}]
    request = mon.deliveries[-1].request
    assert {
        name: value["StringValue"]
        for name, value in request.parameters["MessageAttributes"].items()
    } == {
        "RULE_ARN": "rule",
        "TARGET_ARN": FUNCTION,
        "ERROR_CODE": "SDK_CLIENT_ERROR",
        "ERROR_MESSAGE": "ZeroDivisionError: division by zero",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "2",
    }


def test_a_request_can_be_kept_in_a_snapshot():
    call = ServiceCall("sqs", "SendMessage", {"QueueUrl": "u"})
    assert pickle.loads(pickle.dumps(call)) == call
